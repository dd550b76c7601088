"""A script's text before the lexer sees it: lines joined, comments taken out, and the way back to line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bootstrap.dicomedit.nodes import Comment, Position

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` is what the lexer reads. `offsets[i]` is where a piece of it begins that stood at `places[i]`."""

    text: str
    offsets: tuple[int, ...]
    places: tuple[Position, ...]
    comments: tuple[Comment, ...]

    def position(self, offset: int) -> Position:
        piece = bisect_right(self.offsets, offset) - 1
        place = self.places[piece]
        return Position(place.line, place.column + offset - self.offsets[piece])


def split_lines(text: str) -> list[str]:
    lines = _LINE_END.split(text)
    if lines and lines[-1] == "":
        lines.pop()
    return lines


def prepare(text: str) -> Prepared:
    """Joins lines that end in a backslash, then removes comments: the engine's order."""
    pieces: list[str] = []
    offsets, places, comments = [0], [Position(1, 1)], []
    length = 0
    for first, parts in _logical_lines(split_lines(text)):
        line = "".join(parts)
        starts = _part_starts(first, parts)
        cut = comment_start(line)
        if cut is not None:
            comments.append(Comment(line[cut:], _place(starts, cut)))
            line = line[:cut]
        for inside, place in starts:
            if inside <= len(line):
                offsets.append(length + inside)
                places.append(place)
        pieces.append(line)
        length += len(line) + 1
    whole = "\n".join(pieces) + "\n" if pieces else ""
    return Prepared(whole, tuple(offsets), tuple(places), tuple(comments))


def _logical_lines(lines: list[str]) -> list[tuple[int, list[str]]]:
    result: list[tuple[int, list[str]]] = []
    joined = False
    for number, line in enumerate(lines, 1):
        if joined:
            result[-1][1].append(line)
        else:
            result.append((number, [line]))
        joined = line.endswith("\\")
        if joined:
            result[-1][1][-1] = line[:-1]
    return result


def _part_starts(first: int, parts: list[str]) -> list[tuple[int, Position]]:
    starts, inside = [], 0
    for index, part in enumerate(parts):
        starts.append((inside, Position(first + index, 1)))
        inside += len(part)
    return starts


def _place(starts: list[tuple[int, Position]], offset: int) -> Position:
    inside, place = max(start for start in starts if start[0] <= offset)
    return Position(place.line, offset - inside + 1)


def comment_start(line: str) -> int | None:
    """Where a comment begins: two slashes outside a string that do not follow `http:` or `https:`."""
    if "//" not in line:
        return None
    in_string = False
    for index, character in enumerate(line):
        if character == '"':
            in_string = not in_string
        elif character == "/" and not in_string and line.startswith("//", index):
            before = line[:index]
            if not before.endswith(("http:", "https:")):
                return index
    return None
