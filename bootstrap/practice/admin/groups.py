"""Groups: three of each project, of which a user has one at most, and two of all data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts
from bootstrap.practice.data import rights

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def project_of(group: str) -> str | None:
    """The project that a group belongs to by its name; None for groups of all data."""
    project, _, kind = group.rpartition("_")
    return project if project and kind in rights.GROUPS else None


def exists(site: Site, group: str) -> bool:
    if group in (accounts.ALL_DATA_ADMIN, accounts.ALL_DATA_ACCESS):
        return True
    project = project_of(group)
    return project is not None and rights.exists(site, project)


def add(site: Site, username: str, group: str) -> bool:
    """Out of the project's other groups; False if there is no such group."""
    if not exists(site, group):
        return False
    project = project_of(group)
    with site.storage.write() as db:
        for other in rights.GROUPS if project else ():
            db.execute("DELETE FROM memberships WHERE username = ? AND group_id = ?", (username, f"{project}_{other}"))
        db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (username, group))
    return True


def remove(site: Site, username: str, group: str) -> None:
    site.storage.change("DELETE FROM memberships WHERE username = ? AND group_id = ?", username, group)
