"""The lines of a script that follow from the table of PS3.15: what is removed, emptied, replaced, hashed, shifted.

And which sequences are removed because the engine cannot look into them in an Implicit VR file: `younger` are those
that the table does not name, `all_younger` are all.

A shipped script has places for them, between two comments; what stands there is made anew from the table:

    // ---- PS3.15: removed
    -*/(0008,0081)  // Institution Address
    // ---- end

In a template (`.j2`) each line depends on the switches of the profile's options. After a change of the table:

    python -m bootstrap.dicomedit.coverage.profile_script anon_scripts/*.das anon_scripts/*.j2
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bootstrap.dicomedit.coverage.verdicts import FULL_DATES, MODIFIED_DATES
from bootstrap.dicomedit.younger import young_sequences
from bootstrap.facts.ps315 import EDITION, Attribute, attributes

_PLACE = re.compile(r"^// ---- PS3\.15: (\w+)\n(?:.*\n)*?// ---- end$", re.MULTILINE)
_DUMMIES = {
    "DA": "19000101",
    "TM": "000000",
    "DT": "19000101000000",
    "AS": "000Y",
    "CS": "REMOVED",
    "UR": "http://removed.invalid",
}
_DUMMY = "REMOVED"
# Options that keep what they name. What an option wants cleaned cannot be cleaned by a script: it goes.
_SWITCHES = (
    "retain_uids",
    "retain_device_identity",
    "retain_institution_identity",
    "retain_patient_characteristics",
)
_DATES_KEPT, _DATES_SHIFTED = 'dates == "kept"', 'dates == "shifted"'

_NOT_AGAIN = "  // lint: ignore L77 because the header says so: not to be run again"

Line = tuple[Attribute, str]


def refreshed(text: str, *, template: bool = False, table: Sequence[Attribute] | None = None) -> str:
    """The script with the lines that the table now gives. Raises KeyError for a place of unknown name."""
    rows = attributes() if table is None else table

    def made(place: re.Match[str]) -> str:
        lines = "\n".join(_SECTIONS[place[1]](rows, template))
        return f"// ---- PS3.15: {place[1]}\n{lines}\n// ---- end"

    return _PLACE.sub(made, text)


# ---- what is done to an attribute


def treatment(attribute: Attribute) -> str:
    """Of the ways that a class leaves open, the one that keeps an object valid whatever it is.

    A sequence cannot be replaced by a script, so it is removed. A sequence of references stays; its UIDs are hashed.
    """
    if attribute.is_private or attribute.basic.endswith("U*"):
        return "left"
    if attribute.basic == "X" or attribute.vr == "SQ":
        return "removed"
    if attribute.vr == "UI":
        return "hashed"
    return "emptied" if attribute.basic.endswith("Z") else "replaced"


def is_shifted(attribute: Attribute) -> bool:
    """Only single dates: a list of dates is no date for the engine, and it would refuse the file."""
    return MODIFIED_DATES in attribute.options and attribute.vr in ("DA", "DT") and attribute.vm == "1"


def _path(attribute: Attribute) -> str:
    """x is any digit; in a group the last digit is even."""
    group, element = attribute.digits[:4].replace("xx", "X@"), attribute.digits[4:].replace("x", "X")
    return f"*/({group},{element})"


def _removed(attribute: Attribute) -> str:
    return f"-{_path(attribute)}"


def _emptied(attribute: Attribute) -> str:
    return f'{_path(attribute)} ?= ""'


def _replaced(attribute: Attribute) -> str:
    return f'{_path(attribute)} ?= "{_DUMMIES.get(attribute.vr, _DUMMY)}"'


# ---- sections


def _statements(name: str, statement: Callable[[Attribute], str]) -> Callable[[Sequence[Attribute], bool], list[str]]:
    def section(rows: Sequence[Attribute], template: bool) -> list[str]:
        lines = [(one, f"{statement(one)}  // {one.name}") for one in rows if treatment(one) == name]
        return list(_switched(lines)) if template else [line for _, line in lines]

    return section


def _hashed(rows: Sequence[Attribute], template: bool) -> list[str]:
    chosen = [one for one in rows if treatment(one) == "hashed"]
    if not template:
        first, *rest = _listed("uids", chosen)
        return [first, _NOT_AGAIN, *rest, "hashUIDList[uids]"]
    result = []
    for number, (condition, group) in enumerate(_grouped([(one, "") for one in chosen]), start=1):
        name = f"uids{number}"
        lines = [*_listed(name, [one for one, _ in group]), f"hashUIDList[{name}]"]
        result += _within(condition, lines)
    return result


def _shifted(rows: Sequence[Attribute], _template: bool) -> list[str]:
    first, *rest = _listed("dates", [one for one in rows if is_shifted(one)])
    return [first, _NOT_AGAIN, *rest]


def _listed(name: str, chosen: Sequence[Attribute]) -> list[str]:
    """A list over many lines, which may have comments."""
    last = len(chosen) - 1
    lines = [f"  {_path(one)}{',' * (index < last)}  // {one.name}" for index, one in enumerate(chosen)]
    return [f"{name} := {{", *lines, "}"]


def _younger(rows: Sequence[Attribute], _template: bool) -> list[str]:
    named = {int(one.digits, 16) for one in rows if treatment(one) == "removed" and not one.repeats}
    return [_sequence_removed(tag) for tag in young_sequences() if tag not in named]


def _all_younger(_rows: Sequence[Attribute], _template: bool) -> list[str]:
    return [_sequence_removed(tag) for tag in young_sequences()]


def _sequence_removed(tag: int) -> str:
    from pydicom.datadict import dictionary_description

    try:
        name = dictionary_description(tag)
    except KeyError:  # younger than that dictionary
        name = next(one.name for one in attributes() if one.digits == f"{tag:08X}")
    return f"-*/({tag >> 16:04X},{tag & 0xFFFF:04X})  // {name}"


def _edition(rows: Sequence[Attribute], _template: bool) -> list[str]:
    return [f"// DICOM PS3.15 edition {EDITION}: {len(rows)} rows of table E.1-1."]


def _method(_rows: Sequence[Attribute], _template: bool) -> list[str]:
    return [f'method := "DICOM PS3.15 {EDITION} Basic Profile"']


_SECTIONS: dict[str, Callable[[Sequence[Attribute], bool], list[str]]] = {
    "edition": _edition,
    "removed": _statements("removed", _removed),
    "emptied": _statements("emptied", _emptied),
    "replaced": _statements("replaced", _replaced),
    "hashed": _hashed,
    "dates": _shifted,
    "method": _method,
    "younger": _younger,
    "all_younger": _all_younger,
}


# ---- switches


def kept_if(attribute: Attribute) -> str:
    """The condition, in Jinja2, under which the options that were chosen let an attribute be."""
    conditions = [option for option in _SWITCHES if attribute.options.get(option) == "K"]
    if FULL_DATES in attribute.options:
        conditions.append(_DATES_KEPT)
    if is_shifted(attribute) or (MODIFIED_DATES in attribute.options and attribute.vr == "TM" and attribute.vm == "1"):
        conditions.append(_DATES_SHIFTED)
    return " or ".join(conditions)


def _grouped(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """By condition; what is always done comes first."""
    by_condition = sorted(lines, key=lambda line: kept_if(line[0]))
    for condition, group in groupby(by_condition, key=lambda line: kept_if(line[0])):
        yield condition, list(group)


def _switched(lines: Iterable[Line]) -> Iterator[str]:
    for condition, group in _grouped(lines):
        yield from _within(condition, [line for _, line in group])


def _within(condition: str, lines: list[str]) -> list[str]:
    return [f"{{% if not ({condition}) %}}", *lines, "{% endif %}"] if condition else lines


def main(names: Sequence[str]) -> None:
    for name in names:
        path = Path(name)
        before = path.read_text(encoding="utf-8")
        after = refreshed(before, template=path.suffix == ".j2")
        if after != before:
            path.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
