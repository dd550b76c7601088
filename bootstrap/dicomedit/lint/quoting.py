"""Strings found by their quotes alone: also those that the lexer cannot read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Quoted(NamedTuple):
    """What stands between two quotes: offsets in the lexer's text."""

    start: int
    end: int
    content: str


def strings_of(text: str) -> Iterator[Quoted]:
    opening = text.find('"')
    while opening >= 0:
        closing = _closing(text, opening + 1)
        yield Quoted(opening + 1, closing, text[opening + 1 : closing])
        opening = text.find('"', closing + 1)


def _closing(text: str, start: int) -> int:
    """The quote that the author meant: one behind a backslash was meant as text, if another one follows on the line."""
    end_of_line = text.find("\n", start)
    end_of_line = len(text) if end_of_line < 0 else end_of_line
    first = at = text.find('"', start)
    while 0 <= at < end_of_line:
        if not _is_escaped(text, start, at):
            return at
        at = text.find('"', at + 1)
    return first if first >= 0 else len(text)


def _is_escaped(text: str, start: int, at: int) -> bool:
    backslashes = 0
    while at - backslashes > start and text[at - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def blotted(text: str, strings: Sequence[Quoted]) -> str:
    """The same text, as long as before, with NUL in place of every character inside quotes but newlines."""
    parts, done = [], 0
    for string in strings:
        inside = "".join("\n" if character == "\n" else "\0" for character in string.content)
        parts += [text[done : string.start], inside]
        done = string.end
    return "".join([*parts, text[done:]])
