"""What coverage says of short scripts, as data; and that it never says less than what happens."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import Script, parse
from bootstrap.dicomedit.coverage import Coverage, Row, Verdict, coverage
from bootstrap.dicomedit.coverage.canaries import Cage, caged
from bootstrap.dicomedit.coverage.proof import VARIABLES, survivors_in
from bootstrap.dicomedit.coverage.said import how_far
from bootstrap.dicomedit.environment import Environment
from bootstrap.facts.ps315 import attributes

CASES = Path(__file__).parent / "cases"


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            case["script"] = case["script"].replace("\\n", "\n")
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{number}"))
    return found


def script_of(name: str, case: dict[str, Any]) -> Script:
    text = case["script"] if name == "dialect4" else f'version "6.7"\n{case["script"]}'
    return parse(text + "\n")


@cache
def coverage_of(script: Script, options: tuple[str, ...] = ()) -> Coverage:
    return coverage(script, options=options)


def row_of(found: Coverage, tag: str) -> Row:
    return next(row for row in found.rows if row.attribute.tag == tag)


@pytest.mark.parametrize(("name", "case"), cases())
def test_what_becomes_of_an_attribute(name: str, case: dict[str, Any]) -> None:
    row = row_of(coverage_of(script_of(name, case), tuple(case.get("options", ()))), case["tag"])
    assert row.nested is not None
    assert (row.root.words, row.nested.words) == (case["root"], case["nested"])
    if "verdict" in case:
        assert row.verdict.word == case["verdict"]
    if "how" in case:
        assert how_far(row) == case["how"]
    if "when" in case:
        assert row.root.conditions == [case["when"]]
    if "detail" in case:
        assert case["detail"] in [fate.detail for fate in row.root.fates]


@cache
def cage() -> Cage:
    """Of the attributes that any case speaks of."""
    texts = " ".join(path.read_text(encoding="utf-8") for path in CASES.glob("*.yaml"))
    named = {"private", "(50xx,xxxx)", "(60xx,3000)", *re.findall(r"\([0-9A-F]{4},[0-9A-F]{4}\)", texts)}
    return caged([one for one in attributes() if one.tag in named])


@pytest.mark.parametrize(("name", "case"), cases())
def test_no_canary_survives_where_coverage_sees_no_gap(name: str, case: dict[str, Any]) -> None:
    script = script_of(name, case)
    environment = Environment(fetch=lambda _url: "fetched")
    outcome = script.apply(cage().dataset, VARIABLES, environment=environment)
    if outcome.dataset is None:
        assert outcome.status == "error"  # the canary's value was not what the script needs: nothing comes through
        return
    rows = {row.attribute.tag: row for row in coverage_of(script).rows}
    for survivor in survivors_in(outcome.dataset, cage().canaries):
        row = rows[survivor.canary.attribute.tag]
        nested = survivor.canary.where.startswith("(5200,")
        place = row.nested if nested and row.nested else row.root
        moved = survivor.found_at != survivor.canary.where
        uids_replaced = row.attribute.basic.endswith("U*")
        assert max(place.verdict, row.verdict if moved else Verdict.MET) is Verdict.GAP or uids_replaced, str(survivor)
