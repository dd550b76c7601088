"""/data/projects/{ID}: made and changed by PUT, read and deleted; and made by POST to the list."""

from __future__ import annotations

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import (
    accessibility,
    addresses,
    contents,
    item_forms,
    project_names,
    project_settings,
    projects,
    rights,
    schema,
    submitted,
)
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_ONE = "/data/projects/{PROJECT_ID}"
_MAY_NOT_EDIT = "User account doesn't have permission to edit this project."


@room.get(_ONE)
def show(call: Call) -> Answer:
    project = addresses.project(call)
    if project is None:
        return bodies.status_page(404, "Unable to find the specified experiment.")
    return project_settings.show(call, project) if call.tail else item_forms.answer(call, project.item)


@room.put(_ONE)
def put(call: Call) -> Answer:
    """What the caller cannot see is to be made; that it is there already he learns late."""
    project, asked = addresses.project(call), call.parts["PROJECT_ID"]
    if call.caller.is_guest:
        return bodies.status_page(403)
    if project is None and not _may_create(call):
        text = f"User {call.caller.name} doesn't have permission to create projects on this system"
        return bodies.status_page(403, text)
    if project and not rights.may_delete(call.site, call.caller, asked):
        text = f"User {call.caller.name} doesn't have permission to edit the project {asked}"
        return bodies.status_page(403, text)
    if call.tail:
        return project_settings.put(call, project)
    said = submitted.read(call, schema.PROJECT)
    if said.type != schema.PROJECT:
        return bodies.nothing()
    _check(call, said)
    return _create(call, said) or bodies.nothing() if project is None else _change(call, project, said)


@room.post("/data/projects")
def post(call: Call) -> Answer:
    """Does not mind IDs of deleted projects."""
    said = submitted.read(call, schema.PROJECT)
    if said.type != schema.PROJECT:
        return bodies.nothing()
    project = said.fields.get("ID")
    if not project:
        return bodies.status_page(417, "Requires XNAT ProjectData ID")
    if not schema.is_id(project):
        return bodies.status_page(417, "Invalid character in project ID.")
    if projects.find(call.site, project):
        return bodies.status_page(409, "Project already exists.")
    if call.caller.is_guest or not _may_create(call):
        return bodies.status_page(403, _MAY_NOT_EDIT)
    _check_names(call, said)
    return _create(call, said) or addresses.created(call, project)


@room.delete(_ONE)
def delete(call: Call) -> Answer:
    project = addresses.project(call)
    if call.tail or project is None:
        return bodies.status_page(400)
    if not rights.may_delete(call.site, call.caller, project.id):
        return bodies.status_page(403)
    remove = submitted.is_true(call, "removeFiles")
    contents.delete_project(call.site, call.caller.name, project.id, remove_files=remove)
    return bodies.nothing()


def _may_create(call: Call) -> bool:
    return call.caller.is_admin or preferences.boolean(call.site, "uiAllowNonAdminProjectCreation")


def _check(call: Call, said: Item) -> None:
    """The ID, and whether this caller may write under it. Its case may differ from the path's."""
    site, asked = call.site, call.parts["PROJECT_ID"]
    project = said.fields.setdefault("ID", asked)
    if project.lower() != asked.lower():
        text = "The project ID for the REST call must match the value in submitted request body."
        raise Refusal(bodies.status_page(417, text))
    if not schema.is_id(project) and not submitted.is_true(call, "testHyphen"):
        raise Refusal(bodies.status_page(417, "Invalid character in project ID."))
    if rights.exists(site, project):
        if not rights.may_delete(site, call.caller, project):
            raise Refusal(bodies.status_page(403, _MAY_NOT_EDIT))
    elif projects.was_deleted(site, asked):
        text = f"Project '{asked}' was used in a previously deleted project and cannot be reused."
        raise Refusal(bodies.status_page(403, text))
    _check_names(call, said)


def _check_names(call: Call, said: Item) -> None:
    if conflicts := project_names.conflicts(call.site, said):
        raise Refusal(bodies.status_page(409, conflicts))


def _create(call: Call, said: Item) -> Answer | None:
    """None if it went well."""
    try:
        projects.create(call.site, call.caller.name, said, accessibility.first_level(call))
    except CannotBeStored:
        return bodies.status_page(500)
    return None


def _change(call: Call, project: Project, said: Item) -> Answer:
    """The fields are stored also if the accessibility is not."""
    if not rights.exists(call.site, said.fields["ID"]):
        return _create(call, said) or bodies.nothing()
    try:
        projects.change(call.site, said.fields["ID"], said)
    except CannotBeStored:
        return bodies.status_page(500)
    level = call.query.get("accessibility")
    if not level or level == project.accessibility:
        return bodies.nothing()
    return accessibility.change(call, project, level) or bodies.nothing()
