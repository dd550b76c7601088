"""Commands and wrappers as they are kept, found by id and by name."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.containers.commands import normal_form
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import NotFound
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@dataclass(frozen=True)
class Wrapper:
    id: int
    command_id: int | None  # None: left behind by an update
    name: str | None
    document: Document

    def printed(self) -> Document:
        return normal_form.printed_wrapper(self.document, number=self.id)


@dataclass(frozen=True)
class Command:
    id: int
    document: Document  # without wrappers
    wrappers: tuple[Wrapper, ...]

    def whole(self) -> Document:
        """As it would be sent, for the validation."""
        return {**self.document, "xnat": [wrapper.document for wrapper in self.wrappers]}

    def printed(self) -> Document:
        return normal_form.printed(
            self.document, number=self.id, wrappers=[wrapper.printed() for wrapper in self.wrappers]
        )


def find(site: Site, number: int) -> Command | None:
    rows = site.storage.rows("SELECT * FROM commands WHERE id = ?", number)
    wrappers = site.storage.rows("SELECT * FROM wrappers WHERE command_id = ? ORDER BY id", number)
    return _commands(rows, wrappers)[0] if rows else None


def get(site: Site, number: int) -> Command:
    found = find(site, number)
    if found is None:
        raise NotFound.entity(number)
    return found


def all_commands(site: Site, **wanted: str | None) -> list[Command]:
    """In the order in which they were made; `wanted` are columns and the exact texts in them."""
    asked = {column: value for column, value in wanted.items() if value}
    where = " AND ".join(f"c.{column} = ?" for column in asked) or "1"
    rows = site.storage.rows(f"SELECT c.* FROM commands c WHERE {where} ORDER BY c.id", *asked.values())
    wrappers = site.storage.rows(
        f"SELECT w.* FROM wrappers w JOIN commands c ON c.id = w.command_id WHERE {where} ORDER BY w.id",
        *asked.values(),
    )
    return _commands(rows, wrappers)


def find_wrapper(site: Site, number: int) -> Wrapper | None:
    row = site.storage.row("SELECT * FROM wrappers WHERE id = ?", number)
    return _wrapper(row) if row else None


def command_of(site: Site, wrapper: int) -> Command:
    """The command that a wrapper belongs to; a Problem for one that belongs to none."""
    found = find_wrapper(site, wrapper)
    if found is None or found.command_id is None:
        raise NotFound(f"No command with wrapper with id {wrapper}")
    return get(site, found.command_id)


def wrapper_number(site: Site, command: int, name: str) -> int:
    """By its name, else by its id as a text."""
    found = find(site, command)
    if found is None:
        raise NotFound(f"No command with id {command}")
    by_name = [wrapper.id for wrapper in found.wrappers if wrapper.name == name]
    by_id = [wrapper.id for wrapper in found.wrappers if str(wrapper.id) == name]
    if not by_name and not by_id:
        raise NotFound(f"Command {command} has no wrapper {name}")
    return (by_name + by_id)[0]


def _commands(rows: Iterable[Row], wrapper_rows: Iterable[Row]) -> list[Command]:
    wrappers: dict[int, list[Wrapper]] = defaultdict(list)
    for row in wrapper_rows:
        wrappers[row["command_id"]].append(_wrapper(row))
    return [Command(row["id"], json.loads(row["document"]), tuple(wrappers[row["id"]])) for row in rows]


def _wrapper(row: Row) -> Wrapper:
    return Wrapper(row["id"], row["command_id"], row["name"], json.loads(row["document"]))
