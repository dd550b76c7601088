"""The Container Service's own, older way of launching on events, which runs beside the event service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bootstrap.errors import XnatError
from bootstrap.kinds.container_reading import Row
from bootstrap.kinds.subscription_meaning import Flaw, Meaning, event_name
from bootstrap.xnat.connection import Connection

_NOT_THERE = (404, 501)
_OLD_EVENTS = {
    "SessionArchived": ("session", "CREATED"),
    "Merged": ("session", "MERGED"),
    "ScanArchived": ("scan", "CREATED"),
}


def mapped_as_well(xnat: Connection, meaning: Meaning, command: Any) -> Iterator[Flaw]:
    """The mappings that launch the same wrapper of this command (its id) on the same event."""
    wrapper = meaning.wrapper.partition("/")[2]
    for one in xnat.shared("event mappings", lambda: _list(xnat)):
        if _is_the_same(one, meaning, wrapper, command):
            where = one.get("project") or "all projects"
            message = f"the old event mapping {one.get('id')} launches {wrapper} in {where} as well: both run"
            yield Flaw("fires-twice", message, "event", "switch the mapping off, or delete it", "warning")


def _is_the_same(one: Row, meaning: Meaning, wrapper: str, command: Any) -> bool:
    event, status = _OLD_EVENTS.get(str(one.get("event-type")), ("", ""))
    project = one.get("project")
    return (
        bool(one.get("enabled"))
        and meaning.active
        and (one.get("xnat-command-wrapper"), one.get("command-id")) == (wrapper, command)
        and event_name(meaning.event) == event
        and meaning.status in ("", status)
        and (not project or not meaning.projects or project in meaning.projects)
    )


def _list(xnat: Connection) -> Iterable[Row]:
    """None where the Container Service has none of these any more."""
    try:
        found: Iterable[Row] = xnat.client.read_json(
            "/xapi/commandeventmapping", doing="listing the old event mappings"
        )
    except XnatError as error:
        if error.status in _NOT_THERE:
            return ()
        raise
    return found or ()
