"""Whether what becomes of an attribute is what the profile asks, with the options that were chosen."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from bootstrap.dicomedit.coverage.fates import Fates, Kind, kinds
from bootstrap.facts.ps315 import Attribute

FULL_DATES, MODIFIED_DATES = "retain_longitudinal_full_dates", "retain_longitudinal_modified_dates"


class Verdict(IntEnum):
    """The worse, the higher."""

    MET = 0
    PROTECTED = 1  # the original is gone, though not in the way the profile asks
    JUDGE = 2  # the profile wants it cleaned, and the script works on it: a person must say whether it is clean
    GAP = 3

    @property
    def word(self) -> str:
        return self.name.lower()


_EMPTY_OR_GONE = {Kind.ABSENT, Kind.EMPTIED}
_MEETS: dict[str, set[Kind]] = {
    "X": {Kind.REMOVED},
    "Z": {Kind.EMPTIED, Kind.REPLACED},
    "D": {Kind.REPLACED},
    "U": {Kind.HASHED},
}


def judged(fates: Fates, attribute: Attribute, options: Iterable[str] = ()) -> Verdict:
    """The worst of all ways through the script."""
    return max(judged_kind(kind, attribute, options) for kind in kinds(fates))


def judged_kind(kind: Kind, attribute: Attribute, options: Iterable[str] = ()) -> Verdict:
    letters = {option: attribute.options[option] for option in options if option in attribute.options}
    if kind is Kind.ABSENT:
        return Verdict.MET
    if kind in (Kind.REMOVED, Kind.EMPTIED, Kind.REPLACED, Kind.HASHED):
        return _replaced(kind, attribute)
    if "K" in letters.values():
        return Verdict.MET
    if "C" not in letters.values():
        return Verdict.GAP
    return _cleaned(kind, attribute, letters)


def _replaced(kind: Kind, attribute: Attribute) -> Verdict:
    letters = attribute.basic.replace("*", "").split("/")
    meets = set[Kind]().union(*(_MEETS[letter] for letter in letters))
    if attribute.vr == "UI" and "D" in letters:
        meets.add(Kind.HASHED)
    return Verdict.MET if kind in meets else Verdict.PROTECTED


def _cleaned(kind: Kind, attribute: Attribute, letters: dict[str, str]) -> Verdict:
    if kind is Kind.SHIFTED and MODIFIED_DATES in letters:
        return Verdict.MET
    if kind is Kind.KEPT and MODIFIED_DATES in letters and attribute.vr == "TM":
        return Verdict.JUDGE  # a time of day, where the dates are shifted by whole days
    return Verdict.JUDGE if kind in (Kind.DERIVED, Kind.LISTED) else Verdict.GAP
