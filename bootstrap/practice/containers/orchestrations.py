"""Orchestrations: wrappers that run one after the other, and the projects that have chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers import enablement
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.changes import WRAPPER_DELETED
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import BadRequest, Broken, NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_REASON = "Setup orchestration"


@dataclass(frozen=True)
class Orchestration:
    id: int
    name: str
    enabled: bool
    halts: bool
    wrappers: tuple[int, ...]

    def printed(self) -> Document:
        return {
            "id": self.id,
            "wrapperIds": list(self.wrappers),
            "name": self.name,
            "enabled": self.enabled,
            "haltOnCommandFailure": self.halts,
        }


@room.at_start
def follow_wrappers(site: Site) -> None:
    """What happens to a wrapper happens to its orchestrations at once."""
    site.bus.on(WRAPPER_DELETED, lambda facts: _forget_wrapper(site, facts["wrapper"]), after=None)
    site.bus.on(enablement.DISABLED, lambda facts: _wrapper_disabled(site, **facts), after=None)


def all_of(site: Site) -> list[Orchestration]:
    return [_orchestration(site, row) for row in site.storage.rows("SELECT * FROM orchestrations ORDER BY id")]


def get(site: Site, number: int) -> Orchestration:
    row = site.storage.row("SELECT * FROM orchestrations WHERE id = ?", number)
    if row is None:
        raise NotFound.entity(number)
    return _orchestration(site, row)


def put(site: Site, document: Document) -> Orchestration:
    """Made, or replaced as a whole; on in any case."""
    wrappers = document["wrapperIds"]
    _check_wrappers(site, wrappers)
    number = document.get("id") or 0
    if number:
        get(site, number)
    name = document.get("name")
    if name is None or site.storage.value("SELECT 1 FROM orchestrations WHERE name = ? AND id <> ?", name, number):
        raise Broken("could not execute statement; nested exception is a ConstraintViolationException")
    with site.storage.write() as db:
        cursor = db.execute(
            "INSERT INTO orchestrations (id, name, enabled, halts) VALUES (?, ?, 1, ?) "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name, enabled = 1, halts = excluded.halts",
            (number or None, name, document["haltOnCommandFailure"]),
        )
        number = number or int(cursor.lastrowid or 0)
        db.execute("DELETE FROM orchestration_steps WHERE orchestration_id = ?", (number,))
        db.executemany(
            "INSERT INTO orchestration_steps VALUES (?, ?, ?)",
            [(number, position, wrapper) for position, wrapper in enumerate(wrappers)],
        )
    return get(site, number)


def switch(site: Site, user: str, number: int, on: bool) -> None:
    """On: its wrappers are switched on for the site. Off: no project has it any more."""
    found = get(site, number)
    if on:
        site.storage.change("UPDATE orchestrations SET enabled = 1 WHERE id = ?", number)
        for wrapper in found.wrappers:
            enablement.switch(site, user, wrapper, True, reason=_REASON)
    else:
        _disable(site, number)


def delete(site: Site, number: int) -> None:
    if not site.storage.change("DELETE FROM orchestrations WHERE id = ?", number):
        raise Broken("attempt to create delete event with null entity")


def available(site: Site, project: str) -> Document:
    """Those whose wrappers are all in effect there, also when they are off; the chosen one only if it is among them."""
    offered = [
        one for one in all_of(site) if all(enablement.for_project(site, wrapper, project) for wrapper in one.wrappers)
    ]
    chosen = site.storage.value("SELECT orchestration_id FROM orchestrated_projects WHERE project = ?", project)
    return {
        "availableOrchestrations": [one.printed() for one in offered],
        "selectedOrchestrationId": chosen if chosen in [one.id for one in offered] else None,
    }


def chosen(site: Site, project: str) -> Orchestration | None:
    """What the project has chosen, if it can be had there."""
    number = available(site, project)["selectedOrchestrationId"]
    return get(site, number) if number is not None else None


def choose(site: Site, user: str, project: str, number: int) -> None:
    """One a project. Its wrappers are switched on there."""
    found = get(site, number)
    if not found.enabled:
        text = f"Orchestration {found.name} ({number}) cannot be added to a project because it is not enabled."
        raise BadRequest(text)
    site.storage.change("INSERT OR REPLACE INTO orchestrated_projects VALUES (?, ?)", project, number)
    for wrapper in found.wrappers:
        enablement.switch(site, user, wrapper, True, project=project, reason=_REASON)


def choose_none(site: Site, project: str) -> None:
    site.storage.change("DELETE FROM orchestrated_projects WHERE project = ?", project)


def _check_wrappers(site: Site, wrappers: list[int]) -> None:
    if len(wrappers) < 2:
        raise BadRequest("Orchestration of fewer than two wrappers is not allowed")
    common: set[str] = set()
    for position, number in enumerate(wrappers):
        if not enablement.for_site(site, number):
            raise BadRequest(f"Wrapper {number} not enabled for site")
        wrapper = store.find_wrapper(site, number)
        if wrapper is None:
            raise NotFound(f"No command wrapper for id {number}")
        contexts = set(wrapper.document["contexts"])
        common = common & contexts if position else contexts
        if position and not common:
            raise BadRequest("Wrappers must all have a common context")


def _forget_wrapper(site: Site, wrapper: int) -> None:
    with site.storage.write() as db:
        for number in _using(site, wrapper):
            db.execute(
                "DELETE FROM orchestration_steps WHERE orchestration_id = ? AND wrapper_id = ?", (number, wrapper)
            )
            if get(site, number).wrappers:
                _disable(site, number)
            else:
                delete(site, number)


def _wrapper_disabled(site: Site, wrapper: int, project: str) -> None:
    for number in _using(site, wrapper):
        if project:
            site.storage.change(
                "DELETE FROM orchestrated_projects WHERE project = ? AND orchestration_id = ?", project, number
            )
        else:
            _disable(site, number)


def _disable(site: Site, number: int) -> None:
    with site.storage.write() as db:
        db.execute("UPDATE orchestrations SET enabled = 0 WHERE id = ?", (number,))
        db.execute("DELETE FROM orchestrated_projects WHERE orchestration_id = ?", (number,))


def _using(site: Site, wrapper: int) -> list[int]:
    rows = site.storage.rows(
        "SELECT DISTINCT orchestration_id FROM orchestration_steps WHERE wrapper_id = ? ORDER BY 1", wrapper
    )
    return [row[0] for row in rows]


def _orchestration(site: Site, row: Row) -> Orchestration:
    steps: list[Any] = site.storage.rows(
        "SELECT wrapper_id FROM orchestration_steps WHERE orchestration_id = ? ORDER BY position", row["id"]
    )
    return Orchestration(
        row["id"], row["name"], bool(row["enabled"]), bool(row["halts"]), tuple(step[0] for step in steps)
    )
