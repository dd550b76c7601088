"""/data/projects: the list."""

from __future__ import annotations

import re

from bootstrap.practice.data import rights
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.storage import Row

_COLUMNS = {
    "ID": "id",
    "secondary_ID": "running_title",
    "name": "title",
    "description": "description",
    "pi_firstname": "pi_first_name",
    "pi_lastname": "pi_last_name",
}


@room.get("/data/projects")
def list_projects(call: Call) -> Answer:
    rows = [
        {**{name: row[column] for name, column in _COLUMNS.items()}, "URI": f"/data/projects/{row['id']}"}
        for row in call.site.storage.rows("SELECT * FROM projects ORDER BY id")
        if rights.may_see(call.site, call.caller, row["id"]) and _is_asked_for(call, row)
    ]
    if wanted := call.query.get("columns"):
        kept = [*(name for name in wanted.split(",") if name in _COLUMNS), "URI"]
        rows = [{name: row[name] for name in kept} for row in rows]
    return bodies.table(rows)


def _is_asked_for(call: Call, row: Row) -> bool:
    """Columns are filters, with * for anything; for administrators only."""
    if not call.caller.is_admin:
        return True
    asked = [(column, call.query[name]) for name, column in _COLUMNS.items() if name in call.query]
    return all(_fits(pattern, row[column] or "") for column, pattern in asked)


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
