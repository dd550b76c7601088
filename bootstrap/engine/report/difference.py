"""What differs in one field, as a pair of single values or as a diff of lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from typing import Any

from bootstrap.engine.drift import AS_APPLIED
from bootstrap.engine.plan import FieldChange
from bootstrap.engine.report.shown import plain, single, visible

_SHORT = 40  # JSON of at most this many characters is easier to read on one line
_NO_NEWLINE = "\\ no newline at the end"


@dataclass(frozen=True)
class Pair:
    """Two values that fit on a line each; None where there is nothing to show on this side."""

    before: str | None
    after: str

    @property
    def hidden(self) -> bool:
        """Two values that look the same differ in their secrets."""
        return self.before == self.after


@dataclass(frozen=True)
class LineDiff:
    """Lines that begin with `+`, `-`, a blank or `@@`, as in a unified diff."""

    lines: tuple[str, ...]

    @property
    def one_sided(self) -> bool:
        """All lines are new, or all are gone: there is no hunk to find one's place by."""
        return not self.lines[0].startswith("@@")

    @property
    def size(self) -> str:
        added, removed = (sum(line.startswith(mark) for line in self.lines) for mark in "+-")
        return f"+{added} -{removed} lines"


def difference(field: FieldChange, is_new: bool) -> Pair | LineDiff:
    """`is_new` says that the whole thing is new: a value before it would only be noise."""
    before, after = plain(field.before), plain(field.after)
    if before == AS_APPLIED:
        return _since(after)
    if _is_long(before) or _is_long(after):
        lines = tuple(_line_diff(*_both_lines(before, after)))
        if lines:
            return LineDiff(lines)
    return Pair(None if is_new and before is None else single(before), single(after))


def _since(after: Any) -> Pair | LineDiff:
    """What the server has now, where nobody knows any more what was applied."""
    if not _is_long(after):
        return Pair(AS_APPLIED, single(after))
    return LineDiff(tuple(_line_diff(*_both_lines(None, after))))


def cut(lines: Sequence[str], most: int) -> list[str]:
    """At most so many lines, and a sentence that says how many are missing."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], f"... {len(lines) - most:,} more lines; `--format json` has all of them"]


def _is_long(value: Any) -> bool:
    if isinstance(value, str):
        return "\n" in value.rstrip("\n") or (len(value) > _SHORT and _structure(value) is not None)
    return isinstance(value, list | dict) and len(single(value)) > _SHORT


def _structure(text: str) -> Any:
    """The list or map that a text holds as JSON: XNAT keeps many a setting in this way."""
    if text[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _both_lines(before: Any, after: Any) -> tuple[list[str], list[str]]:
    structures = [_as_structure(value) for value in (before, after)]
    if all(found is not None or value is None for found, value in zip(structures, (before, after), strict=True)):
        one, other = (_pretty(found) for found in structures)
        if one != other:
            return one, other
    return _without_common_end(_lines(before), _lines(after))


def _as_structure(value: Any) -> Any:
    if isinstance(value, str):
        return _structure(value)
    return value if isinstance(value, list | dict) else None


def _pretty(value: Any) -> list[str]:
    if value is None:
        return []
    return json.dumps(plain(value), indent=2, sort_keys=True, ensure_ascii=False).split("\n")


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, str):
        return _pretty(value)
    lines = value.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines, _NO_NEWLINE]


def _without_common_end(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """The missing newline is worth a line only where one side has it and the other has not."""
    if all(lines[-1:] in ([], [_NO_NEWLINE]) for lines in (before, after)):
        return before[:-1], after[:-1]
    return before, after


def _line_diff(before: list[str], after: list[str]) -> Iterator[str]:
    if not before or not after:
        mark, lines = ("-", before) if before else ("+", after)
        return (_marked(mark + line) for line in lines)
    return (_marked(line) for line in islice(unified_diff(before, after, lineterm=""), 2, None))


def _marked(line: str) -> str:
    """A blank at the end of a changed line is made visible: nobody finds it otherwise."""
    if line[0] in "+-" and line[1:].endswith(" "):
        line = line[:-1] + "\\x20"
    return visible(line)
