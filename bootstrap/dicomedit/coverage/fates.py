"""What becomes of an element: the fates it may have when the script has run, one for each way through the script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ABSENT = "absent"  # on this way through the script there was nothing to begin with
    EMPTIED = "emptied"
    REPLACED = "replaced"
    HASHED = "hashed"
    SHIFTED = "shifted"
    DERIVED = "derived"  # made of its own text, such as by `substring`
    COPIED = "copied"  # made of the text of another attribute
    LISTED = "kept as listed"  # private elements: those that retainPrivateTags names


GONE = frozenset({Kind.REMOVED, Kind.ABSENT})
WITHOUT_TEXT = GONE | {Kind.EMPTIED}


@dataclass(frozen=True, slots=True)
class Fate:
    """`when` are the conditions on the way; `line` is 0 where no statement did it."""

    kind: Kind
    line: int = 0
    detail: str = ""
    when: tuple[str, ...] = ()


Fates = frozenset[Fate]
UNTOUCHED: Fates = frozenset({Fate(Kind.KEPT)})


def kinds(fates: Fates) -> frozenset[Kind]:
    return frozenset(fate.kind for fate in fates)


def gone(fates: Fates) -> Fates:
    return frozenset(fate for fate in fates if fate.kind in GONE)


def became(old: Fates, new: Fate, stays: frozenset[Kind] = GONE) -> Fates:
    """What is of a kind that `stays` does; the rest becomes new."""
    same = frozenset(fate for fate in old if fate.kind in stays)
    return same if same == old else same | {new}


def under(fate: Fate, condition: str) -> Fate:
    return replace(fate, when=(*fate.when, condition))
