"""/xapi/containers, as far as no container has ever been launched: the version, and lists with nothing in them."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers
from bootstrap.practice.containers.problems import NotFound
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call


@room.get("/xapi/containers/version", SIGNED_IN)
def version(_call: Call) -> Answer:
    return bodies.as_json(
        {"compatible": True, "xnat-version-detected": "1.9.2.1", "min-xnat-version-required": "1.8.5"}
    )


@room.get("/xapi/containers", SIGNED_IN)
@room.get("/xapi/projects/{project}/containers", SIGNED_IN)
def list_all(_call: Call) -> Answer:
    return answers.exact_json([])


@room.get("/xapi/containers/{id}", SIGNED_IN)
@room.post("/xapi/containers/{id}/finalize", access.MANAGER)
def missing(call: Call) -> Answer:
    raise NotFound(f"No container with ID {call.parts['id']}")


@room.get("/xapi/container/name/{name}", access.MANAGER)
def by_name(_call: Call) -> Answer:
    """A name that nobody has is answered with nothing."""
    return bodies.nothing()
