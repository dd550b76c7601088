"""What an XNAT has of subscriptions: one request tells of all of them, in XNAT's words; here they get the file's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bootstrap.errors import Rejected
from bootstrap.kinds.container_reading import Row, commands, has_containers, row_of, wrapper_id
from bootstrap.kinds.event_service import is_on
from bootstrap.kinds.kind import UNREADABLE, Resource, State
from bootstrap.kinds.subscription_meaning import COMMAND, CONTAINERS, LOGGING_KEY, Meaning, meaning_of
from bootstrap.kinds.subscription_uses import normal_fields
from bootstrap.kinds.subscriptions_section import LOGGING
from bootstrap.xnat.connection import Connection

LIST = "/xapi/events/subscriptions"
LOSE_HISTORY = "lose-history"
_DOING = "listing the subscriptions"


def subscriptions(xnat: Connection) -> Sequence[Row]:
    """All of them, the oldest first: XNAT's order says nothing. What is empty is no list: the service is off then."""
    return xnat.shared("subscriptions", lambda: _list(xnat))


def _list(xnat: Connection) -> Sequence[Row]:
    found = xnat.client.read_json(LIST, doing=_DOING, accept_empty=True)
    if found is None:
        hint = "write `event_service: {enabled: true}` into the site file"
        raise Rejected("the event service is off, so XNAT shows none", doing=_DOING, hint=hint)
    return sorted(found, key=lambda row: int(row["id"]))


# Actions


def wrapper_number(key: str) -> int | None:
    """The wrapper's id in an action's key; None where the action is no wrapper."""
    parts = key.split(":")
    is_wrapper = parts[0] == CONTAINERS and len(parts) > 1 and parts[1].isdecimal()
    return int(parts[1]) if is_wrapper else None


@dataclass(frozen=True)
class Wrappers:
    """The wrappers of the server by their ids."""

    rows: Mapping[int, Row] = field(default_factory=dict)  # the command of each

    def name(self, number: int) -> str:
        """COMMAND/WRAPPER; empty where there is none."""
        row = self.rows.get(number)
        found = [one.get("name") for one in row["xnat"] if int(one["id"]) == number] if row else []
        return f"{row['name']}/{found[0]}" if row and found else ""

    def document(self, number: int | None) -> tuple[Row, Row] | None:
        row = self.rows.get(number or 0)
        return (row, next(one for one in row["xnat"] if int(one["id"]) == number)) if row else None


def wrappers(xnat: Connection) -> Wrappers:
    rows = commands(xnat) if has_containers(xnat) else ()
    return Wrappers({int(one["id"]): row for row in rows for one in row["xnat"]})


def number_of(xnat: Connection, name: str, payload: Mapping[str, Any]) -> int | None:
    """The id of the wrapper COMMAND/WRAPPER, under its old name where it has not been renamed yet."""
    rows = commands(xnat) if has_containers(xnat) else ()
    image, version = payload.get("identity", (None, None))
    names = [name, *(old for old, new in payload.get("was", {}).items() if new == name)]
    found = (wrapper_id(row_of(rows, one.split("/", 1)[0], image, version), one.split("/", 1)[1]) for one in names)
    return next((number for number in found if number is not None), None)


# States


@dataclass(frozen=True)
class SubscriptionState(State):
    row: Row = field(default_factory=dict)
    is_to_go: bool = False  # pruning deletes it, with its history
    sleeps: bool = False  # the event service is off: it does nothing, and nobody can look at it

    @property
    def owner(self) -> str:
        return str(self.row.get("subscription-owner", ""))


