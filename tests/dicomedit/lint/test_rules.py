"""Every rule has scripts that it must find something in, and scripts that it must leave alone: cases/L01.yaml, ...

A case has `code`, which is put below a `version` line, or `script`, which stands as it is; `lines` (and `columns`)
of the findings of that rule, counted in the whole script; what `lint` is told besides (`xnat`, `kind`,
`site_script`); `says`, a part of a message; and `silent`: why an error is none that the engine would tell.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import ParseError, parse
from bootstrap.dicomedit.lint import RULES, Finding, lint
from tests.dicomedit.observed import dataset_of

CASES = Path(__file__).parent / "cases"
# An object with everything that the cases look at.
DATASET = {
    "(0008,0008)": {"vr": "CS", "value": "ORIGINAL\\PRIMARY"},
    "(0008,0016)": {"vr": "UI", "value": "1.2.840.10008.5.1.4.1.1.4"},
    "(0008,0018)": {"vr": "UI", "value": "1.2.3.4"},
    "(0008,0020)": {"vr": "DA", "value": "20200101"},
    "(0008,0030)": {"vr": "TM", "value": "101010"},
    "(0008,0060)": {"vr": "CS", "value": "MR"},
    "(0008,1140)": {"vr": "SQ", "value": [{"(0008,1155)": {"vr": "UI", "value": "1.2.3"}}]},
    "(0010,0010)": {"vr": "PN", "value": "Doe^Jane"},
    "(0010,0020)": {"vr": "LO", "value": "PID-007"},
    "(0020,000D)": {"vr": "UI", "value": "1.2.3.4.5"},
    "(0020,0011)": {"vr": "IS", "value": "4"},
}


def cases(which: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))[which]):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{number}"))
    return found


def script_of(case: dict[str, Any]) -> str:
    text: str = case["script"] if "script" in case else f'version "6.7"\n{case["code"]}'
    return text


def findings(rule: str, case: dict[str, Any]) -> list[Finding]:
    found = lint(
        script_of(case), xnat_version=case.get("xnat"), kind=case.get("kind"), site_script=case.get("site_script")
    )
    return [finding for finding in found if finding.rule == rule]


def test_every_rule_has_bad_and_good_scripts() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(RULES)
    for path in CASES.glob("*.yaml"):
        both = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert both["bad"], path.name
        assert both["good"], path.name


def test_the_table_is_whole() -> None:
    assert {f"L{number:02}" for number in range(1, 91)} <= set(RULES)
    for rule in RULES.values():
        assert rule.title, rule.id
        assert rule.what_happens, rule.id
        assert rule.mend, rule.id


@pytest.mark.parametrize(("rule", "case"), cases("bad"))
def test_bad_scripts(rule: str, case: dict[str, Any]) -> None:
    found = findings(rule, case)
    assert [finding.line for finding in found] == case["lines"]
    assert {finding.severity for finding in found} <= {RULES[rule].severity}
    if "columns" in case:
        assert [finding.column for finding in found] == case["columns"]
    if "says" in case:
        assert case["says"] in found[0].message


@pytest.mark.parametrize(("rule", "case"), cases("good"))
def test_good_scripts(rule: str, case: dict[str, Any]) -> None:
    assert [str(finding) for finding in findings(rule, case)] == []


ERRORS = [one for one in cases("bad") if RULES[one.values[0]].severity == "error" and "silent" not in one.values[1]]


@pytest.mark.parametrize(("rule", "case"), ERRORS)
def test_errors_are_errors_of_the_engine(rule: str, case: dict[str, Any]) -> None:
    """What the table calls an error stops the script, on loading or when it is applied; or the case says why not."""
    text = script_of(case)
    try:
        script = parse(text)
    except ParseError:
        return
    outcome = script.apply(dataset_of(DATASET), {"project": "P", "subject": "S", "session": "E"})
    assert outcome.status == "error", f"{rule}: {text}"
