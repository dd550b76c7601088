"""Wrappers one at a time: added, changed by their id, deleted."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers
from bootstrap.practice.containers.commands import changes, reading
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body


@room.post("/xapi/commands/{id}/wrappers", ANYBODY, Body.OBJECT)
def add(call: Call) -> Answer:
    number, document = row_number(call.parts["id"]), reading.created_wrapper(call.json)
    access.must_manage(call)
    return answers.exact_json(changes.add_wrapper(call.site, number, document), 201)


@room.post("/xapi/commands/{commandId}/wrappers/{wrapperId}", ANYBODY, Body.OBJECT)
def update(call: Call) -> Answer:
    command, wrapper = row_number(call.parts["commandId"]), row_number(call.parts["wrapperId"])
    document = reading.updated_wrapper(call.json)
    access.must_manage(call)
    changes.update_wrapper(call.site, command, wrapper, document)
    return bodies.nothing()


@room.delete("/xapi/wrappers/{wrapperId}", ANYBODY)
def delete(call: Call) -> Answer:
    number = row_number(call.parts["wrapperId"])
    access.must_manage(call)
    changes.delete_wrapper(call.site, number)
    return bodies.nothing(204)
