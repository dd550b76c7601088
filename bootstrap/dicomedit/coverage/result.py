"""The coverage of a script: a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bootstrap.dicomedit.coverage.fates import Fates, Kind, kinds
from bootstrap.dicomedit.coverage.verdicts import Verdict
from bootstrap.facts.ps315 import OPTIONS, Attribute


@dataclass(frozen=True, slots=True)
class Treatment:
    """What becomes of an attribute in one sort of place."""

    fates: Fates
    verdict: Verdict

    @property
    def kinds(self) -> frozenset[Kind]:
        return kinds(self.fates)

    @property
    def conditions(self) -> list[str]:
        """On which ways something other than the worst happens; empty where there is only one way."""
        if len(self.kinds) < 2:
            return []
        return sorted({" and ".join(fate.when) for fate in self.fates if fate.line and fate.when})

    @property
    def lines(self) -> list[int]:
        return sorted({fate.line for fate in self.fates if fate.line})

    @property
    def words(self) -> str:
        return " or ".join(sorted(kind.value for kind in self.kinds - {Kind.ABSENT} or {Kind.ABSENT}))


@dataclass(frozen=True, slots=True)
class Row:
    """`named` is what becomes of it in sequences that the script itself names, where that is something else."""

    attribute: Attribute
    root: Treatment
    nested: Treatment | None  # None for what is never in a sequence
    named: tuple[tuple[str, Treatment], ...] = ()

    @property
    def treatments(self) -> list[Treatment]:
        others = [treatment for _, treatment in self.named]
        return [self.root, *([self.nested] if self.nested else []), *others]

    @property
    def verdict(self) -> Verdict:
        return max(treatment.verdict for treatment in self.treatments)

    @property
    def handled(self) -> bool:
        """Whether the script does anything to it at all, anywhere."""
        return any(treatment.kinds != {Kind.KEPT} for treatment in self.treatments)

    @property
    def conditional(self) -> bool:
        return any(len(treatment.kinds - {Kind.ABSENT}) > 1 for treatment in self.treatments)

    @property
    def root_only(self) -> bool:
        return self.nested is not None and self.root.verdict < Verdict.GAP <= self.nested.verdict

    @property
    def lines(self) -> list[int]:
        return sorted({line for treatment in self.treatments for line in treatment.lines})

    def __str__(self) -> str:
        return f"{self.attribute.tag} {self.attribute.name}"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A tag that the script handles and the profile does not know."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class PixelBlanking:
    region: str
    line: int
    when: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """`refusals` are statements that fail for every object; `accepts` is false where they leave no way through.

    `younger` are sequences that the script leaves and that the engine cannot look into in an Implicit VR file.
    """

    edition: str
    options: tuple[str, ...]
    rows: tuple[Row, ...]
    unmatched: tuple[Unmatched, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    refusals: tuple[tuple[int, str], ...] = ()
    pixels: tuple[PixelBlanking, ...] = ()
    record: tuple[tuple[str, str], ...] = ()  # tag of the record of de-identification -> always, sometimes, never
    accepts: bool = True
    younger: tuple[str, ...] = ()

    @property
    def gaps(self) -> list[Row]:
        return [row for row in self.rows if row.verdict is Verdict.GAP]

    @property
    def complete(self) -> bool:
        return self.accepts and not self.gaps

    def counts(self) -> dict[Verdict, int]:
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    def treated(self) -> dict[str, int]:
        """How many attributes come to what, at the root: kept, removed, emptied ..."""
        return dict(sorted(Counter(row.root.words for row in self.rows).items()))

    def by_option(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Of the attributes that an option names: how many stay as they are, on some way or on all."""
        for option in OPTIONS:
            rows = [row for row in self.rows if option in row.attribute.options]
            always = sum(row.root.kinds == {Kind.KEPT} for row in rows)
            some = sum(Kind.KEPT in row.root.kinds for row in rows) - always
            yield option, {"attributes": len(rows), "kept": always, "kept_sometimes": some}

    def as_json(self) -> dict[str, Any]:
        return {
            "edition": self.edition,
            "options": list(self.options),
            "accepts": self.accepts,
            "complete": self.complete,
            "counts": {verdict.word: count for verdict, count in self.counts().items()},
            "by_option": dict(self.by_option()),
            "rows": [_row_json(row) for row in self.rows],
            "unmatched": [{"path": one.path, "line": one.line} for one in self.unmatched],
            "notes": [{"line": line, "note": note} for line, note in self.notes],
            "refusals": [{"line": line, "why": why} for line, why in self.refusals],
            "pixels": [{"region": one.region, "line": one.line, "when": list(one.when)} for one in self.pixels],
            "record": dict(self.record),
            "only_at_explicit_vr": list(self.younger),
        }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "tag": row.attribute.tag,
        "name": row.attribute.name,
        "basic": row.attribute.basic,
        "options": dict(row.attribute.options),
        "verdict": row.verdict.word,
        "root": _treatment_json(row.root),
        "nested": _treatment_json(row.nested) if row.nested else None,
        "named": {place: _treatment_json(treatment) for place, treatment in row.named},
    }


def _treatment_json(treatment: Treatment) -> dict[str, Any]:
    fates = sorted(treatment.fates, key=lambda fate: (fate.line, fate.kind, fate.when, fate.detail))
    return {
        "verdict": treatment.verdict.word,
        "ways": [
            {"becomes": fate.kind.value, "line": fate.line or None, "detail": fate.detail, "when": list(fate.when)}
            for fate in fates
        ],
    }
