"""JSON that knows where each value stands. A key that stands twice is an error here, though JSON lets it pass."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any

from bootstrap.kinds.command_document.flaws import Flaw, Path

_BLANK = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?[0-9][0-9.eE+-]*|[A-Za-z]+")
_DEEPEST = 60


@dataclass
class Read:
    """A document and its places; `document` is None where the text is no JSON object."""

    document: dict[str, Any] | None = None
    flaws: list[Flaw] = field(default_factory=list)
    values: dict[Path, int] = field(default_factory=dict)
    keys: dict[Path, int] = field(default_factory=dict)
    broken_at: int = 0

    def offset(self, flaw: Flaw) -> int:
        """Where a flaw is; what is not there itself is told at what is around it."""
        path = flaw.path
        if flaw.rule == "command-json":
            return self.broken_at
        if flaw.at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, 0)


def read_json(text: str) -> Read:
    reader = _Reader(text)
    read = reader.read
    try:
        found = reader.whole()
    except JSONDecodeError as wrong:
        read.flaws = [Flaw("command-json", f"it is no JSON: {wrong.msg}", ())]
        read.broken_at = wrong.pos
        return read
    if isinstance(found, dict):
        read.document = found
    else:
        read.flaws = [Flaw("command-json", "a command is a JSON object: { ... }", ())]
    return read


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.read = text, 0, Read()

    def whole(self) -> Any:
        found = self._value((), 0)
        self._blanks()
        if self.at < len(self.text):
            raise self._wrong("something follows after the end of the document")
        return found

    def _wrong(self, message: str) -> JSONDecodeError:
        return JSONDecodeError(message, self.text, min(self.at, len(self.text)))

    def _blanks(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at

    def _next(self) -> str:
        self._blanks()
        return self.text[self.at : self.at + 1]

    def _value(self, path: Path, depth: int) -> Any:
        first = self._next()
        self.read.values[path] = self.at
        if depth > _DEEPEST:
            raise self._wrong(f"it is nested more than {_DEEPEST} deep")
        if first == "{":
            return self._object(path, depth)
        if first == "[":
            return self._list(path, depth)
        return self._text() if first == '"' else self._word()

    def _object(self, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in self._parts("}"):
            if self._next() != '"':
                raise self._wrong('a key in double quotes is due here, as in "name"')
            start, key = self.at, self._text()
            if self._next() != ":":
                raise self._wrong(f"a colon is due after the key {json.dumps(key)}")
            self.at += 1
            if key in found:
                message = f"the key `{key}` stands twice in this object"
                self.read.flaws.append(Flaw("command-duplicate-key", message, (*path, key), at_key=True))
            self.read.keys[*path, key] = start
            found[key] = self._value((*path, key), depth + 1)
        return found

    def _list(self, path: Path, depth: int) -> list[Any]:
        found: list[Any] = []
        for _ in self._parts("]"):
            found.append(self._value((*path, len(found)), depth + 1))
        return found

    def _parts(self, end: str) -> Iterator[None]:
        """Once for each part of an object or a list, which stand between commas."""
        self.at += 1
        if self._next() == end:
            self.at += 1
            return
        while True:
            yield
            following = self._next()
            if following not in (",", end) or not following:
                raise self._wrong(f"a comma or {end} is due here")
            self.at += 1
            if following == end:
                return
            if self._next() == end:
                raise self._wrong(f"a comma before {end}: JSON has none there")

    def _text(self) -> str:
        found, self.at = scanstring(self.text, self.at + 1, True)
        return str(found)

    def _word(self) -> Any:
        word = _WORD.match(self.text, self.at)
        try:
            found = json.loads(word[0]) if word and word[0] not in ("NaN", "Infinity") else None
        except ValueError:
            found = None
        if word is None or (found is None and word[0] != "null"):
            raise self._wrong("a value is due here: a text in double quotes, a number, true, false, null, [ or {")
        self.at = word.end()
        return found


class Lines:
    """Offsets of a text as line and column, from 1."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(place + 1 for place, letter in enumerate(text) if letter == "\n")]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
