"""Configurations of wrappers: read, replaced and deleted, for the site and for projects."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, configuration
from bootstrap.practice.containers.enablement_routes import BY_ID, BY_NAME, wrapper_of
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_PROJECT = "/xapi/projects/{project}"
_WRITE_SITE = access.after_reading("configuration", access.MANAGER)
_WRITE_PROJECT = access.after_reading("configuration", access.PROJECT_OWNER)


@room.get(f"/xapi{BY_ID}/config", access.MANAGER)
@room.get(f"/xapi{BY_NAME}/config", access.MANAGER)
@room.get(f"{_PROJECT}{BY_ID}/config", access.PROJECT_OWNER)
@room.get(f"{_PROJECT}{BY_NAME}/config", access.PROJECT_OWNER)
def read(call: Call) -> Answer:
    return answers.exact_json(configuration.read(call.site, wrapper_of(call), _project(call)))


@room.post(f"/xapi{BY_ID}/config", _WRITE_SITE, Body.OBJECT)
@room.post(f"/xapi{BY_NAME}/config", _WRITE_SITE, Body.OBJECT)
@room.post(f"{_PROJECT}{BY_ID}/config", _WRITE_PROJECT, Body.OBJECT)
@room.post(f"{_PROJECT}{BY_NAME}/config", _WRITE_PROJECT, Body.OBJECT)
def write(call: Call) -> Answer:
    configuration.write(
        call.site,
        call.caller.name,
        wrapper_of(call),
        call.json,
        enable=parameters.boolean(call.query.get("enable") or "true", "boolean"),
        project=_project(call),
        reason=call.query.get("reason", ""),
    )
    return bodies.nothing(201)


@room.delete(f"/xapi{BY_ID}/config", access.MANAGER)
@room.delete(f"/xapi{BY_NAME}/config", access.MANAGER)
@room.delete(f"{_PROJECT}{BY_ID}/config", access.PROJECT_OWNER)
@room.delete(f"{_PROJECT}{BY_NAME}/config", access.PROJECT_OWNER)
def delete(call: Call) -> Answer:
    configuration.delete(call.site, call.caller.name, wrapper_of(call), _project(call))
    return bodies.nothing(204)


def _project(call: Call) -> str:
    return call.parts.get("project", "")
