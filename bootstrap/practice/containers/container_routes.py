"""What is done with a container: killed, finalised by hand, its record deleted."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, container_access
from bootstrap.practice.containers.launching import finalising, records, running
from bootstrap.practice.containers.problems import NotAllowed, NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call


@room.post("/xapi/containers/{id}/kill", SIGNED_IN)
@room.post("/xapi/projects/{project}/containers/{id}/kill", access.PROJECT_READER)
def kill(call: Call) -> Answer:
    container = container_access.found(call)
    if not container_access.may_end(call, container):
        raise NotAllowed(f"User {call.caller.name} cannot kill container {container.id}.")
    if not container.is_open:
        raise NotFound(f"No such container: {container.engine_id}")
    running.kill(call.site, call.caller.name, container)
    return answers.bare_text(call, container.engine_id)


@room.post("/xapi/containers/{id}/finalize", access.MANAGER)
def finalise(call: Call) -> Answer:
    """One that is at its end already stays as it is."""
    container = container_access.found(call)
    if records.has_step(call.site, container.id, *records.PENDING):
        finalising.finalise(call.site, container.id)
    return bodies.nothing()


@room.delete("/xapi/containers/{id}", SIGNED_IN)
def delete(call: Call) -> Answer:
    """The record only: what runs goes on running."""
    container = container_access.found(call)
    if not container_access.may_end(call, container):
        raise NotAllowed(f"User {call.caller.name} cannot delete container {container.id}.")
    records.delete(call.site, container.id)
    return bodies.nothing(204)
