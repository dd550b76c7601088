"""The values that predicates compare, and when two of them are equal.

Texts, numbers (Decimal), truth values and None are themselves. Lists and objects come as `Json`, a key that is not
there as MISSING, a regular expression as `Pattern`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any

import regex

from bootstrap.facts.jsonpath.cursor import FilterFault
from bootstrap.facts.jsonpath.loose_json import NotJson, parse_loosely

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?")
_ESCAPES = {"b": "\b", "n": "\n", "t": "\t", "f": "\f", "r": "\r"}
_FLAGS = {"i": regex.IGNORECASE, "x": regex.VERBOSE, "m": regex.MULTILINE, "s": regex.DOTALL, "d": 0, "u": 0, "U": 0}
PATTERN_FLAGS = frozenset(_FLAGS)
_MATCH_SECONDS = 1.0


class Nothing(Enum):
    MISSING = "missing"  # there is no such key
    UNFIT = "unfit"  # a text that the library takes for a path: equal to nothing


MISSING, UNFIT = Nothing.MISSING, Nothing.UNFIT


@dataclass(frozen=True)
class Json:
    """A list or an object. A literal of the predicate stays text until it is needed, and is compared as such."""

    document: Any = None
    literal: str | None = None

    @cached_property
    def parsed(self) -> Any:
        if self.literal is None:
            return self.document
        try:
            return parse_loosely(self.literal)
        except NotJson as error:
            raise FilterFault(f"{type(error).__name__}: {error}") from error


class Pattern:
    """Matches as Java does: the whole text, with ASCII classes."""

    def __init__(self, text: str) -> None:
        """`text` with its slashes and flags. `regex.error` if it is no pattern."""
        end = text.rindex("/")
        flags = regex.VERSION1 | regex.ASCII
        for flag in text[end + 1 :]:
            flags |= _FLAGS[flag]
        self.text = text
        self._compiled = regex.compile(text[text.index("/") + 1 : end], flags)

    def matches(self, text: str) -> bool:
        try:
            return self._compiled.fullmatch(text, timeout=_MATCH_SECONDS) is not None
        except TimeoutError:
            raise FilterFault(f"matching {self.text} took too long") from None


Value = str | Decimal | bool | None | Json | Pattern | Nothing


def number(text: str) -> Decimal | None:
    """None if the text is no number."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def of_document(found: Any) -> Value:
    """A value of the document."""
    if found is None or isinstance(found, str | bool):
        return found
    if isinstance(found, int | float):
        return number(repr(found)) or Decimal(0)
    return Json(found)


def unescaped(text: str) -> str:
    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", lambda found: _meant(found[1]), text, flags=re.DOTALL)


def same(left: Value, right: Value) -> bool:
    """Numbers and texts of numbers are equal; the text of a number is compared as it is written."""
    if isinstance(left, Json | Pattern | Nothing):
        return left == right if isinstance(left, Json) else left is right and not isinstance(left, Nothing)
    if isinstance(left, str) and isinstance(right, Decimal):
        return left == str(right)
    if isinstance(left, Decimal) and isinstance(right, str):
        return left == number(right)
    return type(left) is type(right) and left == right


def _meant(escape: str) -> str:
    if len(escape) == 5:
        return chr(int(escape[1:], 16))
    return _ESCAPES.get(escape, escape)


def unquoted(text: str) -> str:
    """A quotation without its quotes and escapes."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return unescaped(text)
