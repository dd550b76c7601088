"""GET /xapi/.../launch and .../bulklaunch: what a user is shown before he launches."""

from __future__ import annotations

from bootstrap.practice.containers import access, given_values
from bootstrap.practice.containers import server as servers
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.launch_routes import BY_ID, BY_NAME
from bootstrap.practice.containers.launching.staging import project_of_given
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.problems import BadRequest, NotFound, Problem
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import LaunchFailed, NotThere
from bootstrap.practice.containers.resolution.form import Unfillable, form
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call

_NO_SERVER = "No container server defined."


def show(call: Call) -> Answer:
    return bodies.as_json(_form(call, given_values.of_query(call)))


def show_for_many(call: Call) -> Answer:
    target = access.required_parameter(call, "sampleTarget")
    root = access.required_parameter(call, "rootElement")
    return bodies.as_json(_form(call, {root: target}, bulk_root=root))


def _form(call: Call, given: dict[str, str], *, bulk_root: str = "") -> object:
    context = _context(call, given)
    server = servers.find(call.site)
    if server is None:
        raise NotFound(_NO_SERVER)
    try:
        return form(context, server, bulk_root=bulk_root)
    except Unfillable as error:
        text = "The command has failed in the pre-resolution step.\nThe following required fields cannot be resolved"
        raise BadRequest(f"{text} using the provided data: {error}") from error
    except NotThere as error:
        raise NotFound(error.text) from error
    except LaunchFailed as error:
        raise Problem(f"The command could not be resolved.\n{error.text}") from error


def _context(call: Call, given: dict[str, str]) -> Context:
    parts = call.parts
    if "wrapperName" in parts:
        number = store.wrapper_number(call.site, row_number(parts["commandId"]), parts["wrapperName"])
    else:
        number = row_number(parts["wrapperId"])
    command = store.command_of(call.site, number)
    wrapper = next(one for one in command.wrappers if one.id == number)
    project = parts.get("project") or project_of_given(call.site, wrapper.document, given)
    return Context(call.site, call.caller, command, wrapper, given, project)


for _path in (BY_ID, BY_NAME):
    for _last, _handler in (("launch", show), ("bulklaunch", show_for_many)):
        room.get(f"/xapi{_path}/{_last}", ANYBODY)(_handler)
        room.get(f"/xapi/projects/{{project}}{_path}/{_last}", access.PROJECT_READER)(_handler)
