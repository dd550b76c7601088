"""Subscriptions: what happens on which event. They are found again by the ledger's id and by their name.

Everything goes through the site's addresses: those of a project drop fields. XNAT's PUT sets back what it is not sent,
so a whole subscription is sent, and switching alone has an address of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bootstrap.config.site import Site
from bootstrap.errors import NotFound
from bootstrap.kinds.kind import Exported, Fields, Finding, Kind, Resource, State
from bootstrap.kinds.projects_section import projects_of
from bootstrap.kinds.subscription_examine import dead_ones_of_others, examine_subscriptions
from bootstrap.kinds.subscription_export import export_subscriptions
from bootstrap.kinds.subscription_judging import judged
from bootstrap.kinds.subscription_meaning import COMMAND, CONTAINERS, LOGGING_KEY, event_class
from bootstrap.kinds.subscription_problems import subscription_problems
from bootstrap.kinds.subscription_reading import LOSE_HISTORY, SubscriptionState, number_of, read_states
from bootstrap.kinds.subscription_uses import SubscriptionUse, normal_fields, subscription_uses
from bootstrap.kinds.subscriptions_section import LOGGING, SUBSCRIPTIONS
from bootstrap.kinds.verify_problems import verify_problems
from bootstrap.kinds.verify_section import VERIFY
from bootstrap.kinds.wrapper_scopes import site_scope
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection

_ONE = "/xapi/events/subscription"
_TWINS, _ACTIVE = "twins", "active"


class SubscriptionKind(Kind):
    name = "subscription"
    title = "subscription"
    sections = (SUBSCRIPTIONS, VERIFY)
    needs = ("event_service", "project", "command", "enablement", "project_enablement")
    internal = frozenset({_TWINS})
    removal = "gone from the file: switched off, its history kept (`--allow lose-history` deletes both)"

    def desired(self, site: Site) -> list[Resource]:
        uses = subscription_uses(site)
        shared = _shared_payload(site) if uses else {}
        return [self._resource(site, use, shared) for use in uses]

    def _resource(self, site: Site, use: SubscriptionUse, shared: Mapping[str, Any]) -> Resource:
        scoped = use.scoped
        ours = scoped.use.canonical if scoped and scoped.use else {}
        return Resource(
            self.name,
            use.name,
            {**use.fields, _TWINS: []},
            use.source(),
            {key: use.source(key) for key in use.fields},
            needs=tuple(_needs(site, use, shared["projects"])),
            was=use.was,
            protected=use.subscription.protected,
            ignore=frozenset(use.subscription.ignore),
            payload={**shared, "use": use, "identity": (ours.get("image"), ours.get("version"))},
        )

    def check(self, site: Site) -> list[Problem]:
        return [*subscription_problems(site), *verify_problems(site)]

    def normalise(self, name: str, fields: Fields) -> Fields:
        return normal_fields(fields)

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        return read_states(xnat, wanted)

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        return judged(xnat, wanted, current) if "use" in wanted.payload else ()

    def note(self, wanted: Resource, current: State | None) -> Iterable[str]:
        if current is None and _ACTIVE not in wanted.fields:
            yield "it works at once: `active` is not said"
        if not wanted.fields.get("projects") and str(wanted.fields.get("action")).startswith(COMMAND):
            yield "everywhere: it also runs in projects where the wrapper is not switched on"
        if isinstance(current, SubscriptionState) and _TWINS in wanted.fields and current.fields[_TWINS]:
            how = "deleted with their history" if current.is_to_go else "switched off"
            yield f"others of this name are {how}: {', '.join(map(str, current.fields[_TWINS]))}"

    # Writing

    def create(self, xnat: Connection, wanted: Resource) -> None:
        fields = {**_DEFAULTS, **wanted.fields}
        body = _body(fields, {}, _key(xnat, wanted, fields))
        doing = f"making the subscription {wanted.name}"
        xnat.client.write("POST", _ONE, doing=doing, json=body, creates=True, answers=True, source=wanted.source)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        if current.broken or changed - {_ACTIVE, _TWINS}:
            self._put(xnat, wanted, current, changed)
        elif _ACTIVE in changed:
            self._switch(xnat, wanted.name, str(current.id), on=bool(wanted.fields[_ACTIVE]))
        for number in current.fields[_TWINS] if _TWINS in changed else ():
            self._retire(xnat, f"{wanted.name} (id {number})", str(number))

    def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
        self.update(xnat, wanted, current, frozenset(wanted.fields) - wanted.ignore)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        self._retire(xnat, name, str(current.id))

    def is_default(self, name: str, current: State) -> bool:
        """Switched off it does nothing any more, and nothing is left to be taken away."""
        if isinstance(current, SubscriptionState) and (current.sleeps or current.is_to_go):
            return current.sleeps
        return not current.fields[_ACTIVE]

    def _put(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        """Complete: what is not sent falls back, and without its projects it would work everywhere."""
        fields = {**current.fields, **{key: wanted.fields[key] for key in changed}}
        row = current.row if isinstance(current, SubscriptionState) else {}
        key = _key(xnat, wanted, fields) if "action" in changed or current.broken else row.get("action-key")
        doing = f"changing the subscription {wanted.name}"
        body = _body(fields, row.get("event-filter") or {}, str(key))
        xnat.client.write("PUT", f"{_ONE}/{current.id}", doing=doing, json=body, source=wanted.source)

    def _switch(self, xnat: Connection, name: str, number: str, on: bool) -> None:
        word, doing = ("activate", "on") if on else ("deactivate", "off")
        doing = f"switching the subscription {name} {doing}"
        xnat.client.write("POST", f"{_ONE}/{number}/{word}", doing=doing)

    def _retire(self, xnat: Connection, name: str, number: str) -> None:
        if LOSE_HISTORY in xnat.allowed:
            doing = f"deleting the subscription {name} with its history"
            xnat.client.write("DELETE", f"{_ONE}/{number}", doing=doing)
        else:
            self._switch(xnat, name, number, on=False)

    def bystanders(self, xnat: Connection, wanted: Sequence[Resource]) -> Iterable[Problem]:
        return dead_ones_of_others(xnat, wanted)

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        return examine_subscriptions(xnat, site)

    def export(self, xnat: Connection) -> Exported:
        return export_subscriptions(xnat)


_DEFAULTS = {"filter": "", "schedule": "", "attributes": {}, "act_as_event_user": False, _ACTIVE: True}


def _shared_payload(site: Site) -> dict[str, Any]:
    """What all of them need to know of the file."""
    return {
        "projects": frozenset(use.project.id for use in projects_of(site)),
        "was": {str(old): str(scoped.name) for scoped in site_scope(site) for old in scoped.formerly},
        "names": frozenset(name for use in subscription_uses(site) for name in (use.name, use.was) if name),
    }


def _needs(site: Site, use: SubscriptionUse, projects: frozenset[str]) -> Iterable[str]:
    if site.said("event_service", "enabled"):
        yield "event_service:site"
    yield from (f"project:{project}" for project in use.projects if project in projects)
    if use.scoped is None:
        return
    yield f"command:{use.scoped.name.command}"
    for project, said in use.switches().items():
        if said is not None:
            yield f"project_enablement:{project}/{use.wrapper}" if project else f"enablement:{use.wrapper}"


def _key(xnat: Connection, wanted: Resource, fields: Mapping[str, Any]) -> str:
    """The action's key as XNAT has it now: ids are looked up whenever they are written."""
    action = str(fields["action"])
    if action == LOGGING:
        return LOGGING_KEY
    if not action.startswith(COMMAND):
        return action
    name = action.removeprefix(COMMAND)
    number = number_of(xnat, name, wanted.payload)
    if number is None:
        doing = f"storing the subscription {wanted.name}"
        raise NotFound(f"XNAT has no wrapper {name}", doing=doing, source=wanted.source_of("action"))
    return f"{CONTAINERS}:{number}"


def _body(fields: Mapping[str, Any], kept: Mapping[str, Any], key: str) -> dict[str, Any]:
    """`kept` is the filter that is there: what no site file speaks of stays as it is. `filter-nodes` is never sent."""
    described = kept.get("schedule-description") if kept.get("schedule") == fields["schedule"] else None
    found = {
        "event-type": event_class(fields["event"]),
        "status": fields["status"],
        "project-ids": fields["projects"],
        "payload-filter": fields["filter"],
        "schedule": fields["schedule"] or None,
        "schedule-description": described,
        "name": kept.get("name"),
    }
    return {
        "name": fields["name"],
        _ACTIVE: fields[_ACTIVE],
        "action-key": key,
        "attributes": fields["attributes"],
        "act-as-event-user": fields["act_as_event_user"],
        "event-filter": {name: value for name, value in found.items() if value is not None},
    }
