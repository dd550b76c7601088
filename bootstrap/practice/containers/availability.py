"""/xapi/.../commands/available: what can be run on a type of data, in a project or on the whole site."""

from __future__ import annotations

from typing import Any

from bootstrap.facts import type_ancestry
from bootstrap.practice.containers import access, enablement, requirements
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.commands.store import Command, Wrapper
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call


def named_project_reader(call: Call) -> bool:
    """Without its parameters this address is the one of a command whose id is `available`."""
    if "project" not in call.query or "xsiType" not in call.query:
        row_number("available")
    return access.PROJECT_READER(call)


@room.get("/xapi/commands/available", named_project_reader)
def available_in_named(call: Call) -> Answer:
    return bodies.as_json(_available(call, call.query["xsiType"], call.query["project"]))


@room.get("/xapi/projects/{project}/commands/available", access.with_parameters(access.PROJECT_READER, "xsiType"))
def available_in_project(call: Call) -> Answer:
    return bodies.as_json(_available(call, call.query["xsiType"], call.parts["project"]))


@room.get("/xapi/commands/available/site", SIGNED_IN)
def available_on_site(call: Call) -> Answer:
    """With `projects`, what all of them offer; a first one that offers nothing does not count."""
    xsi_type = access.required_parameter(call, "xsiType")
    if "projects" not in call.query:
        return bodies.as_json(_available(call, xsi_type, ""))
    common: list[dict[str, Any]] = []
    for project in call.query["projects"].split(","):
        offered = _available(call, xsi_type, project.strip())
        common = [one for one in common if one in offered] if common else offered
    return bodies.as_json(common)


def _available(call: Call, xsi_type: str, project: str) -> list[dict[str, Any]]:
    """Every wrapper for the type or one of its ancestors that the caller might use, switched on or not."""
    if not xsi_type.strip() or (project and not rights.may_read(call.site, call.caller, project)):
        return []
    return [
        _summary(call, command, wrapper, project)
        for command in store.all_commands(call.site)
        for wrapper in command.wrappers
        if _is_for(xsi_type, wrapper) and (not project or _is_offered(call, project, xsi_type, wrapper))
    ]


def _is_for(xsi_type: str, wrapper: Wrapper) -> bool:
    return any(type_ancestry.is_a(xsi_type, context) for context in wrapper.document["contexts"])


def _is_offered(call: Call, project: str, xsi_type: str, wrapper: Wrapper) -> bool:
    has_root = bool(wrapper.document["external-inputs"])
    return has_root and requirements.are_met(call, project, xsi_type, wrapper.document)


def _summary(call: Call, command: Command, wrapper: Wrapper, project: str) -> dict[str, Any]:
    roots = wrapper.document["external-inputs"]
    return {
        "command-id": command.id,
        "command-name": command.document["name"],
        "command-label": command.document.get("label"),
        "command-description": command.document.get("description"),
        "wrapper-id": wrapper.id,
        "wrapper-name": wrapper.name,
        "wrapper-label": wrapper.document.get("label"),
        "wrapper-description": wrapper.document.get("description"),
        "wrapper-contexts": wrapper.document["contexts"],
        "image-name": command.document["image"],
        "image-type": command.document["type"],
        "enabled": enablement.in_effect(call.site, wrapper.id, project),
        "root-element-name": roots[0]["name"] if roots else "",
    }
