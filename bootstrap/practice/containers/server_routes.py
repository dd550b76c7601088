"""/xapi/docker/server: which engine, and whether it answers."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, engine, server
from bootstrap.practice.containers.problems import NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body


def _readable(call: Call) -> bool:
    call.json = server.read(call.json)
    return access.MANAGER(call)


@room.get("/xapi/docker/server", ANYBODY)
def show(call: Call) -> Answer:
    """500 where nothing can be reached at its address, whatever is stored."""
    found = server.find(call.site)
    if found is None:
        raise NotFound("No container server defined.")
    return bodies.as_json(found.printed(ping=engine.answers(found)))


@room.post("/xapi/docker/server", access.after_reading("server", _readable), Body.OBJECT)
def replace(call: Call) -> Answer:
    """Stored first and asked afterwards."""
    stored = server.replace(call.site, call.json)
    return bodies.as_json(stored.printed(ping=engine.answers(stored)), 201)


@room.get("/xapi/docker/server/ping", ANYBODY)
def ping(call: Call) -> Answer:
    engine.ping(server.get(call.site))
    return answers.bare_text(call, "OK")
