"""/data/projects/{ID}: made by PUT, deleted, and who may read it."""

from __future__ import annotations

import re

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import projects, rights
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

LEVELS = ("private", "protected", "public")


@room.put("/data/projects/{PROJECT_ID}")
def put(call: Call) -> Answer:
    site, project = call.site, call.parts["PROJECT_ID"]
    if call.tail:
        return bodies.status_page(400)
    if call.caller.is_guest:
        return bodies.status_page(403)
    if call.body() or set(call.query) - {"accessibility", "XNAT_CSRF"}:
        return bodies.not_built("fields of a project")
    if projects.find(site, project):
        return _change(call, project)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", project):
        return bodies.status_page(417, "Invalid character in project ID.")
    if not call.caller.is_admin and not preferences.boolean(site, "uiAllowNonAdminProjectCreation"):
        return bodies.status_page(403)
    if projects.was_deleted(site, project):
        text = f"Project '{project}' was used in a previously deleted project and cannot be reused."
        return bodies.status_page(403, text)
    projects.create(site, call.caller.name, project, _first_level(call))
    return bodies.nothing()


@room.delete("/data/projects/{PROJECT_ID}")
def delete(call: Call) -> Answer:
    site, project = call.site, call.parts["PROJECT_ID"]
    if call.tail or not projects.find(site, project):
        return bodies.status_page(400)
    if not rights.may_delete(site, call.caller, project):
        return bodies.status_page(403)
    projects.delete(site, call.caller.name, project)
    return bodies.nothing()


def _change(call: Call, project: str) -> Answer:
    level = call.query.get("accessibility")
    if not rights.may_edit(call.site, call.caller, project):
        return bodies.status_page(403)
    if level is None or level == rights.accessibility(call.site, project):
        return bodies.nothing()
    if not preferences.boolean(call.site, "securityAllowNonPrivateProjects"):
        return bodies.status_page(403)
    projects.set_accessibility(call.site, project, level if level in LEVELS else "private")
    return bodies.nothing()


def _first_level(call: Call) -> str:
    asked = call.query.get("accessibility")
    if asked is None:
        open_by_default = preferences.boolean(call.site, "securityAllowNonPrivateProjects")
        return "protected" if open_by_default else "private"
    return asked if asked in LEVELS else "private"
