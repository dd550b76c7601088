"""Text within Markdown: escaped, as code, in a fence, and within its share of a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bootstrap.engine.report.shown import shortened, visible

T = TypeVar("T")
# Within a word an underscore is only an underscore. `@` would call a person and `#1` link an issue.
_SPECIAL = re.compile(r"[&<>|`*~\[\]\\$@#]|(?<!\w)_|_(?!\w)|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
_BREAKS = {"@": "@<!-- -->", "#": "#<!-- -->"}


def escaped(text: str, room: int) -> str:
    """Text that Markdown leaves as it is, on one line of at most so many characters before escaping."""
    return _escaped(shortened(visible(text).strip(), room))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _BREAKS.get(found.group(), f"&#{ord(found.group())};"), text)


def code(text: str, room: int) -> str:
    line = shortened(visible(text).strip(), room)
    if not line or "`" in line or "|" in line:
        return f"<code>{escaped(line, room)}</code>"
    return f"`{line}`"


def prose(text: str, room: int) -> str:
    """Sentences of ours: what stands in backticks is code, all else is escaped."""
    parts = re.split("`([^`]+)`", shortened(visible(text).strip(), room))
    return "".join(code(part, room) if place % 2 else _escaped(part) for place, part in enumerate(parts))


def fenced(lines: Iterable[str], language: str = "") -> str:
    """A block of code; its fence is longer than any run of backticks in it."""
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


@dataclass(frozen=True)
class Share:
    """A part of the comment: how many characters it may have, what its pieces are called, what joins them."""

    room: int
    noun: str
    joint: str

    def of(self, things: Sequence[T], piece: Callable[[T], str]) -> str:
        """The pieces that fit, and a sentence that says how many did not."""
        kept: list[str] = []
        room = self.room
        for text in map(piece, things):
            room -= len(text) + len(self.joint)
            if room < 0:
                return "\n\n".join(
                    part for part in (self.joint.join(kept), self._missing(len(things) - len(kept))) if part
                )
            kept.append(text)
        return self.joint.join(kept)

    def _missing(self, count: int) -> str:
        return f"*{count:,} more {self.noun} did not fit into this comment: `--format text` shows all.*"
