"""/xapi/custom-fields: fields of any names at projects, subjects, experiments, scans and assessors.

What is there is checked by the access level already, as XNAT does it: who may not see everything is not told what is
missing, but that he may not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap.practice.data import archive, owners, rights
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal, as_bytes
from bootstrap.practice.http.rooms import Body

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_FRONT = "/xapi/custom-fields"
_KINDS = ("project", "subject", "experiment", "assessor", "scan")  # in the order of a path
_SESSION = "experiments/{experiment}"
_SESSIONS = (_SESSION, f"projects/{{project}}/{_SESSION}", f"projects/{{project}}/subjects/{{subject}}/{_SESSION}")
_PLACES = (
    *("projects/{project}", "projects/{project}/subjects/{subject}", "subjects/{subject}"),
    *(session + below for session in _SESSIONS for below in ("", "/scans/{scan}", "/assessors/{assessor}")),
)


def reads(call: Call) -> bool:
    found = _thing(call)
    return found is not None and rights.may_read(call.site, call.caller, owners.project(call.site, found))


def writes(call: Call) -> bool:
    """Owners; to what is in a project members too."""
    found = _thing(call)
    may = rights.may_delete if isinstance(found, Project) else rights.may_edit
    return found is not None and may(call.site, call.caller, owners.project(call.site, found))


def all_fields(call: Call) -> Answer:
    return _json(_stored(call.site, _key(call)))


def one_field(call: Call) -> Answer:
    """As text, whatever it is."""
    fields, name = _stored(call.site, _key(call)), call.parts["fieldName"]
    if name not in fields:
        raise _no_field(name)
    value = fields[name]
    return bodies.as_text(value if isinstance(value, str) else as_bytes(value).decode("utf-8", "replace"))


def put_fields(call: Call) -> Answer:
    """What is sent takes the place of the field of that name as a whole; what is no object changes nothing."""
    with call.site.storage.write():
        fields = _stored(call.site, _key(call))
        if isinstance(call.json, dict):
            fields |= call.json
            _store(call.site, _key(call), fields)
    return _json(fields)


def remove_field(call: Call) -> Answer:
    with call.site.storage.write():
        fields, name = _stored(call.site, _key(call)), call.parts["fieldName"]
        if name not in fields:
            raise _no_field(name)
        del fields[name]
        _store(call.site, _key(call), fields)
    return _json(fields)


for _place in _PLACES:
    _fields = f"{_FRONT}/{_place}/fields"
    room.get(_fields, reads)(all_fields)
    room.put(_fields, writes, Body.JSON)(put_fields)
    room.get(f"{_fields}/{{fieldName}}", reads)(one_field)
    room.delete(f"{_fields}/{{fieldName}}", writes)(remove_field)


def _thing(call: Call) -> Thing | None:
    """What the path names; None if something of it is not there and the caller sees only some of what is."""
    address = ""
    found: Thing | None = None
    for kind in (kind for kind in _KINDS if kind in call.parts):
        address += f"/{kind}s/{call.parts[kind]}"
        there = archive.find(call.site, address)
        if there is not None and not isinstance(there, Resource):
            found = there
        else:
            if not rights.sees_all_data(call.site, call.caller):
                return None
            raise Refusal(bodies.not_found(f"The following item(s) don't exist: {call.parts[kind]}"))
    return found


def _key(call: Call) -> str:
    """Of this very thing, not of another one that gets its name after it is gone."""
    found = _thing(call)
    if found is None:  # gone since the caller's right to it was looked at
        raise Refusal(bodies.nothing(404))
    owner, made = owners.of(found), found.created if isinstance(found, Project | Subject | Experiment) else 0
    return f"{owner.kind} {owner.id} {made}"


def _stored(site: Site, key: str) -> dict[str, Any]:
    found = site.storage.value("SELECT document FROM custom_fields WHERE owner = ?", key)
    return dict(json.loads(found)) if found else {}


def _store(site: Site, key: str, fields: dict[str, Any]) -> None:
    site.storage.change("INSERT OR REPLACE INTO custom_fields VALUES (?, ?)", key, json.dumps(fields))


def _no_field(name: str) -> Refusal:
    return Refusal(bodies.not_found(f"Field {name} does not exist."))


def _json(value: Any) -> Answer:
    """With what is null, unlike other answers."""
    return Answer(200, as_bytes(value), bodies.JSON)
