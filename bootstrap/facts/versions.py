"""Versions as XNAT writes them (`1.9.2.1`, `1.8.11-SNAPSHOT`), and ranges such as ">=1.9,<1.11"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_TERM = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\s*")


def version_numbers(version: str | None) -> tuple[int, ...]:
    """The leading numbers, without noughts at the end, so that 1.9 equals 1.9.0. Of `Unknown` there are none."""
    match = re.match(r"\d+(?:\.\d+)*", version or "")
    found = [int(part) for part in match[0].split(".")] if match else []
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)


def terms(wanted: str) -> list[tuple[str, tuple[int, ...]]]:
    """The comparisons in a text; ValueError where one cannot be read."""
    found = [_TERM.fullmatch(part) for part in wanted.split(",")]
    if not all(found):
        raise ValueError(f"not a range of versions: {wanted!r}; it looks like `>=1.9,<1.11`")
    return [(term[1], version_numbers(term[2])) for term in found if term]


def fits(version: str, wanted: str) -> bool:
    have = version_numbers(version)
    return all(_COMPARE[sign](have, numbers) for sign, numbers in terms(wanted))
