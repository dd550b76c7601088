"""What projects use, as the site file would say it: wrappers that are on or have defaults, and the orchestration."""

from __future__ import annotations

from typing import Any

from bootstrap.kinds.command_export import exported_rows, said_defaults
from bootstrap.kinds.container_reading import NOTHING, commands, project_rows
from bootstrap.kinds.kind import Exported
from bootstrap.kinds.project import list_projects
from bootstrap.xnat.connection import Connection


def export_projects(xnat: Connection) -> Exported:
    rows = exported_rows(commands(xnat))
    projects = sorted(xnat.shared("projects", lambda: list_projects(xnat)))
    found: list[dict[str, Any]] = []
    for project, stored in project_rows(xnat, projects).items():
        used: dict[str, Any] = {}
        for row in rows:
            for wrapper in row["xnat"]:
                one = stored.get(int(wrapper["id"]), NOTHING)
                said: dict[str, Any] = {"enabled": True} if one.on_project else {}
                defaults = said_defaults(row, wrapper, one)
                said |= {"defaults": defaults} if defaults else {}
                used |= {f"{row['name']}/{wrapper['name']}": said} if said else {}
        found += [{"id": project, "commands": used}] if used else []
    return Exported({"projects": found} if found else {})
