"""Lists of what is built into XNAT: caches, schemas, data types, kinds of displays."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from bootstrap.practice import schemas
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, ANYBODY, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call

_CACHES = ("groups", "projects")
_DISPLAYS = (
    "browseable",
    "browseableCreateable",
    "createable",
    "searchable",
    "searchableByDesc",
    "searchableByPluralDesc",
)
_DISPLAYED = "SessionData", "subjectData", "projectData"


@room.get("/xapi/caching", ADMIN)
def caches(_call: Call) -> Answer:
    return bodies.as_json(_CACHES)


@room.get("/xapi/dicom_mappings", ADMIN)
def dicom_mappings(_call: Call) -> Answer:
    return bodies.as_json([])


@room.get("/xapi/schemas", ANYBODY)
def schema_names(_call: Call) -> Answer:
    return bodies.as_json(schemas.names())


@room.get("/xapi/schemas/datatypes", ANYBODY)
def data_types(_call: Call) -> Answer:
    return bodies.as_json(_built_in()["types"])


@room.get("/xapi/schemas/{schema}", ANYBODY)
def schema(call: Call) -> Answer:
    name = call.parts["schema"]
    return _schema(name, f"{name}/{name}")


@room.get("/xapi/schemas/{namespace}/{schema}", ANYBODY)
def schema_of_namespace(call: Call) -> Answer:
    name = f"{call.parts['namespace']}/{call.parts['schema']}"
    return _schema(name, name)


def _schema(name: str, file: str) -> Answer:
    text = schemas.text(name)
    if text is None:
        return bodies.not_found(f"classpath:schemas/{file}.xsd")
    return Answer(200, text.encode(), "application/xml;charset=UTF-8")


@room.get("/xapi/access/displays", SIGNED_IN)
def displays(_call: Call) -> Answer:
    return bodies.as_json(_DISPLAYS)


@room.get("/xapi/access/displays/{display}", SIGNED_IN)
def display(call: Call) -> Answer:
    name = call.parts["display"]
    if name not in _DISPLAYS:
        return bodies.advice(400, f'The requested element display "{name}" is not recognized.\n')
    shown = [one for one in _built_in()["types"] if one.endswith(_DISPLAYED)]
    return bodies.as_json([{"elementName": one} for one in shown])


@cache
def _built_in() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("bootstrap.facts").joinpath("data-types.json").read_text("utf-8"))
    return found
