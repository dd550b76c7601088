"""Payload filters of event subscriptions: which of them a server takes, and what they let through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.facts.jsonpath import FilterFault, JsonPathError, Predicate, compile_predicate

_WHOLE_PATH = '"Payload JsonPath filter contains $ or $[?. Filter string should include only predicate path."'


def compile_payload_filter(text: str) -> Predicate:
    """As at creation. JsonPathError, in the server's words, for what it refuses; the empty text means no filter."""
    if text.startswith("$") or "$[?" in text:
        raise JsonPathError(_WHOLE_PATH)
    return compile_predicate(text)


def passes(text: str, payload: Mapping[str, Any]) -> bool:
    """As at an event, where every apostrophe has become a double quote. FilterFault where the server faults."""
    try:
        return compile_predicate(text.replace("'", '"')).holds(payload)
    except JsonPathError as error:
        raise FilterFault(str(error)) from error
