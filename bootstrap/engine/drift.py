"""Drift: what moved on the server since the last apply, whatever the file says now. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bootstrap.engine.diff import parts, shown
from bootstrap.engine.gather import Current
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Entry
from bootstrap.engine.plan import Change, FieldChange
from bootstrap.kinds.kind import UNREADABLE, Resource, State

AS_APPLIED = "(as last applied)"


@dataclass(frozen=True)
class Drift:
    changes: tuple[Change, ...]
    accepted: int
    never_applied: bool


def find_drift(given: Inputs) -> Drift:
    wanted = {resource.ref: resource for resource in given.desired}
    changes, accepted = [], 0
    for ref, entry in sorted(given.ledger.entries.items()):
        resource = wanted.get(ref)
        if resource is None or _unknowable(given.current, resource):
            continue
        change = _drifted(given, resource, entry, given.current.of(resource))
        if change is None:
            continue
        kept = [f for f in change.fields if not _accepted(given, ref, f.path)]
        accepted += len(change.fields) - len(kept)
        if kept:
            changes.append(replace(change, fields=tuple(kept)))
    ordered = tuple(given.order.sorted(changes))
    return Drift(ordered, accepted, never_applied=not given.ledger.ever_applied)


def watched(desired: Sequence[Resource], gone: Sequence[Resource], entries: Mapping[str, Entry]) -> list[Resource]:
    """What drift looks at: everything that the ledger names, also what the file does not name any more."""
    named = [resource for resource in gone if resource.ref in entries]
    return [
        *desired,
        *(resource.with_fields(dict.fromkeys(entries[resource.ref].tokens, UNREADABLE)) for resource in named),
    ]


def _unknowable(current: Current, resource: Resource) -> bool:
    return resource.kind in current.unread or resource.ref in current.hidden


def _accepted(given: Inputs, ref: str, path: str) -> bool:
    return any(item.covers(ref, path, given.options.today) for item in given.accepted)


def _drifted(given: Inputs, resource: Resource, entry: Entry, state: State | None) -> Change | None:
    if state is None:
        gone = tuple(FieldChange(path, AS_APPLIED, None, "server") for path in sorted(entry.tokens))
        return Change(
            resource.kind, resource.name, "delete", gone, source=resource.source, notes=("gone from the server",)
        )
    fields = [
        change
        for path, token in sorted(entry.tokens.items())
        if path not in resource.ignore
        for change in _field(given, resource, path, token, state)
    ]
    if not fields:
        return None
    if state.lost:
        notes: tuple[str, ...] = (state.lost,)
        return Change(resource.kind, resource.name, "delete", tuple(fields), source=resource.source, notes=notes)
    notes = state.notes if state.broken else ()
    return Change(resource.kind, resource.name, "update", tuple(fields), source=resource.source, notes=notes)


def _field(given: Inputs, resource: Resource, path: str, token: str, state: State) -> list[FieldChange]:
    now = state.fields.get(path)
    place = f"{resource.ref}|{path}"
    if now is UNREADABLE or given.sealer.token(place, now) == token:
        return []
    wanted = resource.fields.get(path, UNREADABLE)
    if wanted is UNREADABLE:
        return [FieldChange(path, AS_APPLIED, shown(now), "server")]
    if given.sealer.token(place, wanted) != token:
        return [FieldChange(path, AS_APPLIED, shown(now), "both")]
    return [FieldChange(path + inner, old, new, "server") for inner, old, new in parts(shown(wanted), shown(now))]
