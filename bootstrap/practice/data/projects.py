"""What is kept of a project, and how it is made, changed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import keeping, numbers, rights, schema
from bootstrap.practice.data.item import Item
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

CREATED, DELETED = "project created", "project deleted"  # on the bus: project, user
ALIAS = "aliases/alias/alias"
SETTINGS = ("prearchive_code", "quarantine_code", "current_arc", "scan_type_mapping")


@dataclass(frozen=True)
class Project:
    id: str
    item: Item
    accessibility: str
    prearchive_code: int
    quarantine_code: int
    current_arc: str
    scan_type_mapping: int
    first_group: int  # the numbers of its three groups begin here
    created: float
    created_by: str

    @property
    def title(self) -> str:
        return self.item.text("name")

    @property
    def running_title(self) -> str:
        return self.item.text("secondary_ID")


def find(site: Site, project: str) -> Project | None:
    row = site.storage.row("SELECT * FROM projects WHERE id = ?", project)
    return _project(row) if row else None


def everything(site: Site) -> Iterator[Project]:
    yield from map(_project, site.storage.rows("SELECT * FROM projects ORDER BY id"))


def find_by_name(site: Site, text: str) -> Project | None:
    """By ID or else by alias."""
    return find(site, text) or next((one for one in everything(site) if text in one.item.texts(ALIAS)), None)


def was_deleted(site: Site, project: str) -> bool:
    return site.storage.value("SELECT 1 FROM deleted_projects WHERE id = ?", project) is not None


def create(site: Site, user: str, said: Item, accessibility: str) -> None:
    """With its ID as name and running title if none are said, its three groups, and whoever makes it as owner."""
    project, now = said.fields["ID"], site.clock.now()
    first = {"active": "true", "secondary_ID": project, "name": project}
    code = preferences.integer(site, "defaultProjectAutoArchiveSetting", 4)
    with site.storage.write() as db:
        item = keeping.merged(site, Item(schema.PROJECT, first), said)
        group = numbers.take(db, numbers.GROUP, len(rights.GROUPS))
        db.execute(
            "INSERT INTO projects (id, item, accessibility, prearchive_code, first_group, created, created_by) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (project, keeping.as_text(item), accessibility, code, group, now, user),
        )
        db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (user, f"{project}_owner"))
    site.bus.tell(CREATED, project=project, user=user)


def change(site: Site, project: str, said: Item) -> None:
    with site.storage.write() as db:
        found = find(site, project)
        if found and (said.fields or said.children):
            item = keeping.merged(site, found.item, said)
            db.execute("UPDATE projects SET item = ? WHERE id = ?", (keeping.as_text(item), project))


def set_accessibility(site: Site, project: str, level: str) -> None:
    site.storage.change("UPDATE projects SET accessibility = ? WHERE id = ?", level, project)


def set_setting(site: Site, project: str, name: str, value: int | str) -> None:
    """One of SETTINGS."""
    site.storage.change(f"UPDATE projects SET {SETTINGS[SETTINGS.index(name)]} = ? WHERE id = ?", value, project)


def delete(site: Site, user: str, project: str) -> None:
    with site.storage.write() as db:
        db.execute("DELETE FROM projects WHERE id = ?", (project,))
        db.execute("INSERT OR IGNORE INTO deleted_projects VALUES (?)", (project,))
        db.execute("DELETE FROM subjects WHERE project = ?", (project,))
        for group in rights.GROUPS:
            db.execute("DELETE FROM memberships WHERE group_id = ?", (f"{project}_{group}",))
    site.bus.tell(DELETED, project=project, user=user)


def _project(row: Row) -> Project:
    return Project(**{**dict(row), "item": keeping.of_text(row["item"])})
