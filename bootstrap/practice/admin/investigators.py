"""/xapi/investigators: people whom projects name. Each name is there once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin.room import room
from bootstrap.practice.data import projects
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.projects import Project
from bootstrap.practice.http import bodies, json_fields, parameters
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_TYPE = "xnat:investigatorData"
_CLASS = "org.nrg.xapi.model.xft.Investigator"
_MORE = ("ID", "title", "institution", "department", "email", "phone")
_FIRST, _OTHERS = "PI", "investigators/investigator"  # places of a project
_DAY = 86400


@room.get("/xapi/investigators", SIGNED_IN)
def list_investigators(call: Call) -> Answer:
    rows = call.site.storage.rows("SELECT * FROM investigators ORDER BY lastname, firstname")
    everything = list(projects.everything(call.site))
    return bodies.as_json([_shown(row, everything) for row in rows])


@room.post("/xapi/investigators", SIGNED_IN, Body.JSON)
def make_investigator(call: Call) -> Answer:
    facts, first, last = _given(call)
    if not first or not last:
        return bodies.advice(400, "Can't create investigator without a first or last name.\n")
    _check_name(call.site, first, last)
    with call.site.storage.write() as db:
        made = db.execute(
            "INSERT INTO investigators (firstname, lastname, document, username, created) VALUES (?, ?, ?, ?, ?)",
            (first, last, json.dumps(facts), call.caller.name, call.site.clock.now()),
        )
    return _one(call.site, _by_number(call.site, made.lastrowid or 0))


@room.get("/xapi/investigators/{investigatorId}", SIGNED_IN)
def one_investigator(call: Call) -> Answer:
    return _one(call.site, _found(call))


@room.put("/xapi/investigators/{investigatorId}", SIGNED_IN, Body.JSON)
def change_investigator(call: Call) -> Answer:
    """Both names must be said; of the rest what is not said stays."""
    row = _found(call)
    if not _may_change(call, row):
        return bodies.denied(guest=False, realm="")
    facts, first, last = _given(call)
    for name, value in (("firstName", first), ("lastName", last)):
        if value is None:
            return bodies.wrapped(f"null value in entry: {name}=null")
    if (first, last) != (row["firstname"], row["lastname"]):
        _check_name(call.site, first or "", last or "")
    call.site.storage.change(
        "UPDATE investigators SET firstname = ?, lastname = ?, document = ? WHERE id = ?",
        *(first, last, json.dumps(json.loads(row["document"]) | facts), row["id"]),
    )
    return _one(call.site, _by_number(call.site, row["id"]))


@room.delete("/xapi/investigators/{investigatorId}", SIGNED_IN)
def remove_investigator(call: Call) -> Answer:
    row = _found(call)
    if not _may_change(call, row):
        return bodies.denied(guest=False, realm="", body="false")
    call.site.storage.change("DELETE FROM investigators WHERE id = ?", row["id"])
    return bodies.as_json(True)


def _may_change(call: Call, row: Row) -> bool:
    return call.caller.is_admin or row["username"] == call.caller.name


def _given(call: Call) -> tuple[dict[str, str], str | None, str | None]:
    """What is said, and the two names."""
    body = json_fields.an_object(call.json, _CLASS)
    facts = {name: value for name in _MORE if (value := json_fields.text(body, name)) is not None}
    return facts, json_fields.text(body, "firstname"), json_fields.text(body, "lastname")


def _check_name(site: Site, first: str, last: str) -> None:
    if site.storage.value("SELECT 1 FROM investigators WHERE firstname = ? AND lastname = ?", first, last):
        raise Refusal(bodies.advice(409, f"The resource of type {_TYPE} with the name {first} {last} already exists."))


def _found(call: Call) -> Row:
    return _by_number(call.site, parameters.integer(call.parts["investigatorId"]))


def _by_number(site: Site, number: int) -> Row:
    row = site.storage.row("SELECT * FROM investigators WHERE id = ?", number)
    if row is None:
        raise Refusal(bodies.not_found(f"No resource of type {_TYPE} with the ID or name ID = {number} exists."))
    return row


def _one(site: Site, row: Row) -> Answer:
    return bodies.as_json(_shown(row, list(projects.everything(site))))


def _shown(row: Row, everything: Sequence[Project]) -> dict[str, Any]:
    names = {"firstname": row["firstname"], "lastname": row["lastname"]}
    return {
        "insertDate": int(row["created"] // _DAY * _DAY * 1000),
        "insertUser": row["username"],
        "xnatInvestigatordataId": row["id"],
        **json.loads(row["document"]),
        **names,
        "primaryProjects": [one.id for one in everything if _names(one.item, _FIRST, names)],
        "investigatorProjects": [one.id for one in everything if _names(one.item, _OTHERS, names)],
        "xsitype": _TYPE,
    }


def _names(project: Item, place: str, names: Mapping[str, str]) -> bool:
    return any(child.fields.items() >= names.items() for child in project.children.get(place, ()))
