"""/data/projects/{ID}/users: who is in which group of a project, put in and taken out; and what somebody is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bootstrap.practice.admin import accounts, groups, invitations
from bootstrap.practice.data import projects, rights, tables
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.sessions import GUEST

_COLUMNS = ("GROUP_ID", "displayname", "login", "firstname", "lastname", "email")
_ALL_DATA = {
    accounts.ALL_DATA_ADMIN: "All Data Administration",
    accounts.ALL_DATA_ACCESS: "All Data Access",
}
_USERS = "/data/projects/{PROJECT_ID}/users"
_ONE = _USERS + "/{GROUP_ID}/{USER_ID}"


@room.get(_USERS)
def list_members(call: Call) -> Answer:
    project = call.parts["PROJECT_ID"]
    if not projects.find(call.site, project) or not rights.may_read(call.site, call.caller, project):
        text = f"The project ID {project} does not appear to be a valid project ID. Please verify your information."
        return bodies.status_page(404, text)
    return _table(call, project)


@room.put(_ONE)
def put_in(call: Call) -> Answer:
    """Out of the project's other groups. A user who is not known is invited, and nobody is put in."""
    return _changed(call, put=True)


@room.delete(_ONE)
def take_out(call: Call) -> Answer:
    return _changed(call, put=False)


@room.get("/xapi/access/projects", SIGNED_IN)
def projects_of_caller(call: Call) -> Answer:
    """Those in which he is in a group, also where he could do everything anyway."""
    rows = [
        (group, project)
        for group in accounts.groups_of(call.site, call.caller.name)
        if (name := groups.project_of(group)) and (project := projects.find(call.site, name))
    ]
    return bodies.as_json([_membership(group, project) for group, project in rows])


def _changed(call: Call, *, put: bool) -> Answer:
    site, project = call.site, call.parts["PROJECT_ID"]
    group = _group(call, project, call.parts["GROUP_ID"])
    if group is None or not rights.may_see(site, call.caller, project):
        return bodies.status_page(404)
    if not rights.may_delete(site, call.caller, project):
        return _table(call, project, status=403)
    username = _username(call, call.parts["USER_ID"])
    if username == GUEST:
        return _table(call, project, status=412)
    if username and put:
        groups.add(site, username, group)
    elif put:
        as_sent = call.raw_path.rstrip("/").rpartition("/")[2]
        invitations.invite(site, call.caller.name, project, group, as_sent)
    elif username:
        groups.remove(site, username, group)
    return _table(call, project)


def _group(call: Call, project: str, asked: str) -> str | None:
    """A group by its full id, which may be another project's, by its short one, or by the name that is shown."""
    if not rights.exists(call.site, project):
        return None
    by_name = next((f"{project}_{kind}" for kind, name in rights.GROUPS.items() if name == asked), None)
    return next((one for one in (asked, f"{project}_{asked}", by_name) if one and groups.exists(call.site, one)), None)


def _username(call: Call, asked: str) -> str | None:
    """By number or name."""
    found = accounts.find(call.site, asked)
    if asked.isdecimal():
        found = next((one for one in accounts.everybody(call.site) if str(one["id"]) == asked), found)
    return str(found["username"]) if found else None


def _table(call: Call, project: str, *, status: int = 200) -> Answer:
    answer = tables.answer(call, _COLUMNS, _members(call, project), title="Projects")
    answer.status = status
    return answer


def _members(call: Call, project: str) -> Iterator[dict[str, Any]]:
    """Those who are enabled, group by group; who sees all data only where it is asked for."""
    shown = {f"{project}_{kind}": name for kind, name in rights.GROUPS.items()}
    if call.query.get("includeAllDataAccess") == "true":
        shown |= _ALL_DATA
    for group, name in shown.items():
        rows = call.site.storage.rows(
            "SELECT a.* FROM accounts a JOIN memberships m ON m.username = a.username "
            "WHERE m.group_id = ? AND a.enabled ORDER BY a.id",
            group,
        )
        for row in rows:
            values = (group, name, row["username"], row["first_name"], row["last_name"], row["email"])
            yield dict(zip(_COLUMNS, values, strict=True))


def _membership(group: str, project: Project) -> dict[str, Any]:
    return {
        "role": rights.GROUPS[group.rpartition("_")[2]],
        "group_id": group,
        "secondary_ID": project.running_title,
        "name": project.title,
        "description": project.item.text("description"),
        "ID": project.id,
        "URI": f"/data/projects/{project.id}",
    }
