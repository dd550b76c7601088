"""Text within Markdown: escaped, as code, in a fence, and within its share of a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bootstrap.engine.report.shown import shortened, visible

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


def within(pieces: Sequence[str], room: int, noun: str, joint: str) -> str:
    """The pieces that fit, and a sentence that says how many did not."""
    kept: list[str] = []
    for piece in pieces:
        room -= len(piece) + len(joint)
        if room < 0:
            missing = len(pieces) - len(kept)
            note = f"*{missing:,} more {noun} did not fit into this comment: `--format text` shows all.*"
            return joint.join(kept) + ("\n\n" if kept else "") + note
        kept.append(piece)
    return joint.join(kept)
