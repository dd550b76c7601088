"""JSON literals as the library takes them in a predicate: words without quotes are texts."""

from __future__ import annotations

import json
import re
from typing import Any

_WORDS_IN = {"]": re.compile(r"[^,\]\"'][^,\]]*"), "}": re.compile(r"[^,}\"'][^,}]*"), ":": re.compile(r"[^:\"'][^:]*")}
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_MOST_NESTED = 40


class NotJson(Exception):
    """The literal is no list and no object."""


def parse_loosely(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        value, at = _value(text, _blanks(text, 0), "]", 0)
    if text[at:].strip():
        raise NotJson(f"Unexpected token at position {at}")
    return value


def _value(text: str, at: int, closing: str, depth: int) -> tuple[Any, int]:
    """`closing`: what ends a word without quotes, besides a comma."""
    if depth > _MOST_NESTED:
        raise NotJson(f"nested too deeply at position {at}")
    if text.startswith("[", at):
        return _many(text, at, depth, "]")
    if text.startswith("{", at):
        pairs, at = _many(text, at, depth, "}")
        return dict(pairs), at
    if found := _TEXT.match(text, at):
        return found[1] if found[1] is not None else found[2], found.end()
    if found := _WORDS_IN[closing].match(text, at):
        return _word(found[0].strip()), found.end()
    raise NotJson(f"Unexpected end or token at position {at}")


def _many(text: str, at: int, depth: int, closing: str) -> tuple[list[Any], int]:
    members: list[Any] = []
    at = _blanks(text, at + 1)
    while not text.startswith(closing, at):
        one, at = _value(text, at, ":" if closing == "}" else closing, depth + 1)
        at = _blanks(text, at)
        if closing == "}":
            if not text.startswith(":", at):
                raise NotJson(f"a colon was expected at position {at}")
            value, at = _value(text, _blanks(text, at + 1), closing, depth + 1)
            one, at = (str(one), value), _blanks(text, at)
        members.append(one)
        if text.startswith(",", at):
            at = _blanks(text, at + 1)
        elif not text.startswith(closing, at):
            raise NotJson(f"Unexpected end or token at position {at}")
    return members, at + 1


def _word(word: str) -> Any:
    if word in _WORDS:
        return _WORDS[word]
    try:
        return json.loads(word)
    except ValueError:
        return word


def _blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at
