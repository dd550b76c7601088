"""Every rule, brought about by an edit of a document that has no flaw. Cases as data, one runner."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.kinds.command_document import RULES, flaws_of
from bootstrap.practice.containers.commands import reading, validation
from bootstrap.practice.containers.problems import Problem

GOOD: dict[str, Any] = {
    "name": "convert",
    "version": "1.0",
    "image": "convert:1",
    "command-line": "convert #a# #b# /in /out",
    "mounts": [{"name": "in", "path": "/in"}, {"name": "out", "path": "/out", "writable": True}],
    "inputs": [
        {"name": "a", "type": "string", "default-value": "x"},
        {"name": "b", "type": "select-one", "select-values": ["y", "n"], "default-value": "y"},
    ],
    "outputs": [{"name": "result", "mount": "out"}],
    "secrets": [
        {
            "source": {"type": "system-property", "identifier": "convert.token"},
            "destination": {"type": "environment-variable", "identifier": "TOKEN"},
        }
    ],
    "xnat": [
        {
            "name": "convert-session",
            "contexts": ["xnat:mrSessionData"],
            "external-inputs": [{"name": "session", "type": "Session"}],
            "derived-inputs": [
                {
                    "name": "scan",
                    "type": "Scan",
                    "derived-from-wrapper-input": "session",
                    "matcher": "@.quality == 'usable'",
                    "provides-files-for-command-mount": "in",
                },
                {
                    "name": "label",
                    "type": "string",
                    "derived-from-wrapper-input": "session",
                    "derived-from-xnat-object-property": "label",
                    "provides-value-for-command-input": "a",
                },
            ],
            "output-handlers": [
                {"name": "stored", "accepts-command-output": "result", "as-a-child-of": "session", "label": "RESULT"}
            ],
        }
    ],
}
CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("flaws.yml").read_text())
# What is found where a document is read, or beside others; their tests are there.
ELSEWHERE = {"command-json", "command-duplicate-key", "command-name-differs", "command-unknown-setup"}
LISTED = [(rule, case) for rule, cases in CASES.items() for case in cases]


def edited(edit: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    for path, value in edit.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        here: Any = document
        for step in steps:
            here = here[step]
        if value == "$":
            del here[last]
        elif isinstance(here, list) and last == len(here):
            here.append(value)
        else:
            here[last] = json.loads(json.dumps(value).replace("256 letters", "x" * 256))
    return document


def names(case: Any) -> str:
    return ",".join(case["edit"]) if isinstance(case, dict) else str(case)


def test_the_good_document_has_no_flaw() -> None:
    assert flaws_of(GOOD) == []


def test_every_rule_has_cases() -> None:
    assert set(CASES) | ELSEWHERE == set(RULES)


@pytest.mark.parametrize(("rule", "case"), LISTED, ids=names)
def test_a_rule_tells_its_flaw_at_its_place(rule: str, case: dict[str, Any]) -> None:
    found = [flaw for flaw in flaws_of(edited(case["edit"])) if flaw.rule == rule]
    if case.get("ok"):
        assert found == []
        return
    assert case["at"] in ["/".join(map(str, flaw.path)) for flaw in found]
    assert all(flaw.hint for flaw in found)
    if "hint" in case:
        assert case["hint"] in [flaw.hint for flaw in found]


REFUSED = [rule for rule in CASES if RULES[rule].severity == "error" and "XNAT refuses" in RULES[rule].otherwise]


@pytest.mark.parametrize(
    ("rule", "case"),
    [(rule, case) for rule, case in LISTED if rule in REFUSED and not case.get("ok")],
    ids=names,
)
def test_what_we_say_that_xnat_refuses_the_practice_xnat_refuses(rule: str, case: dict[str, Any]) -> None:
    """It holds to what a real one was seen to refuse."""
    with pytest.raises(Problem):
        validation.check(reading.created(edited(case["edit"])))


@pytest.mark.parametrize(
    ("rule", "case"), [(rule, case) for rule, case in LISTED if RULES[rule].severity == "warning"], ids=names
)
def test_warnings_are_of_what_xnat_takes(rule: str, case: dict[str, Any]) -> None:
    document = edited(case["edit"])
    assert [flaw for flaw in flaws_of(document) if flaw.severity == "error"] == []
    validation.check(reading.created(document))


def test_the_form_is_told_before_what_hangs_together() -> None:
    broken = edited({"inputs": {}, "outputs/0/mount": "nowhere"})
    assert {flaw.rule for flaw in flaws_of(broken)} == {"command-wrong-type"}
