"""The values within a list, as the library takes them for a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.facts.jsonpath.cursor import FilterFault, JsonPathError
from bootstrap.facts.jsonpath.loose_json import NotJson, parse_loosely
from bootstrap.facts.jsonpath.paths import compile_path
from bootstrap.facts.jsonpath.values import UNFIT, Json, Value, of_document, unquoted


def members(value: Json) -> list[Value] | None:
    """None if it is no list."""
    return [element(one) for one in value.parsed] if isinstance(value.parsed, list) else None


def element(found: Any) -> Value:
    """Texts that look like a path, JSON or a quotation are taken for one."""
    if isinstance(found, Mapping | list):
        raise FilterFault("Could not determine value type")
    if not isinstance(found, str):
        return of_document(found)
    stripped = found.strip()
    if stripped[:1] in ("@", "$") and _is_path(stripped):
        return UNFIT
    if len(stripped) > 1 and stripped[0] + stripped[-1] in ("[]", "{}") and _is_json(stripped):
        return Json(literal=found)
    return unquoted(found)


def _is_path(text: str) -> bool:
    try:
        compile_path(text)
    except JsonPathError:
        return False
    return True


def _is_json(text: str) -> bool:
    try:
        parse_loosely(text)
    except NotJson:
        return False
    return True
