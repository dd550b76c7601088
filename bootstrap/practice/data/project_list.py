"""/data/projects: the list. Some parameters make another list of it, see project_search.py."""

from __future__ import annotations

import re

from bootstrap.practice.admin import accounts
from bootstrap.practice.data import project_search, projects, rights, schema, submitted, tables
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_DEFAULT = ("ID", "secondary_ID", "name", "description", "pi_firstname", "pi_lastname")
_URI = "URI"
_SHORT = schema.SHORTCUTS[schema.PROJECT]


@room.get("/data/projects")
def list_projects(call: Call) -> Answer:
    if "permissions" in call.query:
        return project_search.by_permission(call)
    if call.query.get("format") == "search_xml":
        return bodies.not_built("the list of projects as a stored search")
    if project_search.is_meant(call):
        return project_search.answer(call)
    columns = _columns(call)
    rows = [
        {**{name: project.item.text(_SHORT[name]) for name in columns}, _URI: f"/data/projects/{project.id}"}
        for project in projects.everything(call.site)
        if _is_listed(call, project)
    ]
    return tables.answer(call, [*columns, _URI], rows)


def _columns(call: Call) -> list[str]:
    """Those that are not known are left out. A full path is shown under its short name."""
    asked = call.query.get("columns")
    if not asked:
        return list(_DEFAULT)
    names = {path: name for name, path in _SHORT.items()}
    meant = [names.get(schema.own_path(schema.PROJECT, one) or "", one) for one in asked.split(",")]
    return list(dict.fromkeys(name for name in meant if name in _SHORT))


def _is_listed(call: Call, project: Project) -> bool:
    """Filters are looked at for those only who see every project; the others get all that they may see."""
    if _sees_everything(call):
        return all(_fits(pattern, project, path) for path, pattern in _filters(call))
    if call.query.get("restrict") in ("edit", "delete"):
        return rights.group_of(call.site, call.caller, project.id) == "owner"
    return rights.is_listed(call.site, call.caller, project.id)


def _sees_everything(call: Call) -> bool:
    if accounts.ALL_DATA_ADMIN in accounts.groups_of(call.site, call.caller.name):
        return True
    return call.caller.is_admin and call.query.get("allDataOverride", "").lower() == "true"


def _filters(call: Call) -> list[tuple[str, str]]:
    pairs = [(_SHORT.get(name) or schema.own_path(schema.PROJECT, name), value) for name, value in call.query.items()]
    return [(path, submitted.escaped(value)) for path, value in pairs if path and value]


def _fits(asked: str, project: Project, path: str) -> bool:
    """One of several patterns between commas, in which * and % stand for anything."""
    texts = list(project.item.texts(path)) or [""]
    patterns = [".*".join(map(re.escape, re.split(r"[*%]", one))) for one in asked.split(",")]
    return any(re.fullmatch(pattern, text, re.DOTALL) for pattern in patterns for text in texts)
