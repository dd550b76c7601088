"""What is kept of a subject, and how it is made, changed, renamed and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.data import keeping, numbers, schema
from bootstrap.practice.data.item import Item
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_NUMBERED = "subject"


@dataclass(frozen=True)
class Subject:
    id: str  # the accession ID
    project: str
    label: str
    item: Item
    created: float
    created_by: str

    @property
    def type(self) -> str:
        return schema.SUBJECT


class BadLabel(ValueError):
    """A label with something in it that is neither letter nor digit, _ nor -."""


def by_id(site: Site, accession: str) -> Subject | None:
    row = site.storage.row("SELECT * FROM subjects WHERE id = ?", accession)
    return _subject(row) if row else None


def by_label(site: Site, project: str, label: str) -> Subject | None:
    row = site.storage.row("SELECT * FROM subjects WHERE project = ? AND label = ?", project, label)
    return _subject(row) if row else None


def in_project(site: Site, project: str) -> list[Subject]:
    return [_subject(row) for row in site.storage.rows("SELECT * FROM subjects WHERE project = ? ORDER BY id", project)]


def everything(site: Site) -> list[Subject]:
    return [_subject(row) for row in site.storage.rows("SELECT * FROM subjects ORDER BY id")]


def create(site: Site, user: str, project: str, label: str, said: Item) -> Subject:
    """Under the ID that is said, or under the next one; that is used up also if nothing comes of it."""
    accession = said.fields.get("ID") or numbers.accession(site, _NUMBERED, "S", lambda taken: by_id(site, taken))
    if not schema.is_id(label):
        raise BadLabel(label)
    first = Item(schema.SUBJECT, {"ID": accession, "project": project, "label": label})
    said.fields |= first.fields
    with site.storage.write() as db:
        item = keeping.merged(site, first, said)
        values = (accession, project, label, keeping.as_text(item), site.clock.now(), user)
        db.execute("INSERT INTO subjects VALUES (?, ?, ?, ?, ?, ?)", values)
    return Subject(accession, project, label, item, values[4], user)


def change(site: Site, subject: Subject, said: Item) -> None:
    with site.storage.write() as db:
        text = keeping.as_text(keeping.merged(site, subject.item, said))
        db.execute("UPDATE subjects SET item = ? WHERE id = ?", (text, subject.id))


def rename(site: Site, subject: Subject, label: str) -> None:
    if not schema.is_id(label):
        raise BadLabel(label)
    with site.storage.write() as db:
        change(site, subject, Item(schema.SUBJECT, {"label": label}))
        db.execute("UPDATE subjects SET label = ? WHERE id = ?", (label, subject.id))


def delete(site: Site, subject: Subject) -> None:
    site.storage.change("DELETE FROM subjects WHERE id = ?", subject.id)


def _subject(row: Row) -> Subject:
    return Subject(**{**dict(row), "item": keeping.of_text(row["item"])})
