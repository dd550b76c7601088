"""Which command is started when a session comes into the archive: the Container Service's old way, before there was
an event service. It takes no notice of that service, nor of where a wrapper is enabled.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import accounts
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import queue
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import BadRequest, NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.containers.scalars import as_integer, as_text
from bootstrap.practice.data import experiments, models, news, scans
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

SESSION, MERGED, SCAN = "SessionArchived", "Merged", "ScanArchived"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mapping:
    id: int
    event: str
    command: int
    wrapper: str
    project: str  # '': any
    username: str
    enabled: bool
    created: float
    changed: float
    disabled: float

    def printed(self) -> Document:
        return {
            "id": self.id,
            "enabled": self.enabled,
            "created": _millis(self.created),
            "timestamp": _millis(self.changed),
            "disabled": _millis(self.disabled),
            "event-type": self.event,
            "command-id": self.command,
            "xnat-command-wrapper": self.wrapper or None,
            "project": self.project or None,
            "subscription-user-name": self.username,
        }


@room.at_start
def listen(site: Site) -> None:
    site.bus.on(news.ARRIVED, lambda facts: _follow(site, **facts), after=None)


def all_of(site: Site) -> list[Mapping]:
    return [_mapping(row) for row in site.storage.rows("SELECT * FROM event_mappings ORDER BY id")]


def find(site: Site, number: int) -> Mapping | None:
    row = site.storage.row("SELECT * FROM event_mappings WHERE id = ?", number)
    return _mapping(row) if row else None


def get(site: Site, number: int) -> Mapping:
    found = find(site, number)
    if found is None:
        raise NotFound.entity(number)
    return found


def create(site: Site, user: str, body: dict[str, Any]) -> Mapping:
    """Neither the type of the event, the command nor the project is looked for. It runs as who has made it."""
    event, wrapper, project = (
        as_text(body.get(name), name) or "" for name in ("event-type", "xnat-command-wrapper", "project")
    )
    if not event.strip():
        raise BadRequest("Event type must be defined and cannot be empty.")
    command, now = as_integer(body.get("command-id"), "command-id") or 0, site.clock.now()
    with site.storage.write() as db:
        number = db.execute(
            "INSERT INTO event_mappings (event, command, wrapper, project, username, created, changed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event, command, wrapper, project, user, now, now),
        ).lastrowid
        return get(site, number or 0)


def switch(site: Site, number: int, *, on: bool) -> None:
    """When it was switched off last is kept."""
    now, stamp = site.clock.now(), "" if on else ", disabled = :now"
    get(site, number)
    sql = f"UPDATE event_mappings SET enabled = :on, changed = :now{stamp} WHERE id = :id"
    with site.storage.write() as db:
        db.execute(sql, {"on": on, "now": now, "id": number})


def delete(site: Site, number: int) -> None:
    get(site, number)
    site.storage.change("DELETE FROM event_mappings WHERE id = ?", number)


def _follow(site: Site, session: str, is_new: bool) -> None:
    several = [one for one in all_of(site) if one.enabled]
    found = experiments.by_id(site, session) if several else None
    if found is None:
        return
    wanted = [one for one in several if one.project in ("", found.project)]
    for one in wanted:
        if one.event == (SESSION if is_new else MERGED):
            _launch(site, one, "session", models.uri(site, found))
    for scan in scans.of_session(site, session) if is_new else ():
        for one in wanted:
            if one.event == SCAN:
                _launch(site, one, "scan", models.uri(site, scan))


def _launch(site: Site, mapping: Mapping, root: str, uri: str) -> None:
    if accounts.find(site, mapping.username) is None:
        _log.info("command %d is not launched: there is no user %s", mapping.command, mapping.username)
        return
    request = Request(
        mapping.username,
        {root: uri},
        command=mapping.command,
        name=mapping.wrapper,
        project=mapping.project,
        root=root,
    )
    try:
        queue.submit(site, request)
    except queue.NotAccepted as error:
        _log.info("command %d is not launched: %s", mapping.command, error)


def _mapping(row: Row) -> Mapping:
    return Mapping(**{**dict(row), "enabled": bool(row["enabled"])})


def _millis(seconds: float) -> int:
    return int(seconds * 1000)
