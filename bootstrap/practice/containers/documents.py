"""A JSON body read into a document of the Container Service, by the table of its fields, as forgiving as XNAT's mapper.

Fields that are unknown are not looked at; null is the same as absent; texts become numbers and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bootstrap.facts.container_fields import Field, fields
from bootstrap.practice.containers.problems import Broken, Unreadable
from bootstrap.practice.containers.scalars import as_boolean, as_integer, as_number, as_text

Document = dict[str, Any]

_SCALARS: dict[str, Callable[[Any, str], Any]] = {
    "text": as_text,
    "boolean": as_boolean,
    "integer": as_integer,
    "number": as_number,
    "json": lambda value, _where: value,
}
_ITEMS: dict[str, Callable[[Any, str], Any]] = {"texts": as_text, "integers": as_integer}


def read(kind: str, body: Any, *, creating: bool = False) -> Document:
    """With every default filled in. `creating`: the other spellings that only the creation knows count too."""
    if not isinstance(body, dict):
        raise Unreadable(f"Cannot construct instance of {kind}: an object was expected")
    document: Document = {}
    for field in fields()[kind]:
        value = _read_field(field, _sent(field, body, creating), creating)
        if value is not None:
            document[field.name] = value
        elif field.needed:
            raise Unreadable(f"Cannot construct instance of {kind}, problem: Null {field.name}")
    return document


def with_nulls(kind: str, document: Document) -> Document:
    """Every field of its kind, null where it has none."""
    return {field.name: document.get(field.name) for field in fields()[kind]}


def check_lengths(kind: str, document: Document) -> None:
    """A Problem with 500 for the first text that its column cannot hold."""
    for field in fields()[kind]:
        value = document.get(field.name)
        if value is None:
            continue
        if field.limit and any(len(text) > field.limit for text in _texts_in(value)):
            raise Broken("could not execute statement; nested exception is a DataException: value too long for type")
        if field.of:
            for one in value if isinstance(value, list) else [value]:
                check_lengths(field.of, one)


def _sent(field: Field, body: dict[str, Any], creating: bool) -> Any:
    value = body.get(field.name)
    return body.get(field.alias) if value is None and creating and field.alias else value


def _read_field(field: Field, value: Any, creating: bool) -> Any:
    if value is None:
        return field.default_value()
    if field.of:
        return _read_objects(field, value, creating)
    if field.type == "map":
        return _read_map(value, field.name)
    if field.type in _ITEMS:
        return [_item(_ITEMS[field.type](one, field.name), field.name) for one in _list(value, field.name)]
    read_value = _SCALARS[field.type](value, field.name)
    return field.default_value() if read_value is None else read_value


def _read_objects(field: Field, value: Any, creating: bool) -> Any:
    if field.type.startswith("object:"):
        return read(field.of, value, creating=creating)
    if field.type.startswith("named:"):
        return {name: read(field.of, one, creating=creating) for name, one in _map(value, field.name).items()}
    return [read(field.of, one, creating=creating) for one in _list(value, field.name)]


def _read_map(value: Any, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, inner in _map(value, where).items():
        if inner is None:
            raise Unreadable(f"null value in entry: {name}=null (through reference chain: {where})")
        found[name] = as_text(inner, where) or ""
    return found


def _map(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"Cannot deserialize `java.util.LinkedHashMap` (through reference chain: {where})")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(f"Cannot deserialize `java.util.ArrayList` (through reference chain: {where})")
    return value


def _item(value: Any, where: str) -> Any:
    if value is None:
        raise Unreadable(f"Null element (through reference chain: {where})")
    return value


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value
