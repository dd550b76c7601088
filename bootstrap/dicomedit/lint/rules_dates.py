"""Rules about dates that are shifted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.attributes import name_of, vr_of
from bootstrap.dicomedit.lint.effects import shifts
from bootstrap.dicomedit.lint.paths import last_step, number_of, single_tag
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.signatures import SHIFTS, UNITS
from bootstrap.dicomedit.lint.subject import Subject

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_METHOD, _TEMPORAL = 0x00120062, 0x00280303


class _Shift(NamedTuple):
    call: nodes.Call
    increment: nodes.Value | None
    unit: nodes.Value | None
    default_unit: str


def _shift_calls(subject: Subject) -> Iterator[_Shift]:
    for call in subject.calls_of(*SHIFTS):
        in_sequence = call.name == "shiftDateTimeSequenceByIncrement"
        at = 0 if in_sequence else 1
        increment = call.arguments[at] if len(call.arguments) > at else None
        unit = call.arguments[2] if not in_sequence and len(call.arguments) > 2 else None
        yield _Shift(call, increment, unit, "days" if call.name == "shiftDateByIncrement" else "seconds")


@rule(
    "L46",
    "error",
    "a date shift that cannot work",
    happens="an Error when the statement is reached: the file is refused",
    mend="shift elements of VR DA (or DT), by whole numbers of years, days, hours, minutes or seconds",
)
def impossible_shift(subject: Subject) -> Iterator[Spot]:
    for call, increment, unit, _ in _shift_calls(subject):
        number = subject.definitions.literal(increment) if increment else None
        if increment and number is not None and not _INTEGER.fullmatch(number):
            yield Spot(increment.start, f"the increment {number!r} is no whole number")
        word = subject.definitions.literal(unit) if unit else None
        if unit and word is not None and word.lower() not in UNITS:
            yield Spot(unit.start, f"there is no unit {word!r}")
        yield from _wrong_vr(call)


def _wrong_vr(call: nodes.Call) -> Iterator[Spot]:
    allowed = {"shiftDateByIncrement": ("DA",), "shiftDateTimeByIncrement": ("DA", "DT")}.get(call.name)
    path = call.arguments[0] if call.arguments else None
    if allowed and isinstance(path, nodes.TagPath):
        tag = single_tag(path)
        vr = vr_of(tag)
        if tag is not None and vr and vr not in allowed:
            yield Spot(path.start, f"{name_of(tag)} has VR {vr}, and `{call.name}` takes {' or '.join(allowed)}")


@rule(
    "L47",
    "warning",
    "a shift of a time of day, or by years",
    happens="a time is read as a year, and fails or comes out wrong; a year is 365 days, whatever the calendar says",
    mend="leave times alone, and shift by days",
)
def odd_shift(subject: Subject) -> Iterator[Spot]:
    for _call, _increment, unit, _ in _shift_calls(subject):
        word = subject.definitions.literal(unit) if unit else None
        if unit and word is not None and word.lower() == "years":
            yield Spot(unit.start, "a year is 365 days here")
    for effect in subject.effects:
        step = last_step(effect.path)
        tag = number_of(step.tag) if step else None
        if effect.verb == "shift" and tag is not None and vr_of(tag) == "TM":
            yield Spot(effect.start, f"{name_of(tag)} is a time of day")


@rule(
    "L48",
    "warning",
    "only a part of the dates is shifted, or by another amount",
    happens="intervals are wrong, and a date that stays tells the amount of all others",
    mend="shift all dates by one variable, DA and DT alike, or remove those that are not shifted",
)
def uneven_shift(subject: Subject) -> Iterator[Spot]:
    shifted = [effect for effect in subject.effects if shifts(effect, subject.definitions)]
    if not shifted:
        return
    left = [tag for tag in attributes.TIME_LINE if not any(effect.means(tag) for effect in subject.effects)]
    if left:
        yield Spot(shifted[0].start, f"dates are shifted, and {', '.join(map(name_of, left))} stays", whole=True)
    first = ""
    for shift in _shift_calls(subject):
        amount = _amount(shift, subject)
        first = first or amount
        if amount and amount != first:
            yield Spot(shift.call.start, f"this shift is by {amount}, the first one by {first}")


def _amount(shift: _Shift, subject: Subject) -> str:
    """The same text for the same amount; empty where it cannot be said."""
    if shift.increment is None:
        return ""
    value = subject.definitions.resolve(shift.increment)
    number = subject.definitions.literal(shift.increment) or (value.name if isinstance(value, nodes.Variable) else "")
    unit = shift.default_unit if shift.unit is None else subject.definitions.literal(shift.unit)
    seconds = {"years": 31536000, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}.get((unit or "").lower())
    if number and seconds and _INTEGER.fullmatch(number):
        return f"{int(number) * seconds} seconds" if len(number) < 15 else ""
    return f"{number} {unit}" if number and unit else ""


@rule(
    "L49",
    "warning",
    "the amount of a shift is written in the script",
    happens="it is the same for all patients, and whoever reads the script, or knows one date, undoes it",
    mend="let the amount depend on the subject, and keep it elsewhere; anon_scripts/ has an example",
)
def literal_shift(subject: Subject) -> Iterator[Spot]:
    for call, increment, _unit, _ in _shift_calls(subject):
        if increment and subject.definitions.literal(increment) is not None:
            yield Spot(call.start, f"everybody's dates are shifted by {subject.definitions.literal(increment)}")
            return


@rule(
    "L69",
    "warning",
    "dates are kept or shifted, and (0028,0303) does not say so",
    happens="nobody sees in the data what was done to dates: the option of PS3.15 is not declared",
    mend='write (0028,0303) := "MODIFIED" where dates are shifted, "UNMODIFIED" where they are kept',
)
def undeclared_dates(subject: Subject) -> Iterator[Spot]:
    effects = subject.effects
    if any(effect.writes and effect.means(_TEMPORAL) for effect in effects):
        return
    shifted = next((effect for effect in effects if shifts(effect, subject.definitions)), None)
    if shifted:
        yield Spot(shifted.start, "dates are shifted without (0028,0303)", whole=True)
        return
    claims = next((effect for effect in effects if effect.writes and single_tag(effect.path) == _METHOD), None)
    if claims and not any(effect.means(0x00080020) for effect in effects):
        yield Spot(claims.start, "the data are declared as de-identified, and dates are kept", whole=True)
