"""/data/projects/{ID}/pars: who was invited into a project."""

from __future__ import annotations

from datetime import UTC, datetime

from bootstrap.practice.admin import invitations
from bootstrap.practice.data import addresses, rights, tables
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_COLUMNS = (
    *("par_id", "proj_id", "secondary_id", "create_date", "level"),
    *("login", "email", "approval_date", "approved"),
)


@room.get("/data/projects/{PROJECT_ID}/pars")
def list_invitations(call: Call) -> Answer:
    """Nobody here ever says yes or no to one."""
    project = addresses.project(call)
    if project is None or not rights.may_see(call.site, call.caller, project.id):
        return bodies.status_page(404)
    if not rights.may_delete(call.site, call.caller, project.id):
        return bodies.status_page(403)
    rows = []
    for row in invitations.of_project(call.site, project.id):
        made = datetime.fromtimestamp(row["created"], UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        values = (row["id"], project.id, project.running_title, made, row["group_id"])
        rows.append(dict(zip(_COLUMNS, (*values, row["username"], row["invited"], "", ""), strict=True)))
    return tables.answer(call, _COLUMNS, rows, total=False)
