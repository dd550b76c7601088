"""/xapi/commands: listed, shown, made, changed, deleted, and how visible they are."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, enablement
from bootstrap.practice.containers.commands import changes, reading, store
from bootstrap.practice.containers.commands.visibility import seen_by
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.problems import BadRequest
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body


@room.get("/xapi/commands", ANYBODY)
def list_commands(call: Call) -> Answer:
    asked = {name: call.query.get(name, "").strip() and call.query[name] for name in ("name", "version", "image")}
    only_enabled = parameters.boolean(call.query.get("restrictToEnabledForSite") or "false", "boolean")
    if asked["version"] and not asked["name"]:
        raise BadRequest('Bad request:\nIf "version" is specified, must specify "name" as well.')
    commands = store.all_commands(call.site, **asked)
    if only_enabled:
        commands = [one for one in commands if any(enablement.for_site(call.site, own.id) for own in one.wrappers)]
    return answers.exact_json([command.printed() for command in seen_by(call, commands)])


@room.get("/xapi/commands/{id}", ANYBODY)
def show(call: Call) -> Answer:
    """Nothing, with 200, for one that is hidden from the caller."""
    command = store.get(call.site, row_number(call.parts["id"]))
    return answers.exact_json(command.printed()) if seen_by(call, [command]) else bodies.nothing()


@room.post("/xapi/commands", ANYBODY, Body.OBJECT)
def create(call: Call) -> Answer:
    document = reading.created(call.json, access.parameter(call, "image"))
    access.must_manage(call)
    return answers.exact_json(changes.create(call.site, document), 201)


@room.post("/xapi/commands/{id}", ANYBODY, Body.OBJECT)
def update(call: Call) -> Answer:
    number, document = row_number(call.parts["id"]), reading.updated(call.json)
    access.must_manage(call)
    changes.update(call.site, number, document)
    return bodies.nothing()


@room.delete("/xapi/commands/{id}", ANYBODY)
def delete(call: Call) -> Answer:
    number = row_number(call.parts["id"])
    access.must_manage(call)
    changes.delete(call.site, number)
    return bodies.nothing(204)


@room.post("/xapi/command/{id}/visibility/{visibility}", access.MANAGER)
def set_visibility(call: Call) -> Answer:
    changes.set_visibility(call.site, row_number(call.parts["id"]), call.parts["visibility"])
    return bodies.nothing()
