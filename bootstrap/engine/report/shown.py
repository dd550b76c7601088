"""Values as people may see them: secrets masked, and no character that a terminal or a parser would act on."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from bootstrap.values import MASK, Secret

GAP = " ... "


class _Escapes(dict[int, str]):
    """A table for `str.translate` that grows as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        shown = character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        self[code] = shown
        return shown


_ESCAPES = _Escapes()


def visible(text: str) -> str:
    """One line in which escapes, control characters, lone surrogates and turns of direction show as `\\x1b`."""
    return text if text.isprintable() else text.translate(_ESCAPES)


def plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def json_text(document: Any) -> str:
    """Pretty JSON that is safe to print: what is not printable is written as an escape."""
    text = json.dumps(plain(document), indent=2, ensure_ascii=False)
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text) + "\n"


def single(value: Any) -> str:
    """A value on one line: a text in quotes, anything else as JSON."""
    value = plain(value)
    if value is None:
        return "not set"
    if value == MASK:
        return MASK
    return visible(f'"{value}"' if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def shortened(text: str, room: int) -> str:
    """The text itself, or its two ends and how long it is."""
    return text if len(text) <= room else _around(text, 0, room)


def shortened_pair(before: str, after: str, room: int) -> tuple[str, str]:
    """Both texts shortened so that the place where they first differ stays in sight."""
    if max(len(before), len(after)) <= room:
        return before, after
    start = max(_first_difference(before, after) - room // 4, 0)
    return _around(before, start, room), _around(after, start, room)


def _around(text: str, start: int, room: int) -> str:
    """What begins at `start`, without its middle where it is too long."""
    length = f" ({len(text):,} characters)"
    lead = GAP.lstrip() if start else ""
    kept = max(room - len(lead) - len(length), 8 + len(GAP))
    rest = text[start:]
    if len(rest) > kept:
        tail = (kept - len(GAP)) // 3
        rest = rest[: kept - len(GAP) - tail] + GAP + rest[-tail:]
    return lead + rest + length


def _first_difference(before: str, after: str) -> int:
    pairs = zip(before, after, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))
