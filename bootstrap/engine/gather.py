"""What the file wants and what the server has, read kind by kind: only the kinds named, several at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bootstrap.config.site import Site
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.order import KindOrder
from bootstrap.errors import NotReady, ToSetup, Unreachable, XnatError
from bootstrap.kinds.kind import Kind, Resource, State, ref
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection


@dataclass(frozen=True)
class Hidden:
    """Something that cannot be read before another change of the same plan."""

    cause: str
    why: str


@dataclass(frozen=True)
class Current:
    """What the server has. A ref that stands in none of the three maps does not exist there."""

    states: Mapping[str, State] = field(default_factory=dict)
    hidden: Mapping[str, Hidden] = field(default_factory=dict)
    unread: Mapping[str, Problem] = field(default_factory=dict)  # by kind
    deferred: Mapping[str, str] = field(default_factory=dict)  # by ref, with the reason

    def of(self, resource: Resource) -> State | None:
        return self.states.get(resource.ref)

    def was(self, resource: Resource) -> State | None:
        return self.states.get(ref(resource.kind, resource.was)) if resource.was else None


def desired_resources(kinds: Iterable[Kind], site: Site) -> list[Resource]:
    return [normalised(kind, resource) for kind in kinds for resource in kind.desired(site)]


def normalised(kind: Kind, resource: Resource) -> Resource:
    fields = kind.normalise(resource.name, resource.fields)
    return resource if fields is resource.fields else replace(resource, fields=fields)


def normalised_states(kind: Kind, found: Mapping[str, State]) -> dict[str, State]:
    fields = {name: kind.normalise(name, state.fields) for name, state in found.items()}
    return {
        name: state if fields[name] is state.fields else replace(state, fields=fields[name])
        for name, state in found.items()
    }


def with_ids(resources: Iterable[Resource], ledger: Ledger) -> list[Resource]:
    """Each with the id that it, or what it was called before, has on the server by our ledger."""
    ids = ((thing, ledger.id_of(thing.ref, *thing.old_refs)) for thing in resources)
    return [thing if known == thing.known_id else replace(thing, known_id=known) for thing, known in ids]


def selected(resources: Sequence[Resource], only: Sequence[str], order: KindOrder) -> list[Resource]:
    """What `--only` names, with what it needs."""
    if not only:
        return list(resources)
    by_ref = {resource.ref: resource for resource in resources}
    chosen = {resource.ref for resource in resources if _named(resource, only)}
    kinds = {by_ref[ref].kind for ref in chosen}
    needed_kinds = {need for kind in kinds for need in order.all_needs(kind) if order.kinds[need].before_lock}
    chosen |= {resource.ref for resource in resources if resource.kind in needed_kinds}
    waiting = list(chosen)
    while waiting:
        for need in by_ref[waiting.pop()].needs:
            if need in by_ref and need not in chosen:
                chosen.add(need)
                waiting.append(need)
    return [resource for resource in resources if resource.ref in chosen]


def _named(resource: Resource, only: Sequence[str]) -> bool:
    return resource.kind in only or resource.ref in only


def read_current(order: KindOrder, wanted: Sequence[Resource], xnat: Connection) -> Current:
    """Round by round along the needs, so that a kind which another one hides is not asked for."""
    xnat.new_round()
    states: dict[str, State] = {}
    hidden: dict[str, Hidden] = {}
    unread: dict[str, Problem] = {}
    causes: dict[str, Hidden] = {}  # by kind: why what needs it cannot be read
    things = _by_kind(wanted)
    for kinds in order.reading_rounds():
        asked = []
        for kind in (kind for kind in kinds if kind.name in things):
            cause = _first_cause(order, kind, causes)
            if cause:
                hidden |= {thing.ref: cause for thing in things[kind.name]}
                causes[kind.name] = cause
            else:
                asked.append((kind, things[kind.name]))
        for kind_name, found in xnat.client.parallel(lambda pair: _read_kind(*pair, xnat), asked):
            if isinstance(found, Problem):
                unread[kind_name] = found
            else:
                states |= {ref(kind_name, name): state for name, state in found.items()}
        causes |= {kind.name: why for kind, asked_of in asked if (why := _hides(kind, asked_of, states))}
    return Current(states, hidden, unread, _deferred(order, wanted, xnat, states, hidden))


def _by_kind(wanted: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in wanted:
        found.setdefault(resource.kind, []).append(resource)
    return found


def _first_cause(order: KindOrder, kind: Kind, causes: Mapping[str, Hidden]) -> Hidden | None:
    needs = order.all_needs(kind.name)
    return next((causes[name] for name in order.kinds if name in needs and name in causes), None)


def _hides(kind: Kind, things: Iterable[Resource], states: Mapping[str, State]) -> Hidden | None:
    """The first of these things that hides what needs its kind."""
    for resource in things:
        why = kind.hides(resource, states.get(resource.ref))
        if why:
            return Hidden(resource.ref, why)
    return None


def _deferred(
    order: KindOrder,
    wanted: Sequence[Resource],
    xnat: Connection,
    states: Mapping[str, State],
    hidden: Mapping[str, Hidden],
) -> dict[str, str]:
    reasons = {
        resource.ref: order.kinds[resource.kind].defers(xnat, resource, states.get(resource.ref))
        for resource in wanted
        if resource.ref not in hidden
    }
    return {ref: reason for ref, reason in reasons.items() if reason}


def _read_kind(kind: Kind, things: Sequence[Resource], xnat: Connection) -> tuple[str, Mapping[str, State] | Problem]:
    try:
        found = kind.read(xnat, things)
    except (Unreachable, NotReady, ToSetup):
        raise
    except XnatError as error:
        return kind.name, Problem("error", "unread", error.message, error.hint, things[0].source)
    return kind.name, normalised_states(kind, found)
