"""Catalogs made to fit what lies in their folders: /data/services/refresh/catalog, /xapi/archive/catalogs/refresh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bootstrap.practice.data import archive, files, owners, resource_routes, resources, rights
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body

_OPERATIONS = ("append", "checksum", "delete", "populatestats")


@room.get("/data/services/refresh/catalog")
def not_by_get(_call: Call) -> Answer:
    return bodies.status_page(404)


@room.post("/data/services/refresh/catalog")
def refresh(call: Call) -> Answer:
    """One after the other; the first that fails ends it."""
    said = [word for text in call.query.getlist("options") for word in text.split(",")]
    said += [name for name in call.query if call.query[name].lower() == "true"]
    for address in call.query.getlist("resource"):
        if not address.startswith("/archive/"):
            return bodies.status_page(400, f"Malformed URI: {address}")
        thing, project = _found(call, address)
        if thing is None:
            return bodies.status_page(400, f"Cannot locate archivable item securing {address}")
        if not rights.may_edit(call.site, call.caller, project):
            return bodies.status_page(403)
        _refresh(call, thing, said)
    return bodies.nothing()


@room.put("/xapi/archive/catalogs/refresh", ANYBODY, Body.ARRAY)
def refresh_all(call: Call) -> Answer:
    return _refresh_listed(call, [])


@room.put("/xapi/archive/catalogs/refresh/{operations}", ANYBODY, Body.ARRAY)
def refresh_some(call: Call) -> Answer:
    return _refresh_listed(call, call.parts["operations"].split(","))


def _refresh_listed(call: Call, said: list[str]) -> Answer:
    for address in call.json:
        thing, project = _found(call, str(address))
        if thing is None:
            raise Refusal(bodies.not_found(str(address)))
        if not rights.may_edit(call.site, call.caller, project):
            return bodies.nothing(403)
        _refresh(call, thing, said)
    return bodies.nothing()


def _found(call: Call, address: str) -> tuple[Thing | Resource | None, str]:
    """With its project; None for what the caller may not see."""
    found = archive.find(call.site, address)
    above = owners.thing(call.site, found.owner) if isinstance(found, Resource) else found
    project = owners.project(call.site, above) if above else ""
    return (found, project) if above and rights.may_read(call.site, call.caller, project) else (None, "")


def _refresh(call: Call, thing: Thing | Resource, said: Iterable[str]) -> None:
    """If no operation is among what is said, all of them are meant."""
    wanted = {word.lower() for word in said} & set(_OPERATIONS) or set(_OPERATIONS)
    append, checksum, delete, counts = (name in wanted for name in _OPERATIONS)
    for resource in _resources(call, thing):
        files.refresh(
            *(call.site, call.caller.name, resource), append=append, checksum=checksum, delete=delete, counts=counts
        )


def _resources(call: Call, thing: Thing | Resource) -> Iterator[Resource]:
    if isinstance(thing, Resource):
        yield thing
        return
    yield from resources.of(call.site, owners.of(thing))
    yield from (resource for _, resource in resource_routes.list_below(call, thing))
