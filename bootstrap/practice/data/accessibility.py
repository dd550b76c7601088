"""/data/projects/{ID}/accessibility: how open a project is. Any word that is no level means private."""

from __future__ import annotations

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import addresses, projects, rights
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

LEVELS = ("private", "protected", "public")
_LEVEL = "/data/projects/{PROJECT_ID}/accessibility"


@room.get(_LEVEL)
@room.get(_LEVEL + "/{ACCESS_LEVEL}")
def show(call: Call) -> Answer:
    return bodies.as_text(_project(call).accessibility)


@room.put(_LEVEL)
def put_nothing(call: Call) -> Answer:
    _project(call)
    return bodies.nothing()


@room.put(_LEVEL + "/{ACCESS_LEVEL}")
def put(call: Call) -> Answer:
    project = _project(call)
    if not rights.may_delete(call.site, call.caller, project.id):
        return bodies.status_page(403)
    return change(call, project, call.parts["ACCESS_LEVEL"]) or bodies.as_text(_project(call).accessibility)


def change(call: Call, project: Project, level: str) -> Answer | None:
    """None if it went well. A site that has private projects only lets nothing be changed, to private neither."""
    if not preferences.boolean(call.site, "securityAllowNonPrivateProjects"):
        return bodies.status_page(403)
    projects.set_accessibility(call.site, project.id, _known(level))
    return None


def first_level(call: Call) -> str:
    """Of a new project."""
    if asked := call.query.get("accessibility"):
        return _known(asked)
    return "protected" if preferences.boolean(call.site, "securityAllowNonPrivateProjects") else "private"


def _known(level: str) -> str:
    return level if level in LEVELS else "private"


def _project(call: Call) -> Project:
    project = addresses.project(call)
    if project is None:
        raise Refusal(bodies.status_page(404, f"Could not find the project with ID '{call.parts['PROJECT_ID']}'"))
    return project
