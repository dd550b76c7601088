"""/xapi/dicomscp: receivers are made, changed, switched, removed, and started and stopped all together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bootstrap.practice.admin import receiver_checks, receivers
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies, json_fields, parameters
from bootstrap.practice.http.access import ADMIN, ANYBODY
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.java_order import hash_order

_CLASS = "org.nrg.dcm.scp.DicomSCPInstance"
_TEXTS = ("aeTitle", "identifier", "fileNamer", *receiver_checks.EXPRESSIONS)
_FLAGS = tuple(name for name, first in receivers.FIRST.items() if isinstance(first, bool))
_SHOWN = {"dicomObjectIdentifier": "Default DICOM object identifier (ClassicDicomObjectIdentifier)"}


@room.get("/xapi/dicomscp", ANYBODY)
def list_receivers(call: Call) -> Answer:
    return bodies.as_json(receivers.everything(call.site))


@room.post("/xapi/dicomscp", ADMIN, Body.JSON)
def make_receiver(call: Call) -> Answer:
    facts = receivers.FIRST | _given(call)
    if answer := receiver_checks.refused(call.site, facts):
        return answer
    number = receivers.make(call.site, facts)
    if facts["enabled"]:
        _port(receivers.cycle, call, facts["port"])
    return _stored(call, number)


@room.get("/xapi/dicomscp/{id}", ADMIN)
def one_receiver(call: Call) -> Answer:
    return bodies.as_json(_found(call))


@room.get("/xapi/dicomscp/title/{title}/{port}", ADMIN)
def receiver_by_title(call: Call) -> Answer:
    return bodies.as_json(by_title(call, call.parts["title"], parameters.integer(call.parts["port"])))


@room.put("/xapi/dicomscp/{id}", ADMIN, Body.JSON)
def change_receiver(call: Call) -> Answer:
    """Whatever is sent is stored; an ID in the body goes before that of the path."""
    given = _given(call)
    asked = json_fields.integer(call.json, "id")
    number = parameters.integer(call.parts["id"]) if asked is None else asked
    before = receivers.find(call.site, number)
    if before is None:
        raise Refusal(bodies.wrapped(f"No row with the given identifier exists: [{_CLASS}#{number}]"))
    after = before | given
    _check_place(call, number, after)
    receivers.change(call.site, number, given)
    if before["enabled"] or after["enabled"]:
        _port(receivers.cycle, call, after["port"])
    return _stored(call, number, hibernateLazyInitializer={})


@room.delete("/xapi/dicomscp/{id}", ADMIN)
def remove_receiver(call: Call) -> Answer:
    number = parameters.integer(call.parts["id"])
    found = receivers.find(call.site, number)
    if found is None:
        return bodies.not_found(f"Could not find DICOM SCP instance with ID {number}")
    _port(receivers.stop, call, found["port"])
    receivers.remove(call.site, number)
    receivers.cycle(call.site, found["port"])
    return bodies.nothing()


@room.get("/xapi/dicomscp/{id}/enabled", ADMIN)
def is_enabled(call: Call) -> Answer:
    return bodies.as_json(bool(_found(call)["enabled"]))


@room.put("/xapi/dicomscp/{id}/enabled/{flag}", ADMIN)
def set_enabled(call: Call) -> Answer:
    """Switched off, it takes the others of its port with it, until the port is started again."""
    found, wanted = _found(call), parameters.boolean(call.parts["flag"])
    if found["enabled"] != wanted:
        _port(receivers.check_port, call, found["port"])
        receivers.change(call.site, found["id"], {"enabled": wanted})
        (receivers.cycle if wanted else receivers.stop)(call.site, found["port"])
    return _stored(call, found["id"])


@room.put("/xapi/dicomscp/start", ADMIN)
def start_receivers(call: Call) -> Answer:
    with _failures_told():
        return bodies.as_json([_triple(one, started=True) for one in receivers.start_all(call.site)])


@room.put("/xapi/dicomscp/stop", ADMIN)
def stop_receivers(call: Call) -> Answer:
    with _failures_told():
        return bodies.as_json([_triple(one, started=False) for one in receivers.stop_all(call.site)])


@room.get("/xapi/dicomscp/identifiers", ANYBODY)
def identifiers(_call: Call) -> Answer:
    return bodies.as_json(_SHOWN)


@room.get("/xapi/dicomscp/identifiers/{beanId}", ANYBODY)
def identifier_class(call: Call) -> Answer:
    return bodies.raw_json(_class_of_identifier(call))


@room.put("/xapi/dicomscp/identifiers", ADMIN)
def forget_projects(_call: Call) -> Answer:
    """XNAT empties what its identifiers remember of projects; here they remember nothing."""
    return bodies.nothing()


@room.put("/xapi/dicomscp/identifiers/{beanId}", ADMIN)
def forget_projects_of_one(call: Call) -> Answer:
    _class_of_identifier(call)
    return bodies.nothing()


def by_title(call: Call, title: str, port: int) -> dict[str, Any]:
    found = receivers.at(call.site, title, port)
    if found is None:
        raise Refusal(bodies.not_found(f"No such instance with aeTitle '{title}' and port {port}"))
    return found


def _given(call: Call) -> dict[str, Any]:
    """What the body says, of what a receiver has."""
    body = json_fields.an_object(call.json, _CLASS)
    found: dict[str, Any] = {name: json_fields.text(body, name) for name in _TEXTS if name in body}
    found |= {name: json_fields.boolean(body, name) or False for name in _FLAGS if name in body}
    if "port" in body:
        found["port"] = json_fields.integer(body, "port") or 0
    if "whitelist" in body:
        items = json_fields.texts(body, "whitelist") or ()
        found["whitelist"] = hash_order(item.strip() for item in items if item.strip())
    return found


def _check_place(call: Call, number: int, after: Mapping[str, Any]) -> None:
    other = receivers.at(call.site, after.get("aeTitle"), after["port"])
    if other and other["id"] != number and after.get("aeTitle") is not None:
        raise Refusal(bodies.wrapped("could not execute statement; SQL [n/a]; constraint [null]"))


def _port(act: Callable[[Any, int], None], call: Call, port: int) -> None:
    with _failures_told():
        act(call.site, port)


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except receivers.PortFails as failure:
        raise Refusal(bodies.wrapped(failure)) from failure


def _found(call: Call) -> dict[str, Any]:
    number = parameters.integer(call.parts["id"])
    found = receivers.find(call.site, number)
    if found is None:
        raise Refusal(bodies.not_found(f"DicomSCPInstance(id: {number})"))
    return found


def _stored(call: Call, number: int, **more: Any) -> Answer:
    return bodies.as_json((receivers.find(call.site, number) or {}) | more)


def _triple(one: Mapping[str, Any], *, started: bool) -> dict[str, Any]:
    return {"left": one.get("aeTitle"), "middle": one["port"], "right": started}


def _class_of_identifier(call: Call) -> str:
    name = call.parts["beanId"]
    known = receiver_checks.IDENTIFIERS
    found = known["dicomObjectIdentifier"] if name == "default" else known.get(name)
    if found is None:
        raise Refusal(bodies.not_found(f"Couldn't find DICOM object identifier with ID {name}"))
    return found
