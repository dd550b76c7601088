"""Numbers as Java reads and prints them."""

from __future__ import annotations

import math
import re
import struct

from bootstrap.dicomedit.problems import ScriptError

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?)", re.ASCII)
_HEXADECIMAL = re.compile(r"[+-]?0[xX]([0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[fFdD]?", re.ASCII)
_BLANKS = "".join(map(chr, range(33)))  # what Java's trim takes away


def parse_int(text: str, bits: int = 32) -> int:
    limit = 1 << (bits - 1)
    if _INTEGER.fullmatch(text) and len(text) < 25:
        number = int(text)
        if -limit <= number < limit:
            return number
    raise ScriptError(f'For input string: "{text}"')


def parse_float(text: str) -> float:
    trimmed = text.strip(_BLANKS)
    if _DECIMAL.fullmatch(trimmed):
        return float(trimmed.rstrip("fFdD") if trimmed[-1] in "fFdD" else trimmed)
    if _HEXADECIMAL.fullmatch(trimmed):
        return _hexadecimal(trimmed.rstrip("fFdD"))
    raise ScriptError(f'For input string: "{text}"')


def _hexadecimal(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:
        return -math.inf if text.startswith("-") else math.inf


def single(number: float) -> float:
    """The nearest number of single precision."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def float_text(number: float) -> str:
    return _print(number, _shortest_single(number)) if math.isfinite(number) else _special(number)


def double_text(number: float) -> str:
    return _print(number, repr(number)) if math.isfinite(number) else _special(number)


def _special(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _shortest_single(number: float) -> str:
    for digits in range(1, 10):
        text = f"{number:.{digits}g}"
        if single(float(text)) == number:
            return text
    return repr(number)


def _print(number: float, shortest: str) -> str:
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    if number == 0:
        return f"{sign}0.0"
    digits, exponent = _digits(shortest)
    if 1e-3 <= abs(number) < 1e7:
        return sign + _plain(digits, exponent)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _digits(text: str) -> tuple[str, int]:
    """The significant digits, and the power of ten of the first one."""
    mantissa, _, power = text.lstrip("-").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    exponent = len(whole) - 1 - leading + int(power or 0)
    return digits.rstrip("0") or "0", exponent


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    padded = digits.ljust(exponent + 1, "0")
    return f"{padded[: exponent + 1]}.{padded[exponent + 1 :] or '0'}"
