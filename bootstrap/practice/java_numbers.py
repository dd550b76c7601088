"""Whole numbers as Java reads them from texts: of a limited size, which is also what the storage can hold."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[+-]?\d{1,19}")


def integer(text: str) -> int | None:
    """A number of 32 bits; None for any other text."""
    return _of_bits(text, 32)


def long(text: str) -> int | None:
    """A number of 64 bits; None for any other text."""
    return _of_bits(text, 64)


def _of_bits(text: str, bits: int) -> int | None:
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else None
