"""Single JSON values, turned into what was due as XNAT's mapper does it; a Problem with 500 where it does not."""

from __future__ import annotations

import re
import sys
from typing import Any

from bootstrap.practice.containers.problems import Unreadable

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_LARGEST = 2**63 - 1


def as_text(value: Any, where: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise _unfit("java.lang.String", value, where)


def as_boolean(value: Any, where: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
    raise _unfit("java.lang.Boolean", value, where)


def as_integer(value: Any, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        value = int(text) if _INTEGER.fullmatch(text) and len(text) <= 20 else None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return int(value)
    raise _unfit("java.lang.Long", value, where)


def as_number(value: Any, where: str) -> float | str | None:
    """What is no finite number is a text, as it is printed."""
    if isinstance(value, str):
        text = value.strip()
        if not text or text in _NOT_FINITE:
            return text or None
        value = float(text) if _NUMBER.fullmatch(text) else value
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) <= sys.float_info.max else f"{'-' * (value < 0)}Infinity"
    raise _unfit("java.lang.Double", value, where)


def _unfit(java_type: str, value: Any, where: str) -> Unreadable:
    return Unreadable(
        f"Cannot deserialize value of type `{java_type}` from {_described(value)} (through reference chain: {where})"
    )


def _described(value: Any) -> str:
    """As Jackson names what it found."""
    if isinstance(value, str):
        return f'String "{value}"'
    if isinstance(value, bool):
        return "Boolean value (token `JsonToken.VALUE_{}`)".format("TRUE" if value else "FALSE")
    if isinstance(value, int):
        return "Integer value (token `JsonToken.VALUE_NUMBER_INT`)"
    if isinstance(value, float):
        return "Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)"
    kind, token = ("Object", "START_OBJECT") if isinstance(value, dict) else ("Array", "START_ARRAY")
    return f"{kind} value (token `JsonToken.{token}`)"
