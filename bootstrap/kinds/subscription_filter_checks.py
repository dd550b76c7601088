"""Filters that XNAT would store and that would not do what they seem to: never match, always match, or break."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.facts import type_ancestry
from bootstrap.facts.event_types import EventType
from bootstrap.facts.jsonpath import JsonPathError, compile_predicate
from bootstrap.facts.jsonpath.nodes import (
    All,
    Any,
    Comparison,
    Exists,
    Expression,
    Filter,
    Not,
    Operand,
    Path,
    Property,
)
from bootstrap.facts.jsonpath.values import Pattern
from bootstrap.facts.payload_filter import compile_payload_filter
from bootstrap.kinds.subscription_filter_paths import path_flaws
from bootstrap.kinds.subscription_filter_values import ValueChecks
from bootstrap.kinds.subscription_meaning import Flaw, Meaning

_AT = "filter"
_UNEQUAL = ("!=", "!==", "NIN", "NONEOF")
_SIGNS = {"and": "&&", "or": "||"}
_PLAIN = re.compile(r"/\^?[\w \-]+\$?/\w*")


def filter_flaws(meaning: Meaning, payload: EventType | None) -> Iterator[Flaw]:
    """`payload` is the type whose fields a filter can name; None where nobody knows them."""
    text = meaning.filter
    if not text:
        return
    try:
        expression = _expression(compile_payload_filter(text).path)
    except JsonPathError as error:
        yield Flaw("bad-filter", f"XNAT does not take this filter: {error}", _AT, _mend(text))
        return
    try:
        compile_predicate(text.replace("'", '"'))
    except JsonPathError:
        message = "XNAT puts a double quote for every apostrophe when an event comes, and then this filter breaks"
        yield Flaw(
            "filter-apostrophe", message, _AT, "leave the apostrophe out: compare with `=~ /.../` and a dot for it"
        )
        return
    if meaning.status == "DELETED":
        message = "what was deleted cannot be looked at any more, so a filter lets no such event through"
        yield Flaw("filter-of-deleted", message, _AT, "take the filter out")
    if meaning.is_scheduled and not meaning.wrapper:
        message = "XNAT does not look at the filter of a scheduled event unless its action is a command"
        yield Flaw("filter-not-asked", message, _AT, severity="warning")
    for part in _parts(expression):
        yield from _always(part)
        yield from _comparison(part)
        yield from path_flaws(part, payload)
    yield from ValueChecks(meaning, payload).flaws(expression)


def _mend(text: str) -> str:
    """What is most often meant by a filter that XNAT refuses."""
    if not text.strip():
        return "leave it out, or write `filter: null` for none"
    if text.lstrip().startswith("$"):
        return "`@` is the object of the event, and XNAT puts the rest around it: `@.modality == 'MR'`"
    words = [word for word in ("and", "or") if re.search(rf"\s{word}\s", text, re.IGNORECASE)]
    if words:
        return "; ".join(f"`{word}` is written `{_SIGNS[word]}`" for word in words)
    return "a predicate such as `@.modality == 'MR'`"


def _expression(path: Path) -> Expression:
    token = path.tokens[0]
    assert isinstance(token, Filter)
    return token.expression


def _parts(expression: Expression) -> Iterator[Comparison | Exists]:
    if isinstance(expression, All | Any):
        for part in expression.parts:
            yield from _parts(part)
    elif isinstance(expression, Not):
        yield from _parts(expression.part)
    else:
        yield expression


def _always(part: Comparison | Exists) -> Iterator[Flaw]:
    if isinstance(part, Exists) and not part.path.is_definite:
        message = "that a list of what is found exists is always true for XNAT, also where nothing is found"
        hint = 'ask what is in it: `"T1" in @.scans[*].scan-type`, or `@.resources.length() > 0`'
        yield Flaw("filter-always-true", message, _AT, hint)


def _comparison(part: Comparison | Exists) -> Iterator[Flaw]:
    if isinstance(part, Exists):
        return
    for operand in (part.left, part.right):
        if part.operator in _UNEQUAL and operand.path is not None:
            message = f"`{part.operator}` is also true where the field is missing"
            yield Flaw(
                "filter-missing-passes", message, _AT, "ask for the field as well: `@.f && @.f != ...`", "warning"
            )
        if isinstance(operand.value, Pattern) and _PLAIN.fullmatch(operand.value.text):
            message = f"a pattern has to match the whole value, and {operand.value.text} matches just this word"
            yield Flaw("filter-whole-match", message, _AT, "put `.*` before and behind it", "warning")
    yield from _general_type(part.left, part.right)
    yield from _general_type(part.right, part.left)


def _general_type(asked: Operand, value: Operand) -> Iterator[Flaw]:
    """Types are compared as words, not by what they are kinds of."""
    if _first_name(asked) != "xsiType" or not isinstance(value.value, str):
        return
    if value.value in type_ancestry.parents().values():
        message = f"`{value.value}` is compared word for word: an event on a kind of it does not match"
        yield Flaw("filter-general-type", message, _AT, "name the types themselves, or leave it out", "warning")


def _first_name(operand: Operand) -> str:
    tokens = operand.path.tokens if operand.path else ()
    first = tokens[0] if tokens else None
    return first.names[0] if isinstance(first, Property) else ""
