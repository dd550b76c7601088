"""What is kept of a project, and how it is made and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import rights
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

CREATED, DELETED = "project created", "project deleted"  # on the bus: project, user


def find(site: Site, project: str) -> Row | None:
    return site.storage.row("SELECT * FROM projects WHERE id = ?", project)


def was_deleted(site: Site, project: str) -> bool:
    return site.storage.value("SELECT 1 FROM deleted_projects WHERE id = ?", project) is not None


def create(site: Site, user: str, project: str, accessibility: str) -> None:
    """With its ID as name and running title, its three groups, and whoever makes it as owner."""
    now = site.clock.now()
    code = preferences.integer(site, "defaultProjectAutoArchiveSetting", 4)
    with site.storage.write() as db:
        db.execute(
            "INSERT INTO projects (id, title, running_title, accessibility, prearchive_code, created, changed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (project, project, project, accessibility, code, now, now),
        )
        db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (user, f"{project}_owner"))
    site.bus.tell(CREATED, project=project, user=user)


def set_accessibility(site: Site, project: str, level: str) -> None:
    now = site.clock.now()
    site.storage.change("UPDATE projects SET accessibility = ?, changed = ? WHERE id = ?", level, now, project)


def delete(site: Site, user: str, project: str) -> None:
    with site.storage.write() as db:
        db.execute("DELETE FROM projects WHERE id = ?", (project,))
        db.execute("INSERT OR IGNORE INTO deleted_projects VALUES (?)", (project,))
        for group in rights.GROUPS:
            db.execute("DELETE FROM memberships WHERE group_id = ?", (f"{project}_{group}",))
    site.bus.tell(DELETED, project=project, user=user)
