"""What a write does to the fates: `:=`, `?=` and `set`."""

from __future__ import annotations

from collections.abc import Iterable

from bootstrap.dicomedit.coverage.fates import Fate, Kind, became, gone, under
from bootstrap.dicomedit.coverage.flow import Flow
from bootstrap.dicomedit.coverage.worth import Worth


def write(flow: Flow, numbers: Iterable[int], worth: Worth, line: int, *, null_empties: bool = False) -> None:
    """`:=`: creates; a null value changes nothing (DicomEdit 6) or empties (DicomEdit 4)."""
    for number in numbers:
        probe = flow.probes.all[number]
        old = flow.of(number)
        new = made(flow, worth, probe.tag, probe.attribute.vr, line)
        reasons = worth.null - ({probe.tag} if not probe.chain else set())
        if worth.never or (null_empties and worth.null):
            empty = frozenset({flow.fate(Kind.EMPTIED, line, "a null value")})
            flow.fates[number] = (empty if null_empties else old) | (frozenset() if worth.never else {new})
        elif reasons:
            flow.fates[number] = old | {under(new, f"{worth.said} is there")}
        else:
            flow.fates[number] = (gone(old) if worth.null else frozenset()) | {new}
        if not probe.chain and not worth.null and not worth.never:
            flow.present |= {probe.tag}


def write_existing(flow: Flow, numbers: Iterable[int], worth: Worth, line: int) -> None:
    """`?=`: only what is there; a null value empties it; sequences are left alone."""
    for number in numbers:
        probe = flow.probes.all[number]
        if probe.attribute.vr == "SQ":
            continue
        old = flow.of(number)
        result = old
        if not worth.never:
            result = became(old, made(flow, worth, probe.tag, probe.attribute.vr, line))
        if worth.never or worth.null - ({probe.tag} if not probe.chain else set()):
            emptied = became(old, flow.fate(Kind.EMPTIED, line, "a null value"))
            result = emptied if worth.never else result | emptied
        flow.fates[number] = result


def made(flow: Flow, worth: Worth, tag: int, vr: str, line: int) -> Fate:
    kind = _kind(worth, tag, vr)
    return flow.fate(kind, line, "" if kind in (Kind.EMPTIED, Kind.KEPT) else worth.said)


def _kind(worth: Worth, tag: int, vr: str) -> Kind:
    if vr == "SQ" or worth.text == "":
        return Kind.EMPTIED
    if worth.sources == {tag}:
        return Kind.KEPT if worth.verbatim else Kind.DERIVED
    for origins, kind in ((worth.sources, Kind.COPIED), (worth.shifted, Kind.SHIFTED), (worth.hashed, Kind.HASHED)):
        if origins:
            return kind
    return Kind.REPLACED
