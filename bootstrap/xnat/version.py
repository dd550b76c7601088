"""Versions as XNAT writes them: `1.9.2.1`, `1.8.11-SNAPSHOT`."""

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


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers, without noughts at the end, so that 1.9 equals 1.9.0. Of `Unknown` there are none."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    found = [int(part) for part in match[0].split(".")] if match else []
    while found and found[-1] == 0:
        found.pop()
    return tuple(found)


def fits(version: str, wanted: str) -> bool:
    """Whether a version is within `wanted`, as in ">=1.9,<1.11". ValueError if `wanted` cannot be read."""
    terms = [_TERM.fullmatch(part) for part in wanted.split(",")]
    if not all(terms):
        raise ValueError(f"not a range of versions: {wanted!r}; it looks like `>=1.9,<1.11`")
    return all(_COMPARE[term[1]](numbers(version), numbers(term[2])) for term in terms if term)
