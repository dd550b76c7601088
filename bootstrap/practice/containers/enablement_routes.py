"""Wrappers switched on and off: by id, or by command and name; for the site and in projects."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, enablement
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call

BY_ID = "/wrappers/{wrapperId}"
BY_NAME = "/commands/{commandId}/wrappers/{wrapperName}"
_PROJECT = "/xapi/projects/{project}"


def wrapper_of(call: Call) -> int:
    """Of the id nothing is known but that it is a number; a name must be there."""
    if "wrapperId" in call.parts:
        return row_number(call.parts["wrapperId"])
    return store.wrapper_number(call.site, row_number(call.parts["commandId"]), call.parts["wrapperName"])


@room.get(f"/xapi{BY_ID}/enabled", access.MANAGER)
@room.get(f"/xapi{BY_NAME}/enabled", access.MANAGER)
def read_site(call: Call) -> Answer:
    return answers.exact_json(enablement.for_site(call.site, wrapper_of(call)))


@room.put(f"/xapi{BY_ID}/enabled", access.MANAGER)
@room.put(f"/xapi{BY_NAME}/enabled", access.MANAGER)
def enable_for_site(call: Call) -> Answer:
    return _switch(call, on=True)


@room.put(f"/xapi{BY_ID}/disabled", access.MANAGER)
@room.put(f"/xapi{BY_NAME}/disabled", access.MANAGER)
def disable_for_site(call: Call) -> Answer:
    return _switch(call, on=False)


@room.get(f"{_PROJECT}{BY_ID}/enabled", ANYBODY)
@room.get(f"{_PROJECT}{BY_NAME}/enabled", ANYBODY)
def read_project(call: Call) -> Answer:
    access.must_manage_or_own(call, "Edit")
    project, wrapper = call.parts["project"], wrapper_of(call)
    return answers.exact_json(
        {
            "enabled-for-site": enablement.for_site(call.site, wrapper),
            "enabled-for-project": enablement.for_project(call.site, wrapper, project),
            "project": project,
        }
    )


@room.put(f"{_PROJECT}{BY_ID}/enabled", ANYBODY)
@room.put(f"{_PROJECT}{BY_NAME}/enabled", ANYBODY)
def enable_for_project(call: Call) -> Answer:
    access.must_manage_or_own(call, "Delete")
    return _switch(call, on=True, project=call.parts["project"])


@room.put(f"{_PROJECT}{BY_ID}/disabled", ANYBODY)
@room.put(f"{_PROJECT}{BY_NAME}/disabled", ANYBODY)
def disable_for_project(call: Call) -> Answer:
    access.must_manage_or_own(call, "Delete")
    return _switch(call, on=False, project=call.parts["project"])


@room.get(f"/xapi{BY_ID}/projects", access.MANAGER)
def list_projects(call: Call) -> Answer:
    return answers.exact_json(enablement.projects_of(call.site, wrapper_of(call)))


def _switch(call: Call, *, on: bool, project: str = "") -> Answer:
    reason = call.query.get("reason", "")
    enablement.switch(call.site, call.caller.name, wrapper_of(call), on, project=project, reason=reason)
    return bodies.nothing()
