"""What a coverage comes to, in sentences and short words; for the table, and for the picture."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit.coverage.fates import Kind
from bootstrap.dicomedit.coverage.result import Coverage, Row, Treatment
from bootstrap.dicomedit.coverage.verdicts import Verdict
from bootstrap.facts.ps315 import OPTIONS

VERDICTS = {
    Verdict.MET: "as the profile asks",
    Verdict.PROTECTED: "the original is gone, in another way than the profile asks",
    Verdict.JUDGE: "cleaned by the script: look whether it is clean",
    Verdict.GAP: "the original may come through",
}


def profile(found: Coverage) -> str:
    chosen = "".join(f" + {OPTIONS[option]}" for option in found.options)
    return f"DICOM PS3.15 {found.edition}, Basic Profile{chosen}"


def outcome(found: Coverage) -> str:
    if not found.accepts:
        return "The script refuses every file: nothing comes through, and nothing is anonymised."
    if found.gaps:
        return f"{len(found.gaps)} of {len(found.rows)} attributes may come through."
    return "No attribute of the profile comes through."


def how_far(row: Row) -> str:
    """Why a gap is one."""
    if not row.handled:
        return "not handled"
    if row.root_only:
        return "only at the root" if not row.named else "only at the root and in some sequences"
    if row.conditional:
        return "only on some ways"
    return "only in some sequences" if row.root.verdict < Verdict.GAP or row.named else row.root.words


def fates(treatment: Treatment | None) -> str:
    """Every way on a line of its own."""
    if treatment is None:
        return "-"
    ordered = sorted(treatment.fates, key=lambda fate: (fate.line, fate.kind, fate.when))
    return "\n".join(dict.fromkeys(_fate(fate.kind, fate.detail, fate.line, fate.when) for fate in ordered))


def nested_fates(found: Coverage, row: Row) -> str:
    """What becomes of an attribute in sequences, and where that is only so in some files."""
    said = fates(row.nested)
    return f"{said}\nin some sequences only at Explicit VR" if found.younger and _is_reached(row) else said


def _is_reached(row: Row) -> bool:
    return row.nested is not None and row.nested.verdict < Verdict.GAP and row.nested.kinds != {Kind.ABSENT}


def _fate(kind: Kind, detail: str, line: int, when: tuple[str, ...]) -> str:
    parts = [kind.value]
    if detail:
        parts.append(f"({detail})")
    if line:
        parts.append(f"in line {line}")
    if when:
        parts.append(f"if {' and '.join(when)}")
    return " ".join(parts)


def remarks(found: Coverage) -> Iterator[str]:
    """What a reader should know besides the table."""
    for line, why in found.refusals:
        yield f"line {line}: always fails here: {why}"
    for line, note in found.notes:
        yield f"line {line}: {note}"
    for one in found.unmatched:
        yield f"line {one.line}: {one.path} is not in the profile"
    if found.younger and any(map(_is_reached, found.rows)):
        shown = ", ".join(found.younger[:3])
        yield (
            f"sequences: {len(found.younger)} that are younger than XNAT's dictionary stay ({shown} ...): what is done "
            "inside them is done only at Explicit VR; in an Implicit VR file names in them stay"
        )
    if not found.pixels:
        yield "pixels: left as they are"
    for blanking in found.pixels:
        when = f" if {' and '.join(blanking.when)}" if blanking.when else ""
        yield f"line {blanking.line}: pixels: {blanking.region} is blacked out{when}"
    for tag, often in found.record:
        if often != "always":
            yield f"record: {tag} is {often} written"
