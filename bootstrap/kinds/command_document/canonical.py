"""The form in which two command documents that mean the same are equal.

Lists of named things become maps, because XNAT finds them by name and gives them back in the order of its rows; bags
are sorted; what is empty, or false where XNAT has no default, is left out. `canonical(canonical(x)) == canonical(x)`,
and the canonical form of what XNAT gives back is that of what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bootstrap.facts.container_fields import Field, fields
from bootstrap.kinds.command_document.normal import Document, normal

_BAGS = ("contexts", "select-values", "tags")
# false and absent do the same, and published documents write either. Not so `user-settable`: absent means true.
_ABSENT_IS_FALSE = ("override-entrypoint", "auto-remove", "sensitive")


def canonical(body: Mapping[str, Any]) -> Document:
    return _object("command", normal(body))


def _object(kind: str, document: Mapping[str, Any]) -> Document:
    found = {field.name: _value(field, document[field.name]) for field in fields()[kind] if field.name in document}
    return {name: value for name, value in found.items() if value is not None}


def _value(field: Field, value: Any) -> Any:
    if field.name in _ABSENT_IS_FALSE and value is False:
        return None
    if field.of and isinstance(value, list):
        value = _by_name(field, value)
    elif field.name in _BAGS and isinstance(value, list):
        value = sorted(set(value) if field.name == "contexts" else value, key=str) if _texts(value) else value
    holds_many = field.of or field.type in ("map", "texts")
    return None if holds_many and value in ({}, []) else value


def _texts(value: Sequence[Any]) -> bool:
    return all(isinstance(one, str) for one in value)


def _by_name(field: Field, items: Sequence[Any]) -> Any:
    """A second one of a name, which XNAT has only where something went wrong, is told apart by a number."""
    if not all(isinstance(one, Mapping) for one in items):
        return items
    found: Document = {}
    for one in items:
        name, number = _name(field, one), 1
        key = name
        while key in found:
            number += 1
            key = f"{name} ({number})"
        inner = _object(field.of, one)
        inner.pop("name", None)
        found[key] = inner
    return found


def _name(field: Field, one: Mapping[str, Any]) -> str:
    if field.of == "secret":
        destination = one.get("destination")
        return str(destination.get("identifier", "")) if isinstance(destination, Mapping) else ""
    return str(one.get("name") or "")
