"""/data/projects: the list. Some parameters make another list of it, see project_search.py."""

from __future__ import annotations

from bootstrap.practice.admin import accounts
from bootstrap.practice.data import listing, project_search, projects, rights, schema, tables
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_DEFAULT = ("ID", "secondary_ID", "name", "description", "pi_firstname", "pi_lastname")
_URI = "URI"


@room.get("/data/projects")
def list_projects(call: Call) -> Answer:
    if "fields" in call.query:
        return listing.fields(call, schema.PROJECT)
    if "permissions" in call.query:
        return project_search.by_permission(call)
    if call.query.get("format") == "search_xml":
        return bodies.not_built("the list of projects as a stored search")
    if project_search.is_meant(call):
        return project_search.answer(call)
    columns = listing.columns(call, schema.PROJECT, _DEFAULT)
    entries = [listing.Entry(project.item) for project in projects.everything(call.site) if _is_listed(call, project)]
    rows = [
        {column.name: entry.value(column) for column in columns} | {_URI: f"/data/projects/{entry.item.text('ID')}"}
        for entry in entries
    ]
    return tables.answer(call, [*(column.name for column in columns), _URI], rows)


def _is_listed(call: Call, project: Project) -> bool:
    """Filters are looked at for those only who see every project; the others get all that they may see."""
    if _sees_everything(call):
        return listing.fits(call, schema.PROJECT, listing.Entry(project.item))
    if call.query.get("restrict") in ("edit", "delete"):
        return rights.group_of(call.site, call.caller, project.id) == "owner"
    return rights.is_listed(call.site, call.caller, project.id)


def _sees_everything(call: Call) -> bool:
    if accounts.is_in(call.site, call.caller.name, accounts.ALL_DATA_ADMIN):
        return True
    return call.caller.is_admin and call.query.get("allDataOverride", "").lower() == "true"