@dataclass(frozen=True)
class Rows:
    """The list, by what things are looked for in it."""

    by_id: Mapping[str, Row]
    by_name: Mapping[str, Sequence[Row]]

    @staticmethod
    def of(rows: Sequence[Row]) -> Rows:
        by_name: dict[str, list[Row]] = {}
        for row in rows:
            by_name.setdefault(str(row.get("name", "")), []).append(row)
        return Rows({str(row["id"]): row for row in rows}, by_name)

    def found(self, wanted: Resource) -> Iterator[tuple[str, Row]]:
        """Ours is the one that the ledger knows, then the oldest of its name; until it is renamed, of its old one."""
        known = self.by_id.get(wanted.known_id or "")
        named, before = self.by_name.get(wanted.name, ()), self.by_name.get(wanted.was or "", ())
        if known is not None:
            is_old_name = wanted.was is not None and known.get("name") == wanted.was
            yield (str(wanted.was) if is_old_name else wanted.name), known
        elif named:
            yield wanted.name, named[0]
        elif before:
            yield str(wanted.was), before[0]

    def twins(self, wanted: Resource, ours: Row) -> list[Row]:
        return [row for row in self.by_name.get(wanted.name, ()) if row["id"] != ours["id"]]


def read_states(xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
    if not any("use" in resource.payload for resource in wanted) and not is_on(xnat):
        return {resource.name: _sleeping(resource) for resource in wanted}
    rows = Rows.of(subscriptions(xnat))
    pairs = [(resource, name, row) for resource in wanted for name, row in rows.found(resource)]
    launching = any(wrapper_number(str(row.get("action-key"))) is not None for _one, _name, row in pairs)
    known = wrappers(xnat) if launching else Wrappers()
    return {name: _state(xnat, resource, row, rows, known) for resource, name, row in pairs}


def _sleeping(wanted: Resource) -> SubscriptionState:
    """One that the file does not want any more, while the service is off: all that is known is that it does nothing."""
    return SubscriptionState(dict.fromkeys([*wanted.fields, "active"], UNREADABLE), wanted.known_id, sleeps=True)


def _state(xnat: Connection, wanted: Resource, row: Row, rows: Rows, known: Wrappers) -> SubscriptionState:
    forgets = LOSE_HISTORY in xnat.allowed
    twins = [int(one["id"]) for one in rows.twins(wanted, row) if forgets or one.get("active")]
    fields = {**fields_of(row, known), "twins": twins}
    number = wrapper_number(str(row.get("action-key")))
    broken = False
    if number is not None:
        fields["action"] = _action(xnat, wanted, number, fields["action"], known)
        broken = not known.name(number) and "action" not in wanted.ignore
    notes = ("it points at a wrapper that is gone",) if broken else ()
    return SubscriptionState(fields, str(row["id"]), notes, broken, row, forgets)


def fields_of(row: Row, known: Wrappers) -> dict[str, Any]:
    """In the file's words. A wrapper that is gone has no name, so that the key itself is left."""
    kept, key = row.get("event-filter") or {}, str(row.get("action-key", ""))
    number = wrapper_number(key)
    name = known.name(number) if number is not None else ""
    return normal_fields(
        {
            "name": row.get("name") or "",
            "event": kept.get("event-type") or "",
            "status": kept.get("status"),
            "projects": kept.get("project-ids") or [],
            "filter": kept.get("payload-filter"),
            "schedule": kept.get("schedule"),
            "action": LOGGING if key == LOGGING_KEY else f"{COMMAND}{name}" if name else key,
            "attributes": dict(row.get("attributes") or {}),
            "act_as_event_user": row.get("act-as-event-user") is True,
            "active": row.get("active") is not False,
        }
    )


def _action(xnat: Connection, wanted: Resource, number: int, told: str, known: Wrappers) -> str:
    """By the name that the file has for the wrapper; another command of the same name is another action."""
    name = told.removeprefix(COMMAND)
    told = f"{COMMAND}{wanted.payload.get('was', {}).get(name, name)}" if told.startswith(COMMAND) else told
    if told == wanted.fields.get("action") and number_of(xnat, told.removeprefix(COMMAND), wanted.payload) != number:
        return f"{CONTAINERS}:{number}"
    return told


def meaning_of_row(row: Row, known: Wrappers) -> Meaning:
    return meaning_of(fields_of(row, known))


def subscriptions_on(xnat: Connection, numbers: Collection[int]) -> list[Row]:
    """Those that launch one of these wrappers. Nobody knows any while the event service is off."""
    try:
        rows = subscriptions(xnat)
    except Rejected:
        return []
    return [row for row in rows if wrapper_number(str(row.get("action-key"))) in set(numbers)]
