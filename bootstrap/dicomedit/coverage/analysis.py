"""From a script to its coverage."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.coverage.fates import Fate, Fates, Kind, kinds
from bootstrap.dicomedit.coverage.flow import Flow
from bootstrap.dicomedit.coverage.following import Following6
from bootstrap.dicomedit.coverage.following4 import Following4
from bootstrap.dicomedit.coverage.probes import Probe, digits_expression, probes_of, sample_tags
from bootstrap.dicomedit.coverage.result import Coverage, PixelBlanking, Row, Treatment, Unmatched
from bootstrap.dicomedit.coverage.targets import targets
from bootstrap.dicomedit.coverage.verdicts import Verdict, judged
from bootstrap.dicomedit.discovery import unknown_function
from bootstrap.dicomedit.script import Script
from bootstrap.dicomedit.younger import sequences_left, young_sequences
from bootstrap.facts.ps315 import EDITION, OPTIONS, Attribute, edition

GIVEN_BY_XNAT = frozenset({"project", "subject", "session"})
_REFERENCED_UID = "(0008,1155)"
_RECORD = ("(0012,0062)", "(0012,0063)", "(0028,0303)")
_METHOD_CODES, _CODE = 0x00120064, "(0008,0100)"
_RECORD_ATTRIBUTES = tuple(Attribute(tag, "", "LO", "", "D", {}) for tag in (*_RECORD, _CODE))
_RECORDED = {*_RECORD, "(0012,0064)", _CODE, "(0008,0102)", "(0008,0103)", "(0008,0104)"}


def coverage(
    script: Script,
    *,
    options: Sequence[str] = (),
    edition_name: str = EDITION,
    variables: Iterable[str] = GIVEN_BY_XNAT,
) -> Coverage:
    """What a script does to each attribute of PS3.15, on every way through it, at the root and in sequences.

    `options` are options of the profile (keys of OPTIONS): what they let stay is no gap. `variables` are the names
    that the caller gives. Raises KeyError for an unknown option or edition.
    """
    for option in options:
        OPTIONS[option]
    attributes = edition(edition_name)
    paths = list(targets(script))
    probes = probes_of((*attributes, *_RECORD_ATTRIBUTES), [path for path, _ in paths])
    flow, found = _followed(script, Flow(probes), frozenset(variables))
    return Coverage(
        edition=edition_name,
        options=tuple(options),
        rows=tuple(_with_contained_uids(list(_rows(flow, attributes, options)))),
        unmatched=tuple(_unmatched(paths, attributes)),
        notes=tuple(sorted(set(found.notes))),
        refusals=tuple(found.refusals),
        pixels=tuple(PixelBlanking(region, line, when) for line, region, when in found.pixels),
        record=tuple(_record(flow)),
        accepts=flow.alive,
        younger=tuple(f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in sequences_left(script)),
    )


def _followed(script: Script, flow: Flow, given: frozenset[str]) -> tuple[Flow, Following6]:
    found = Following6(given)
    found.notes += [(one.start.line, f"the engine skips `{one.character}` here") for one in script.skipped]
    found.notes += [(one.start.line, one.message) for one in script.dropped]
    if script.dialect == "4":
        older = Following4()
        flow = older.statements(flow, script.statements)
        found.notes += older.notes
        return flow, found
    unknown = unknown_function(script.statements)
    if unknown is not None:
        found.refusals.append((unknown.line, f"there is no function {unknown.name}: the script does not load"))
        flow.alive = False
        return flow, found
    return found.statements(flow, script.statements), found


def _rows(flow: Flow, attributes: Iterable[Attribute], options: Sequence[str]) -> Iterator[Row]:
    for attribute in attributes:
        if attribute.is_private:
            root, nested = (_treatment(one, attribute, options) for one in (flow.private, flow.private_nested))
            yield Row(attribute, root, nested)
        else:
            yield _row(flow, attribute, options)


def _row(flow: Flow, attribute: Attribute, options: Sequence[str]) -> Row:
    at: dict[str, set[Fate]] = defaultdict(set)
    for number in flow.probes.by_attribute[attribute.tag]:
        at[_sort(flow.probes.all[number])] |= flow.of(number)
    treated = {place: _treatment(frozenset(fates), attribute, options) for place, fates in at.items()}
    root, nested = treated.pop("root"), treated.pop("nested", None)
    named = [(place, one) for place, one in sorted(treated.items()) if one != nested]
    return Row(attribute, root, nested, tuple(named))


def _sort(probe: Probe) -> str:
    if probe.named:
        return probe.place
    return "nested" if probe.chain else "root"


def _treatment(fates: Fates, attribute: Attribute, options: Sequence[str]) -> Treatment:
    return Treatment(fates, judged(fates, attribute, options))


def _with_contained_uids(rows: list[Row]) -> Iterator[Row]:
    """X/Z/U* lets a sequence of references stay, if the UIDs in it are replaced."""
    references = next((row.nested for row in rows if row.attribute.tag == _REFERENCED_UID), None)
    replaced = references is not None and references.verdict < Verdict.GAP
    for row in rows:
        yield _kept_with_uids(row) if replaced and row.attribute.basic.endswith("U*") else row


def _kept_with_uids(row: Row) -> Row:
    nested = _met_if_kept(row.nested) if row.nested else None
    return replace(row, root=_met_if_kept(row.root), nested=nested)


def _met_if_kept(treatment: Treatment) -> Treatment:
    return replace(treatment, verdict=Verdict.MET) if treatment.kinds <= {Kind.KEPT, Kind.REMOVED} else treatment


def _unmatched(paths: list[tuple[nodes.TagPath, int]], attributes: Sequence[Attribute]) -> Iterator[Unmatched]:
    tags = [f"{tag:08X}" for attribute in attributes for tag in sample_tags(attribute)]
    younger = {f"{tag:08X}" for tag in young_sequences()}
    for path, line in paths:
        step = path.steps[-1]
        if not isinstance(step, nodes.ElementStep) or not isinstance(step.tag, nodes.PublicTag | nodes.NumberTag):
            continue
        digits = step.tag.group + step.tag.element
        if digits.upper() in younger:
            continue
        test = re.compile(digits_expression(digits)).fullmatch
        private = step.tag.group[-1:].upper() in "13579BDF#"
        if not private and str(step.tag) not in _RECORDED and not any(map(test, tags)):
            yield Unmatched(str(path), line)


def _record(flow: Flow) -> Iterator[tuple[str, str]]:
    """How often a script writes down that it was there."""
    for tag in _RECORD:
        number = flow.probes.root(int(tag[1:5] + tag[6:10], 16))
        assert number is not None
        yield tag, _how_often(kinds(flow.of(number)))
    codes = [
        kinds(flow.of(number))
        for number, probe in enumerate(flow.probes.all)
        if probe.attribute.tag == _CODE and probe.named and probe.chain[0][0] == _METHOD_CODES
    ]
    yield "(0012,0064)", max(map(_how_often, codes), key=("never", "sometimes", "always").index, default="never")


def _how_often(found: frozenset[Kind]) -> str:
    if not found & {Kind.REPLACED}:
        return "never"
    return "always" if found == {Kind.REPLACED} else "sometimes"
