"""/xapi/commandeventmapping: whoever is signed in makes, switches and deletes them, also those of others."""

from __future__ import annotations

from bootstrap.practice.containers import mappings
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_ALL, _ONE = "/xapi/commandeventmapping", "/xapi/commandeventmapping/{id}"


@room.get(_ALL, SIGNED_IN)
def list_all(call: Call) -> Answer:
    """Those of projects that the caller may read."""
    several = mappings.all_of(call.site)
    readable = rights.readable(call.site, call.caller, (one.project for one in several))
    return bodies.as_json([one.printed() for one in several if one.project in readable])


@room.post(_ALL, SIGNED_IN, Body.OBJECT)
def create(call: Call) -> Answer:
    return bodies.as_json(mappings.create(call.site, call.caller.name, call.json).printed(), 201)


@room.get(_ONE, SIGNED_IN)
def show(call: Call) -> Answer:
    """Nothing where it is not there, or not the caller's to read."""
    found = mappings.find(call.site, row_number(call.parts["id"]))
    if found is None or not rights.may_read(call.site, call.caller, found.project):
        return bodies.nothing()
    return bodies.as_json(found.printed())


@room.delete(_ONE, SIGNED_IN)
def delete(call: Call) -> Answer:
    mappings.delete(call.site, row_number(call.parts["id"]))
    return bodies.nothing(204)


@room.put(f"{_ONE}/enable", SIGNED_IN)
def enable(call: Call) -> Answer:
    mappings.switch(call.site, row_number(call.parts["id"]), on=True)
    return bodies.nothing()


@room.put(f"{_ONE}/disable", SIGNED_IN)
def disable(call: Call) -> Answer:
    mappings.switch(call.site, row_number(call.parts["id"]), on=False)
    return bodies.nothing()
