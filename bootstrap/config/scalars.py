"""What an unquoted word means: the JSON values of YAML 1.2, and nothing of YAML 1.1's surprises.

`null`, `~` and nothing at all are null; `true` and `false` are booleans; what JSON calls a number is a number.
All else is a text: `yes`, `NO`, `on`, `off`, `012`, `0x1F`, `12:30:00`, `2027-01-31`, `.inf`.
"""

from __future__ import annotations

import math
import re

WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_DIGITS = frozenset("-0123456789")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<real>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_LONG = 2**63  # what a Java `long` no longer holds


class NumberTooLarge(ValueError):
    pass


def resolve(word: str) -> str | int | float | bool | None:
    if word in WORDS:
        return WORDS[word]
    if word[0] not in _DIGITS:
        return word
    match = _NUMBER.fullmatch(word)
    if match is None:
        return word
    return _real(word) if match["real"] else _whole(word)


def _whole(word: str) -> int:
    if len(word) > 20 or not -_LONG <= (number := int(word)) < _LONG:
        raise NumberTooLarge
    return number


def _real(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise NumberTooLarge
    return number
