"""/xapi/containers: what was launched, listed and one by one; and the version of the service."""

from __future__ import annotations

from bootstrap.practice.containers import access, answers, container_access, container_pages
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import printing, records
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.containers.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body


@room.get("/xapi/containers/version", SIGNED_IN)
def version(_call: Call) -> Answer:
    return bodies.as_json(
        {"compatible": True, "xnat-version-detected": "1.9.2.1", "min-xnat-version-required": "1.8.5"}
    )


@room.get("/xapi/containers", SIGNED_IN)
def list_all(call: Call) -> Answer:
    return _listed(call, _asked(call, "1"))


@room.get("/xapi/projects/{project}/containers", SIGNED_IN)
def list_of_project(call: Call) -> Answer:
    return _listed(call, _asked(call, "project = ?", call.parts["project"]))


@room.post("/xapi/containers", SIGNED_IN, Body.OBJECT)
def page(call: Call) -> Answer:
    """Those that the caller may not see are there too, without what is private."""
    asked = container_pages.read(call.json)
    several = records.listed(call.site, asked.where, *asked.values, order=asked.order)
    return bodies.as_json([_shown(call, one) for one in several])


@room.get("/xapi/containers/{id}", SIGNED_IN)
def show(call: Call) -> Answer:
    return bodies.as_json(_shown(call, container_access.found(call)))


@room.get("/xapi/container/name/{name}", access.MANAGER)
@room.get("/xapi/projects/{project}/containers/name/{name}", SIGNED_IN)
def by_name(call: Call) -> Answer:
    """A name that nobody has is answered with nothing."""
    found = records.by_name(call.site, call.parts["name"], call.parts.get("project"))
    return bodies.as_json(_shown(call, found)) if found else bodies.nothing()


def _asked(call: Call, where: str, *values: str) -> list[Container]:
    only_open = call.query.get("nonfinalized", "").lower() == "true"
    return records.listed(call.site, f"{where} AND open" if only_open else where, *values)


def _listed(call: Call, several: list[Container]) -> Answer:
    seen = [one for one in several if container_access.sees(call, one)]
    return answers.acceptable(call, bodies.as_json([printing.whole(call.site, one) for one in seen]))


def _shown(call: Call, container: Container) -> Document:
    if container_access.sees(call, container):
        return printing.whole(call.site, container)
    return printing.scrubbed(container)
