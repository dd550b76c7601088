"""Registries, and which of them is the default one."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import configs
from bootstrap.practice.containers import documents, engine, server
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.enablement import TOOL
from bootstrap.practice.containers.engine import Credentials
from bootstrap.practice.containers.problems import Broken, NotFound, Problem
from bootstrap.practice.containers.room import room
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_DEFAULT_PATH = "default-docker-hub-id"
_FIRST = {"name": "Docker Hub", "url": "https://index.docker.io/v1/"}
_COLUMNS = ("name", "url", "username", "password", "email", "token")
_AT_ONCE = 8


class IsDefault(Problem):
    status = 409

    def __init__(self) -> None:
        super().__init__("Cannot delete default docker hub. Make another hub default first.")


@room.seed
def store_first_hub(site: Site) -> None:
    """One if there is none; and one that is there is the default."""
    found = all_of(site) or [by_number(site, create(site, dict(_FIRST)))]
    if default_number(site) not in [hub["id"] for hub in found]:
        make_default(site, "admin", found[0]["id"], "")


def all_of(site: Site) -> list[Row]:
    return site.storage.rows("SELECT * FROM hubs ORDER BY id")


def by_number(site: Site, number: int) -> Row:
    found = site.storage.row("SELECT * FROM hubs WHERE id = ?", number)
    if found is None:
        text = f"Could not find entity with ID {number}"
        raise NotFound(f"org.nrg.framework.exceptions.NotFoundException: {text}")
    return found


def by_name(site: Site, name: str) -> Row:
    found = site.storage.row("SELECT * FROM hubs WHERE name = ?", name)
    if found is None:
        raise NotFound(f"Could not find hub with name {name}")
    return found


def default_number(site: Site) -> int:
    """0 if there has never been one; it may be the number of one that is gone."""
    text = configs.enabled_contents(site, TOOL, _DEFAULT_PATH) or ""
    return java_numbers.long(text) or 0


def default(site: Site) -> Row:
    found = site.storage.row("SELECT * FROM hubs WHERE id = ?", default_number(site))
    if found is None:
        raise Broken('Cannot invoke "DockerHub.username()" because "hub" is null')
    return found


def make_default(site: Site, user: str, number: int, reason: str) -> None:
    """Whether there is such a hub is not looked at."""
    configs.replace(site, user, TOOL, _DEFAULT_PATH, str(number), reason=reason)


def create(site: Site, document: Document) -> int:
    documents.check_lengths("hub", document)
    _check_unique(site, document, 0)
    with site.storage.write() as db:
        cursor = db.execute(f"INSERT INTO hubs ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)", _values(document))
    return int(cursor.lastrowid or 0)


def update(site: Site, number: int, document: Document) -> None:
    """All is replaced; a password that is not sent is kept while url and user stay the same."""
    documents.check_lengths("hub", document)
    with site.storage.write() as db:
        old = site.storage.row("SELECT * FROM hubs WHERE id = ?", number)
        if old is None:
            raise Broken("Batch update returned unexpected row count from update [0]; actual row count: 0; expected: 1")
        _check_unique(site, document, number)
        same = all(document.get(name) == old[name] for name in ("url", "username"))
        if same and not (document.get("password") or "").strip():
            document["password"] = old["password"]
        assignments = ", ".join(f"{name} = ?" for name in _COLUMNS)
        db.execute(f"UPDATE hubs SET {assignments} WHERE id = ?", (*_values(document), number))


def delete(site: Site, number: int | None) -> None:
    if number is not None and number == default_number(site):
        raise IsDefault
    if number is None or not site.storage.change("DELETE FROM hubs WHERE id = ?", number):
        raise Broken('Cannot invoke "DockerHubEntity.getId()" because "entity" is null')


def credentials(hub: Row) -> Credentials:
    return Credentials(hub["url"], hub["username"], hub["password"], hub["email"], hub["token"])


def printed(site: Site, hubs: Iterable[Row]) -> list[dict[str, Any]]:
    """Each with its state: all are asked, which takes its time."""
    listed, chosen = list(hubs), default_number(site)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as asking:
        states = list(asking.map(lambda hub: status(site, hub), listed))
    return [
        {
            **{name: hub[name] for name in ("id", "name", "url", "username", "email")},
            "status": state,
            "default": hub["id"] == chosen,
        }
        for hub, state in zip(listed, states, strict=True)
    ]


def status(site: Site, hub: Row, username: str | None = None, password: str | None = None) -> dict[str, Any]:
    found = server.find(site)
    if found is None:
        return _status("Error", "Docker server unavailable.")
    if found.backend == server.KUBERNETES:
        return _status("Unknown", "Cannot ping image host in Kubernetes mode.")
    given = credentials(hub)
    given = replace(given, username=username or given.username, password=password or given.password)
    try:
        said = engine.log_in(found, given)
    except Problem:
        return _status("Error", "Hub status check created exception. Check Docker server status.")
    return _status("OK" if engine.accepts(said) else "Down", f"Hub response: {said}")


def _status(response: str, message: str) -> dict[str, Any]:
    return {"ping": response == "OK", "response": response, "message": message}


def _values(document: Document) -> tuple[Any, ...]:
    return tuple(document.get(name) for name in _COLUMNS)


def _check_unique(site: Site, document: Document, number: int) -> None:
    for column in ("name", "url"):
        if site.storage.value(f"SELECT 1 FROM hubs WHERE {column} = ? AND id <> ?", document.get(column), number):
            raise Broken(
                "could not execute statement; nested exception is a ConstraintViolationException: "
                f"duplicate key value violates unique constraint on {column}"
            )
