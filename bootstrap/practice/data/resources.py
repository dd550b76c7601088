"""What is kept of a resource: a labelled folder of files that hangs on something."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import numbers, owners, places
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.owners import Owner
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_FIRST_CONTENT = "RAW"  # of the first resource of a scan, where nothing else is said
_OF = "kind = ? AND owner = ? AND side = ?"
_INSERT = """
INSERT INTO resources (number, kind, owner, side, label, format, content, description, tags, catalog, event, created,
    created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Facts:
    """What is said of a resource, or of one file in it."""

    format: str = ""
    content: str = ""
    description: str = ""
    tags: str = ""  # with commas between them


@dataclass(frozen=True)
class Resource:
    number: int
    owner: Owner
    label: str
    facts: Facts
    catalog: str  # the name of the file that lists its files
    file_count: int | None  # None until somebody has counted
    file_size: int | None
    event: int
    created: float
    created_by: str

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def type(self) -> str:
        return types.CATALOG

    @property
    def folder_name(self) -> str:
        return self.label or self.id


def of(site: Site, owner: Owner) -> list[Resource]:
    rows = site.storage.rows(f"SELECT * FROM resources WHERE {_OF} ORDER BY number", *_key(owner))
    return [_resource(row) for row in rows]


def by_label(site: Site, owner: Owner, label: str) -> Resource | None:
    row = site.storage.row(f"SELECT * FROM resources WHERE {_OF} AND label = ?", *_key(owner), label)
    return _resource(row) if row else None


def by_number(site: Site, number: int) -> Resource | None:
    row = site.storage.row("SELECT * FROM resources WHERE number = ?", number)
    return _resource(row) if row else None


def find(site: Site, owner: Owner, asked: str) -> Resource | None:
    """By its number or else by its label."""
    numbered = by_number(site, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    return numbered if numbered and numbered.owner == owner else by_label(site, owner, asked)


def create(
    site: Site, user: str, owner: Owner, label: str, facts: Facts | None = None, *, catalog: str = ""
) -> Resource:
    """There must be none of that label yet."""
    said = facts or Facts()
    if label:
        places.name(label)
    if owner.kind == owners.SCAN and not said.content and not of(site, owner):
        said = replace(said, content=_FIRST_CONTENT)
    with site.storage.write() as db:
        number, event = numbers.take(db, types.CATALOG), numbers.take(db, numbers.EVENT)
        named = catalog or f"{label or number}_catalog.xml"
        now = site.clock.now()
        values = (number, *_key(owner), label, said.format, said.content, said.description, said.tags)
        db.execute(_INSERT, (*values, named, event, now, user))
    return Resource(number, owner, label, said, named, None, None, event, now, user)


def describe(site: Site, resource: Resource, said: Facts) -> Resource:
    """Format and content are replaced where something is said, tags come to those that are there."""
    tags = [one for one in (*resource.facts.tags.split(","), *said.tags.split(",")) if one]
    facts = Facts(
        said.format or resource.facts.format,
        said.content or resource.facts.content,
        said.description or resource.facts.description,
        ",".join(dict.fromkeys(tags)),
    )
    site.storage.change(
        "UPDATE resources SET format = ?, content = ?, description = ?, tags = ? WHERE number = ?",
        *(facts.format, facts.content, facts.description, facts.tags, resource.number),
    )
    return replace(resource, facts=facts)


def delete(site: Site, resource: Resource) -> None:
    """With its files, whatever lies in its folder."""
    place = folder(site, resource)
    site.storage.change("DELETE FROM resources WHERE number = ?", resource.number)
    shutil.rmtree(place, ignore_errors=True)


def folder(site: Site, resource: Resource) -> Path:
    above = owners.folder(site, resource.owner)
    if above is None:
        raise places.BadName(f"the owner of resource {resource.number} is gone")
    return above / places.name(resource.folder_name)


def as_item(site: Site, resource: Resource) -> Item:
    """As it is shown within what it hangs on."""
    path = places.reported(site, folder(site, resource) / resource.catalog)
    shown: dict[str, Any] = {
        "label": resource.label,
        "format": resource.facts.format,
        "content": resource.facts.content,
        "description": resource.facts.description,
        "URI": path,
        "file_count": resource.file_count,
        "file_size": resource.file_size,
    }
    fields = {name: str(value) for name, value in shown.items() if value not in ("", None)}
    return Item(types.CATALOG, fields, number=resource.number, event=resource.event, changed=resource.created)


def _key(owner: Owner) -> tuple[str, str, str]:
    return owner.kind, owner.id, owner.side


def _resource(row: Row) -> Resource:
    return Resource(
        row["number"],
        Owner(row["kind"], row["owner"], row["side"]),
        row["label"],
        Facts(row["format"], row["content"], row["description"], row["tags"]),
        *(row["catalog"], row["file_count"], row["file_size"], row["event"], row["created"], row["created_by"]),
    )
