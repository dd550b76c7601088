"""/xapi/orchestration: for whoever is signed in; what a project chooses, for its owners."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, orchestrations
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_PROJECT = "/xapi/orchestration/project/{project}"


@room.get("/xapi/orchestration", SIGNED_IN)
def list_all(call: Call) -> Answer:
    return answers.exact_json([one.printed() for one in orchestrations.all_of(call.site)])


@room.post("/xapi/orchestration", access.after_reading("orchestration", SIGNED_IN), Body.OBJECT)
def put(call: Call) -> Answer:
    return answers.exact_json(orchestrations.put(call.site, call.json).printed())


@room.put("/xapi/orchestration/{id}/enabled/{enabled}", SIGNED_IN)
def switch(call: Call) -> Answer:
    number, on = row_number(call.parts["id"]), parameters.boolean(call.parts["enabled"], "boolean")
    orchestrations.switch(call.site, call.caller.name, number, on)
    return bodies.nothing()


@room.delete("/xapi/orchestration/{id}", SIGNED_IN)
def delete(call: Call) -> Answer:
    orchestrations.delete(call.site, row_number(call.parts["id"]))
    return bodies.nothing()


@room.get(_PROJECT, access.PROJECT_OWNER)
def available(call: Call) -> Answer:
    return answers.exact_json(orchestrations.available(call.site, call.parts["project"]))


@room.put(_PROJECT, access.PROJECT_OWNER)
def choose(call: Call) -> Answer:
    number = row_number(access.required_parameter(call, "orchestrationId", "long"))
    orchestrations.choose(call.site, call.caller.name, call.parts["project"], number)
    return bodies.nothing()


@room.delete(_PROJECT, access.PROJECT_OWNER)
def choose_none(call: Call) -> Answer:
    orchestrations.choose_none(call.site, call.parts["project"])
    return bodies.nothing()
