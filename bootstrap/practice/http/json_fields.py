"""Members of a JSON object, taken as XNAT's reader takes them: single values become texts, others are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.practice import java_numbers
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Refusal
from bootstrap.practice.http.media import wrong_shape

_JACKSON = "com.fasterxml.jackson.databind.exc"
_BOOLEAN = 'only "true" or "false" recognized'


def an_object(value: Any, java_class: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Refusal(bodies.json_error(wrong_shape(value, f"`{java_class}`")))
    return value


def text(members: Mapping[str, Any], name: str) -> str | None:
    return _text(members.get(name))


def boolean(members: Mapping[str, Any], name: str) -> bool | None:
    value = members.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    if not isinstance(value, str):
        raise Refusal(bodies.json_error(wrong_shape(value, "`java.lang.Boolean`")))
    word = value.strip()
    if word in ("", "null"):
        return None
    if word.lower() not in ("true", "false"):
        said = f'Cannot deserialize value of type `java.lang.Boolean` from String "{value}": {_BOOLEAN}'
        raise Refusal(bodies.json_error(f"{said}; nested exception is {_JACKSON}.InvalidFormatException: {said}"))
    return word.lower() == "true"


def integer(members: Mapping[str, Any], name: str) -> int | None:
    """A number of 32 bits; what follows its point is left out."""
    value = members.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        number = java_numbers.integer(value.strip() or "0")
        if number is None:
            raise _not_an_int(f'String "{value}": not a valid `int` value')
        return number
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(bodies.json_error(wrong_shape(value, "`int`")))
    if not abs(value) < 2**31:
        raise _not_an_int(f"Number {value!r}: out of range of int")
    return int(value)


def texts(members: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, list):
        raise Refusal(bodies.json_error(wrong_shape(value, "`java.util.ArrayList<java.lang.String>`")))
    return tuple(_text(one) or "" for one in value)


def text_map(members: Mapping[str, Any], name: str) -> dict[str, str] | None:
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        java_type = "`java.util.LinkedHashMap<java.lang.String,java.lang.String>`"
        raise Refusal(bodies.json_error(wrong_shape(value, java_type)))
    return {key: _text(one) or "" for key, one in value.items()}


def missing(java_class: str, member: str) -> Refusal:
    said = f"Cannot construct instance of `{java_class}`, problem: Null {member}"
    return Refusal(bodies.json_error(f"{said}; nested exception is {_JACKSON}.ValueInstantiationException: {said}"))


def _not_an_int(why: str) -> Refusal:
    said = f"Cannot deserialize value of type `int` from {why}"
    return Refusal(bodies.json_error(f"{said}; nested exception is {_JACKSON}.InvalidFormatException: {said}"))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise Refusal(bodies.json_error(wrong_shape(value, "`java.lang.String`")))
