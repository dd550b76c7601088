"""The config service: versioned texts by tool and path, of the site (project '') and of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

ENABLED, DISABLED = "enabled", "disabled"
_COLUMNS = "project, tool, path, version, status, contents, unversioned, username, reason, created"
_AT = "project = ? AND tool = ? AND path = ?"


class NotStored(Exception):
    """There is nothing yet whose status could be changed."""


def newest(site: Site, tool: str, path: str, project: str = "") -> Row | None:
    return site.storage.row(
        f"SELECT * FROM configs WHERE {_AT} ORDER BY created DESC, id DESC LIMIT 1", project, tool, path
    )


def version(site: Site, tool: str, path: str, number: int, project: str = "") -> Row | None:
    return site.storage.row(
        f"SELECT * FROM configs WHERE {_AT} AND version = ? ORDER BY id DESC LIMIT 1", project, tool, path, number
    )


def history(site: Site, tool: str, path: str, project: str = "") -> list[Row]:
    return site.storage.rows(f"SELECT * FROM configs WHERE {_AT} ORDER BY created, id", project, tool, path)


def of_tool(site: Site, tool: str, project: str = "") -> list[Row]:
    """Every version of every path of the tool."""
    return site.storage.rows("SELECT * FROM configs WHERE project = ? AND tool = ? ORDER BY created, id", project, tool)


def tools(site: Site, project: str = "") -> list[str]:
    rows = site.storage.rows("SELECT DISTINCT tool FROM configs WHERE project = ? ORDER BY tool", project)
    return [row["tool"] for row in rows]


def projects_with(site: Site, tool: str, path: str) -> list[str]:
    """Projects that have stored something there, whether they (still) exist or not."""
    rows = site.storage.rows(
        "SELECT project FROM configs WHERE tool = ? AND path = ? AND project <> '' GROUP BY project ORDER BY MIN(id)",
        *(tool, path),
    )
    return [row["project"] for row in rows]


def forget(site: Site, tool: str, path: str, project: str = "") -> None:
    """All versions, as if there had never been one."""
    site.storage.change(f"DELETE FROM configs WHERE {_AT}", project, tool, path)


def enabled_contents(site: Site, tool: str, path: str, project: str = "") -> str | None:
    """The text in force; None when there is none or it is switched off."""
    found = newest(site, tool, path, project)
    return found["contents"] if found and found["status"] == ENABLED else None


def replace(
    site: Site,
    user: str,
    tool: str,
    path: str,
    contents: str,
    *,
    project: str = "",
    unversioned: bool | None = None,
    reason: str = "",
) -> None:
    """A new version, enabled, also where the contents are the same. An unversioned one is changed in place."""
    with site.storage.write() as db:
        old = newest(site, tool, path, project)
        single = bool(old["unversioned"]) if unversioned is None and old else bool(unversioned)
        if old and old["unversioned"] and single:
            db.execute(
                "UPDATE configs SET contents = ?, status = ?, username = ?, reason = ?, created = ? WHERE id = ?",
                (contents, ENABLED, user, reason, _after(site, old), old["id"]),
            )
            return
        db.execute(
            f"INSERT INTO configs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(project, tool, path, old["version"] + 1 if old else 1, ENABLED, contents),
                *(single, user, reason, _after(site, old)),
            ),
        )


def set_status(
    site: Site, user: str, tool: str, path: str, status: str, *, project: str = "", reason: str = ""
) -> None:
    """A new version with the same contents, unless the status is the same too."""
    with site.storage.write() as db:
        old = newest(site, tool, path, project)
        if old is None:
            raise NotStored(path)
        if old["status"] == status:
            return
        if old["unversioned"]:
            db.execute(
                "UPDATE configs SET status = ?, username = ?, reason = ?, created = ? WHERE id = ?",
                (status, user, reason, _after(site, old), old["id"]),
            )
            return
        db.execute(
            f"INSERT INTO configs ({_COLUMNS})"
            " SELECT project, tool, path, version + 1, ?, contents, unversioned, ?, ?, ? FROM configs"
            " WHERE id = ?",
            (status, user, reason, _after(site, old), old["id"]),
        )


def _after(site: Site, old: Row | None) -> float:
    """Now, but later than the version before, so that the newest is the newest."""
    now = site.clock.now()
    return max(now, old["created"] + 0.001) if old else now


def not_stored_text(tool: str, path: str, project: str = "") -> str:
    scope = f"Project and entity ID {project}" if project else "Site"
    return f"Error [Unknown]: Couldn't find the site configuration for tool {tool} and path {path} with scope {scope}."
