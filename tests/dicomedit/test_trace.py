"""What a trace says about each statement."""

from __future__ import annotations

import pytest
from pydicom import Dataset

from bootstrap.dicomedit import Outcome, parse
from tests.dicomedit.observed import dataset_of

OBJECT = {
    "(0010,0010)": {"vr": "PN", "value": "Doe"},
    "(0010,0020)": {"vr": "LO", "value": "P1"},
    "(0010,1002)": {"vr": "SQ", "value": [{"(0010,0020)": {"vr": "LO", "value": "P2"}}]},
    "(0029,0010)": {"vr": "LO", "value": "ACME"},
    "(0029,1001)": {"vr": "OB", "value_hex": "00" * 300},
}


def traced(script: str, dialect: str = "6") -> Outcome:
    return parse(script, "4" if dialect == "4" else "6").apply(dataset_of(OBJECT), trace=True)


@pytest.mark.parametrize(
    ("script", "matched", "changes", "note"),
    [
        ("-(0010,0022)", [], [], "no element matches"),
        ("-(0010,0010)", ["(0010,0010)"], [("(0010,0010)", "Doe", None)], ""),
        (
            "-*/(0010,0020)",
            ["(0010,0020)", "(0010,1002)[0]/(0010,0020)"],
            [("(0010,0020)", "P1", None), ("(0010,1002)[0]/(0010,0020)", "P2", None)],
            "",
        ),
        ('(0010,0010) := "Doe"', ["(0010,0010)"], [], "the value was there already"),
        ('(0010,0010) := "X"', ["(0010,0010)"], [("(0010,0010)", "Doe", "X")], ""),
        ('(0010,0022) ?= "X"', [], [], "no element matches"),
        ('(0010,0020) ?= "P1"', ["(0010,0020)"], [], "the value was there already"),
        (
            "-(0010,1002)",
            ["(0010,1002)"],
            [("(0010,1002)", "<1 item>", None), ("(0010,1002)[0]/(0010,0020)", "P2", None)],
            "",
        ),
        ("-(0029,{ACME}01)", ["(0029,1001)"], [("(0029,1001)", "<300 bytes>", None)], ""),
        ('hashUIDList["(0020,000D)"]', [], [], "nothing changed"),
        ('describe xy "y"', [], [], ""),
    ],
)  # fmt: skip
def test_one_statement(script: str, matched: list[str], changes: list[tuple[str, str, str]], note: str) -> None:
    outcome = traced(script)
    (step,) = outcome.trace
    assert (outcome.status, step.line) == ("success", 1)
    assert [path for path in step.matched if path in matched] == matched
    assert [(change.path, change.old, change.new) for change in step.changes] == changes
    assert step.note == note


def test_null_is_named() -> None:
    (step,) = traced("(0010,0010) := (0010,0022)").trace
    assert "null" in step.note


def test_conditions_are_named_and_their_statements_follow() -> None:
    outcome = traced('if ((0010,0010) = "x") {\n-(0010,0010)\n} else {\n-(0010,0020)\n}\n"a" = "b" ? -(0010,0010)')
    assert [(step.line, step.note) for step in outcome.trace][1] == (4, "")
    notes = " | ".join(step.note for step in outcome.trace)
    assert "false" in notes


def test_an_error_keeps_what_was_traced() -> None:
    outcome = traced('(0010,0010) := "x"\n(0010,0020) := nobody')
    assert (outcome.status, outcome.line, len(outcome.trace)) == ("error", 2, 2)
    assert outcome.dataset is None


def test_a_path_that_cannot_be_used_is_an_error() -> None:
    outcome = traced('+/+/(0010,0010) ?= "x"')
    assert (outcome.status, len(outcome.trace)) == ("error", 1)


def test_dicomedit_4_runs_backwards() -> None:
    outcome = traced('(0010,0010) := "a"\n-(0010,0020)', "4")
    assert [step.line for step in outcome.trace] == [2, 1]


def test_compressed_pixels_are_not_shown() -> None:
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEGBaseline8Bit

    dataset: Dataset = dataset_of(OBJECT)
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate([b"\1\2"])
    dataset["PixelData"].is_undefined_length = True
    outcome = parse("-(7FE0,0010)", "6").apply(dataset, trace=True)
    assert [change.old for change in outcome.trace[0].changes] == ["<compressed pixels>"]
