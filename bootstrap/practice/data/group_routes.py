"""/data/projects/{ID}/groups and /scan_types: the lists."""

from __future__ import annotations

from bootstrap.practice.data import addresses, rights, tables
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_COLUMNS = ("id", "displayname", "tag", "xdat_usergroup_id", "users")


@room.get("/data/projects/{PROJECT_ID}/groups")
def list_groups(call: Call) -> Answer:
    """XML, unless something else is asked for."""
    project = _readable(call)
    rows = []
    for number, (kind, name) in enumerate(rights.GROUPS.items(), project.first_group):
        group = f"{project.id}_{kind}"
        users = call.site.storage.value("SELECT count(*) FROM memberships WHERE group_id = ?", group)
        rows.append(dict(zip(_COLUMNS, (group, name, project.id, number, users), strict=True)))
    return tables.answer(call, _COLUMNS, rows, default=tables.XML, title="Projects")


@room.get("/data/projects/{PROJECT_ID}/scan_types")
def list_scan_types(call: Call) -> Answer:
    """Nothing can be scanned here so far."""
    _readable(call)
    return tables.answer(call, ("type", "count"), [], title="Scan Types")


def _readable(call: Call) -> Project:
    project = addresses.project(call)
    if project is None or not rights.may_read(call.site, call.caller, project.id):
        raise Refusal(bodies.status_page(404))
    return project
