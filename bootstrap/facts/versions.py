"""Versions of XNAT as numbers, and what a text such as ">=1.9,<1.11" means."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
_TERM = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*\Z")
_LONGEST = 6


def version_numbers(text: str | None) -> tuple[int, ...]:
    """`1.9.2.1-SNAPSHOT` as (1, 9, 2, 1); an empty tuple where there is no number."""
    numbers: list[int] = []
    for part in (text or "").split("-")[0].split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def terms(wanted: str) -> list[tuple[str, tuple[int, ...]]]:
    """The comparisons in a text; ValueError where it is none."""
    found = []
    for part in wanted.split(","):
        match = _TERM.match(part)
        if match is None:
            raise ValueError(f"`{part.strip()}` is no comparison such as >=1.9")
        found.append((match[1], version_numbers(match[2])))
    return found


def fits(version: str, wanted: str) -> bool:
    have = _padded(version_numbers(version))
    return all(_COMPARE[sign](have, _padded(numbers)) for sign, numbers in terms(wanted))


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return (*numbers, *(0,) * (_LONGEST - len(numbers)))
