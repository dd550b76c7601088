"""Containers as they are kept, with their history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import workflow
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

USER, SYSTEM, EVENT = "user", "system", "event"
PENDING = ("_die", "_Waiting")  # it has ended, and waits to be finalised
_TERMINAL = ("Complete", "Failed", "Killed")
_COLUMNS = "status, changed, command, wrapper, container, service, backend, name, workflow, username, project, alias"
_INSERT = (
    f"INSERT INTO containers ({_COLUMNS}, document, request, parent) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_STATUS_OF_EVENT = {
    "create": "Running",
    "start": "Running",
    "started": "Running",
    "starting": "Running",
    "running": "Running",
    "kill": "Failed (Killed)",
    "failed": "Failed",
    "complete": "Waiting",
    "oom": "Failed (Oom)",
    "rejected": "Failed (Rejected)",
    "remove": "Failed (Remove)",
    "orphaned": "Failed (Orphaned)",
    "shutdown": "Failed (Shutdown)",
}


@dataclass(frozen=True)
class Container:
    id: int
    status: str
    changed: float
    command: int
    wrapper: int
    container: str
    service: str
    backend: str
    name: str
    workflow: int | None
    username: str
    project: str
    alias: str
    document: Document
    request: Request
    is_open: bool  # not finalised yet
    parent: int | None = None  # whose setup or wrapup it is

    @property
    def engine_id(self) -> str:
        return self.service or self.container


@dataclass(frozen=True)
class Step:
    status: str
    kind: str
    by: str | None = None
    message: str | None = None
    exit_code: str | None = None
    happened: float | None = None


def is_terminal(status: str) -> bool:
    return status.startswith(_TERMINAL)


def add(site: Site, new: Container, launch: int | None = None) -> Container:
    """With its first step; the launch that it came of leaves the queue."""
    columns = (
        *(new.status, site.clock.now(), new.command, new.wrapper, new.container, new.service, new.backend, new.name),
        *(new.workflow, new.username, new.project, new.alias, json.dumps(new.document), new.request.as_text()),
        new.parent,
    )
    with site.storage.write() as db:
        number = db.execute(_INSERT, columns).lastrowid or 0
        db.execute("DELETE FROM launches WHERE id = ?", (launch,))
        _note(site, number, Step("Created", USER, by=new.username))
        workflow.follow(site, new.workflow, new.status, comments=new.engine_id)
    found = find(site, number)
    assert found is not None
    return found


def note(site: Site, container: int, step: Step, *, status: str | None = None) -> None:
    """A step of its history. What is at an end gets another status only if that is an end too."""
    new = status if status is not None else _STATUS_OF_EVENT.get(step.status, step.status)
    with site.storage.write() as db:
        _note(site, container, step)
        found = find(site, container)
        if found is None or (is_terminal(found.status) and not is_terminal(new)):
            return
        db.execute("UPDATE containers SET status = ?, changed = ? WHERE id = ?", (new, site.clock.now(), container))
        workflow.follow(site, found.workflow, new, step.message)


def claim(site: Site, container: int) -> bool:
    """Whether it is the caller's to begin or to finalise, while it is open: nobody else does it then."""
    sql = "UPDATE containers SET claimed = 1 WHERE id = ? AND open AND NOT claimed"
    return bool(site.storage.change(sql, container))


def give_back(site: Site, container: int) -> None:
    site.storage.change("UPDATE containers SET claimed = 0 WHERE id = ?", container)


def close(site: Site, container: int, document: Document) -> bool:
    """False if it was closed already."""
    sql = "UPDATE containers SET open = 0, claimed = 0, document = ? WHERE id = ? AND open"
    return bool(site.storage.change(sql, json.dumps(document), container))


def put_on_engine(site: Site, container: Container) -> None:
    """What was only kept has been made on the engine."""
    values = (container.container, container.service, container.alias, json.dumps(container.document))
    with site.storage.write():
        site.storage.change(
            "UPDATE containers SET container = ?, service = ?, alias = ?, document = ?, claimed = 0 WHERE id = ?",
            *(*values, container.id),
        )
        workflow.follow(site, container.workflow, container.status, comments=container.engine_id)


def companions(site: Site, parent: int, kind: str) -> list[Container]:
    """The setups or the wrapups of a container."""
    return [one for one in listed(site, "parent = ?", parent) if one.document["subtype"] == kind]


def take_start(site: Site, container: int) -> bool:
    """Whether it is the caller's to start."""
    return bool(
        site.storage.change("UPDATE containers SET started = 1 WHERE id = ? AND open AND NOT started", container)
    )


def give_start_back(site: Site, container: int) -> None:
    site.storage.change("UPDATE containers SET started = 0 WHERE id = ?", container)


def forget_claims(site: Site) -> None:
    """At a start of the server nobody is at any of them; whether it was started the engine tells."""
    site.storage.change("UPDATE containers SET claimed = 0, started = 0 WHERE claimed OR (open AND started)")


def find(site: Site, number: int) -> Container | None:
    row = site.storage.row("SELECT * FROM containers WHERE id = ?", number)
    return _container(row) if row else None


def named(site: Site, text: str) -> Container | None:
    """By its number, or by the engine's id of container or service."""
    if text.isascii() and text.isdigit() and len(text) < 19 and (found := find(site, int(text))):
        return found
    row = site.storage.row(
        "SELECT * FROM containers WHERE ? <> '' AND ? IN (container, service) ORDER BY id DESC", text, text
    )
    return _container(row) if row else None


def by_name(site: Site, name: str, project: str | None = None) -> Container | None:
    where, values = ("AND project = ?", [project]) if project is not None else ("", [])
    row = site.storage.row(f"SELECT * FROM containers WHERE name = ? {where} ORDER BY id DESC", name, *values)
    return _container(row) if row else None


def listed(site: Site, where: str = "1", *values: object, order: str = "id") -> list[Container]:
    rows = site.storage.rows(f"SELECT * FROM containers WHERE {where} ORDER BY {order}", *values)
    return [_container(row) for row in rows]


def still_open(site: Site) -> list[Container]:
    return listed(site, "open")


def to_finalise(site: Site) -> list[int]:
    rows = site.storage.rows(
        "SELECT id FROM containers WHERE open AND NOT claimed AND id IN "
        f"(SELECT container FROM container_history WHERE status IN {PENDING}) ORDER BY id"
    )
    return [row["id"] for row in rows]


def history(site: Site, container: int) -> list[Row]:
    return site.storage.rows("SELECT * FROM container_history WHERE container = ? ORDER BY id", container)


def has_step(site: Site, container: int, *names: str) -> bool:
    return any(row["status"] in names for row in history(site, container))


def delete(site: Site, container: int) -> None:
    site.storage.change("DELETE FROM containers WHERE id = ?", container)


def _note(site: Site, container: int, step: Step) -> None:
    now = site.clock.now()
    happened = now if step.kind == SYSTEM and step.happened is None else step.happened
    site.storage.change(
        "INSERT INTO container_history (container, status, entity_type, entity_id, recorded, happened, message, "
        "exit_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(container, step.status, step.kind, step.by, now, happened, step.message, step.exit_code),
    )


def _container(row: Row) -> Container:
    return Container(
        *(row["id"], row["status"], row["changed"], row["command"], row["wrapper"], row["container"], row["service"]),
        *(row["backend"], row["name"], row["workflow"], row["username"], row["project"], row["alias"]),
        json.loads(row["document"]),
        Request.of_text(row["request"]),
        bool(row["open"]),
        row["parent"],
    )
