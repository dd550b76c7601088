"""A command document as XNAT would read and keep it: known keys only, values of their types, defaults filled in.

Nothing is refused here: what fits no type stays as it is, so that any two documents can be compared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from bootstrap.facts.container_fields import Field, fields

Document = dict[str, Any]

SETUP_TYPES = ("docker-setup", "docker-wrapup")
# What a setup or wrapup command never gives back.
ONLY_OF_DOCKER = ("container-labels", "auto-remove", "shm-size", "network", "index", "hash")
_COMMAND_INPUT_TYPES = ("string", "boolean", "number", "select-one", "select-many", "file")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False, "": None}
_TAGGED = re.compile(r".+:[A-Za-z0-9_.-]+", re.DOTALL)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")


def normal(body: Mapping[str, Any]) -> Document:
    """In the order of the document, without ids."""
    document = _object("command", body)
    image = document.get("image")
    if isinstance(image, str) and image.strip() and not has_tag(image):
        document["image"] = f"{image}:latest"
    if document.get("type") in SETUP_TYPES:
        document = {key: value for key, value in document.items() if key not in ONLY_OF_DOCKER}
    return document


def normal_wrapper(body: Mapping[str, Any]) -> Document:
    return _object("wrapper", body)


def has_tag(image: str) -> bool:
    return _TAGGED.fullmatch(image) is not None


def _object(kind: str, body: Mapping[str, Any]) -> Document:
    found: Document = {}
    for field in fields()[kind]:
        if field.name == "id":
            continue
        value = body.get(field.name)
        value = body.get(field.alias) if value is None and field.alias else value
        value = _value(kind, field, value)
        if value is not None:
            found[field.name] = value
    return found


def _value(kind: str, field: Field, value: Any) -> Any:
    if value is not None:
        value = _objects(field, value) if field.of else _plain(field, value)
    if value is None:
        return field.default_value()
    return _kept_type(kind, value) if field.name == "type" else value


def _objects(field: Field, value: Any) -> Any:
    if field.type.startswith("object:"):
        return _object(field.of, value) if isinstance(value, Mapping) else value
    if isinstance(value, Mapping):  # by name, as the canonical form has them
        value = [{"name": name, **one} if isinstance(one, Mapping) else one for name, one in value.items()]
    if not isinstance(value, list):
        return value
    return [_object(field.of, one) if isinstance(one, Mapping) else one for one in value]


def _plain(field: Field, value: Any) -> Any:
    if field.type == "map":
        return {str(key): as_text(one) for key, one in value.items()} if isinstance(value, Mapping) else value
    if field.type == "texts":
        return [as_text(one) for one in value] if isinstance(value, list) else value
    return _READ.get(field.type, lambda one: one)(value)


def _kept_type(kind: str, value: Any) -> Any:
    """Types that the database does not have become those that it keeps instead."""
    if kind == "input":
        lower = "file" if value == "File" else value
        return lower if lower in _COMMAND_INPUT_TYPES else "string"
    return "string" if kind in ("external-input", "derived-input") and value == "file" else value


def as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def as_boolean(value: Any) -> Any:
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip(), value)
    return value != 0 if isinstance(value, int) else value


def as_integer(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return int(text) if _INTEGER.fullmatch(text) else text or None
    return int(value) if isinstance(value, float) and math.isfinite(value) else value


def as_number(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return float(text) if _NUMBER.fullmatch(text) else text or None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "text": as_text,
    "boolean": as_boolean,
    "integer": as_integer,
    "number": as_number,
}
