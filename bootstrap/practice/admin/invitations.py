"""Who was asked to come into a project: everybody who was put into one of its groups and is no user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TABLE = """
CREATE TABLE invitations (id INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, group_id TEXT NOT NULL,
    invited TEXT NOT NULL, username TEXT NOT NULL, created REAL NOT NULL)
"""
_SWITCH = "securityExternalUserParDisabled"


def invite(site: Site, user: str, project: str, group: str, invited: str) -> None:
    """A new one each time, unless the site invites nobody. No mail is sent here."""
    if not preferences.boolean(site, _SWITCH):
        site.storage.change(
            "INSERT INTO invitations (project, group_id, invited, username, created) VALUES (?, ?, ?, ?, ?)",
            *(project, group, invited, user, site.clock.now()),
        )


def of_project(site: Site, project: str) -> list[Row]:
    """The newest first."""
    return site.storage.rows("SELECT * FROM invitations WHERE project = ? ORDER BY id DESC", project)
