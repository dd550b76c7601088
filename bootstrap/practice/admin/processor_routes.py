"""/xapi/processors: archive processors are listed, made, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.practice.admin import processors
from bootstrap.practice.admin.receiver_routes import by_title
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies, json_fields, parameters
from bootstrap.practice.http.access import ADMIN, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body

_CLASS = "org.nrg.xnat.entities.ArchiveProcessorInstance"
_TEXTS = ("label", "scope", "location", "processorClass")
_SUMMARY = ("label", "location", "priority", "processorClass")
_AT_READING = "AfterDicomRead"
_ONE = "/xapi/processors/site/id/{instanceId}"


@room.get("/xapi/processors/classes", ADMIN)
def classes(_call: Call) -> Answer:
    return bodies.as_json(processors.CLASSES)


@room.get("/xapi/processors/site/list", ADMIN)
def list_processors(call: Call) -> Answer:
    return bodies.as_json(processors.of_site(call.site))


@room.get("/xapi/processors/site/enabled", ADMIN)
def list_enabled(call: Call) -> Answer:
    """XNAT shows those that are off among them."""
    return bodies.as_json(processors.of_site(call.site))


@room.get("/xapi/processors/site/enabled/receiver/{aeAndPort}", ADMIN)
def list_of_receiver(call: Call) -> Answer:
    receiver = call.parts["aeAndPort"]
    return bodies.as_json([one for one in processors.of_site(call.site) if processors.is_for(one, receiver)])


@room.get("/xapi/processors/site/enabled/summary", SIGNED_IN)
def summary(call: Call) -> Answer:
    return bodies.as_json([{name: one.get(name) for name in _SUMMARY} for one in processors.of_site(call.site)])


@room.get("/xapi/processors/site/canRemap/receiver/{aeAndPort}", SIGNED_IN)
def can_remap(call: Call) -> Answer:
    """Whether what comes in there gets the identifiers that somebody has asked for."""
    title, _, port = call.parts["aeAndPort"].rpartition(":")
    receiver = by_title(call, title, parameters.integer(port))
    remapping = (one for one in processors.of_site(call.site) if one["processorClass"] == processors.REMAPPING)
    applies = any(one["enabled"] and processors.is_for(one, receiver["label"]) for one in remapping)
    return bodies.as_json(receiver["customProcessing"] and applies)


@room.post("/xapi/processors/site/create", ADMIN, Body.JSON)
def make_processor(call: Call) -> Answer:
    """The answer leaves out lists that were not sent."""
    facts = {"priority": 0, "enabled": True} | _given(call)
    wanted = facts.get("processorClass")
    if not wanted:
        return bodies.advice(400, "You must specify a processor class to create a site processor instance.\n")
    if wanted not in processors.CLASSES:
        return bodies.advice(400, f"The specified processor class {wanted} does not exist.\n")
    if facts.get("location") == _AT_READING and facts.get("projectIdsList"):
        text = f"You can't specify a list of projects for a processor at the location {_AT_READING}.\n"
        return bodies.advice(400, text)
    made = processors.find(call.site, processors.make(call.site, facts)) or {}
    left_out = [name for name in processors.LISTS if name not in facts]
    return bodies.as_json({name: value for name, value in made.items() if name not in left_out})


@room.get(_ONE, ADMIN)
def one_processor(call: Call) -> Answer:
    return bodies.as_json(_found(call))


@room.put(_ONE, ADMIN, Body.JSON)
def change_processor(call: Call) -> Answer:
    """What is not sent or blank stays as it is, but for priority, parameters and whether it is on."""
    found, given = _found(call), _given(call)
    wanted = given.get("processorClass")
    if wanted not in processors.CLASSES:
        named = "null" if wanted is None else wanted
        return bodies.advice(400, f"The specified processor class {named} can't be found on this system.\n")
    always = {"priority": 0, "parameters": None, "enabled": True} | {
        name: given[name] for name in ("priority", "parameters", "enabled") if name in given
    }
    if not processors.change(call.site, found["id"], _said(given) | always):
        return bodies.nothing(304)
    return bodies.as_json(_found(call))


@room.delete(_ONE, ADMIN)
def remove_processor(call: Call) -> Answer:
    processors.remove(call.site, _found(call)["id"])
    return bodies.as_json(True)


def _found(call: Call) -> dict[str, Any]:
    number = parameters.integer(call.parts["instanceId"], "long")
    found = processors.find(call.site, number)
    if found is None:
        raise Refusal(bodies.not_found(f"No resource of type archive processor with the ID {number} exists."))
    return found


def _given(call: Call) -> dict[str, Any]:
    """What the body says and is not null."""
    body = json_fields.an_object(call.json, _CLASS)
    said: dict[str, Any] = {name: json_fields.text(body, name) for name in _TEXTS}
    said |= {name: _list(json_fields.texts(body, name)) for name in processors.LISTS}
    said |= {"priority": json_fields.integer(body, "priority"), "enabled": json_fields.boolean(body, "enabled")}
    said["parameters"] = json_fields.text_map(body, "parameters")
    return {name: value for name, value in said.items() if value is not None}


def _list(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else list(values)


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}
