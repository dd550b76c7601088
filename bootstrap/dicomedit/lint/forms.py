"""Whether a text is a legal value of a VR."""

from __future__ import annotations

import re

from bootstrap.dicomedit.java_time import parse_time
from bootstrap.dicomedit.lint.attributes import LENGTHS
from bootstrap.dicomedit.problems import ScriptError

_FORMS = {
    "AS": (re.compile(r"[0-9]{3}[DWMY]"), "an age is three digits and D, W, M or Y"),
    "CS": (re.compile(r"[A-Z0-9 _]*"), "a code has capitals, digits, blanks and underscores"),
    "DA": (re.compile(r"[0-9]{8}"), "a date is YYYYMMDD"),
    "DS": (re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"), "this is no decimal number"),
    "DT": (re.compile(r"[0-9]{4,14}(\.[0-9]{1,6})?([+-][0-9]{4})?"), "a date with time is YYYYMMDDHHMMSS"),
    "IS": (re.compile(r"[+-]?[0-9]+"), "this is no whole number"),
    "TM": (re.compile(r"([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9](\.[0-9]{1,6})?)?)?"), "a time is HHMMSS"),
    "UI": (re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+"), "a UID is numbers with dots, without leading noughts"),
}
_RANGES = {"US": (0, 65535), "SS": (-32768, 32767), "UL": (0, 2**32 - 1), "SL": (-(2**31), 2**31 - 1)}
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NO_VALUES = ("LT", "ST", "UT")  # a backslash is text


def fault_of(vr: str, text: str) -> str:
    """What is wrong with a text as the value of an element; empty if nothing is."""
    values = [text] if vr in _NO_VALUES else text.split("\\")
    return next(filter(None, (_fault(vr, value) for value in values)), "")


def _fault(vr: str, value: str) -> str:
    if value == "":
        return ""
    most = LENGTHS.get(vr)
    if vr == "PN":
        most = 64 * 3 + 2 if "=" in value else 64
    if most is not None and len(value) > most:
        return f"{vr} takes {most} characters, and these are {len(value)}"
    if vr in _FORMS:
        form, wanted = _FORMS[vr]
        if not form.fullmatch(value.strip() if vr in ("DS", "IS", "CS") else value):
            return wanted
        return _impossible(vr, value)
    if vr in _RANGES:
        return _out_of_range(value, *_RANGES[vr])
    if vr in ("FL", "FD") and not _FLOAT.fullmatch(value):
        return "this is no number"
    return ""


def _impossible(vr: str, value: str) -> str:
    if vr not in ("DA", "DT"):
        return ""
    try:
        parse_time(value).seconds()
    except ScriptError:
        return "there is no such date"
    return ""


def _out_of_range(value: str, lowest: int, highest: int) -> str:
    if not re.fullmatch(r"[+-]?[0-9]{1,20}", value):
        return "this is no whole number"
    return "" if lowest <= int(value) <= highest else f"numbers from {lowest} to {highest} fit"
