"""What the confidentiality profiles of DICOM PS3.15 Annex E ask of each attribute: the table ps315.tsv.

Letters of `basic`: D a dummy value, Z empty or a dummy value, X removed, U another UID, the same for the same;
X/Z and the like: the first that leaves the object valid; X/Z/U*: as X/Z, or kept with the UIDs in it replaced.
Letters of the options: K kept, C cleaned.
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

EDITION = "2026d"
PRIVATE = "private"
OPTIONS = {
    "retain_safe_private": "Retain Safe Private",
    "retain_uids": "Retain UIDs",
    "retain_device_identity": "Retain Device Identity",
    "retain_institution_identity": "Retain Institution Identity",
    "retain_patient_characteristics": "Retain Patient Characteristics",
    "retain_longitudinal_full_dates": "Retain Longitudinal Temporal Information, Full Dates",
    "retain_longitudinal_modified_dates": "Retain Longitudinal Temporal Information, Modified Dates",
    "clean_descriptors": "Clean Descriptors",
    "clean_structured_content": "Clean Structured Content",
    "clean_graphics": "Clean Graphics",
}
_OLDER = "dicomanonymizer"  # its tables of older editions are read as files: the package itself is never imported
_LISTS = {
    "D_TAGS": "D",
    "Z_TAGS": "Z",
    "X_TAGS": "X",
    "U_TAGS": "U",
    "Z_D_TAGS": "Z/D",
    "X_Z_TAGS": "X/Z",
    "X_D_TAGS": "X/D",
    "X_Z_D_TAGS": "X/Z/D",
    "X_Z_U_STAR_TAGS": "X/Z/U*",
}


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """A row of the table. `tag` is (gggg,eeee), where x is any digit, or `private`: all private attributes."""

    tag: str
    name: str
    vr: str
    vm: str
    basic: str
    options: Mapping[str, str]

    @property
    def is_private(self) -> bool:
        return self.tag == PRIVATE

    @property
    def digits(self) -> str:
        """Eight hex digits; x is any digit."""
        return "" if self.is_private else self.tag[1:5] + self.tag[6:10]

    @property
    def repeats(self) -> bool:
        return "x" in self.digits


@cache
def attributes() -> tuple[Attribute, ...]:
    """The newest edition, in the order of the tags; private attributes come last."""
    lines = (files("bootstrap.facts") / "ps315.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple(_attribute(row) for row in rows[1:])


def _attribute(row: list[str]) -> Attribute:
    tag, name, vr, vm, basic, options = row
    letters = dict(option.split("=") for option in options.split())
    return Attribute(tag, name, vr, vm, basic, letters)


@cache
def editions() -> tuple[str, ...]:
    """Older ones are those of the installed dicom-anonymizer."""
    return (*sorted(path.stem.removeprefix("dicomfields_") for path in _tables()), EDITION)


@cache
def edition(name: str) -> tuple[Attribute, ...]:
    """The attributes that an edition had, in the class it gave them. Raises KeyError for an unknown edition."""
    if name == EDITION:
        return attributes()
    tables = {path.stem.removeprefix("dicomfields_"): path for path in _tables()}
    basic = older_classes(tables[name])
    return tuple(
        Attribute(one.tag, one.name, one.vr, one.vm, one.basic if one.is_private else basic[one.digits], one.options)
        for one in attributes()
        if one.is_private or one.digits in basic
    )


def _tables() -> list[Path]:
    spec = find_spec(_OLDER)
    folders = spec.submodule_search_locations if spec else None
    return [path for folder in folders or () for path in Path(folder).glob("*/dicomfields_*.py")]


def older_classes(table: Path) -> dict[str, str]:
    """Digits of a tag -> class, as dicom-anonymizer has it."""
    lists = runpy.run_path(str(table))
    return {_digits(entry): letters for name, letters in _LISTS.items() for entry in lists.get(name, ())}


def _digits(entry: tuple[int, ...]) -> str:
    group, element, *masks = entry
    group_mask, element_mask = masks or (0xFFFF, 0xFFFF)
    return _masked(group, group_mask) + _masked(element, element_mask)


def _masked(number: int, mask: int) -> str:
    digits = zip(f"{number:04X}", f"{mask:04X}", strict=True)
    return "".join(digit if bits == "F" else "x" for digit, bits in digits)
