"""What only the terminal has: widths, wrapped sentences and lines that are never wrapped."""

from __future__ import annotations

from dataclasses import replace

from bootstrap.engine.plan import Change, FieldChange
from bootstrap.engine.report import render
from bootstrap.engine.report.report import Line, Report
from bootstrap.values import Problem, Secret

from .building import report_of


def text_of(report: Report, width: int = 80) -> list[str]:
    return render(report, "text", colour=False, width=width).split("\n")


def line_with(*fields: FieldChange, **more: str) -> Report:
    return Report("plan", 2, lines=[Line(Change("kind", "name", "update", fields, notes=tuple(more.values())))])


def test_sentences_are_wrapped_and_hang_under_their_beginning() -> None:
    lines = text_of(line_with(note="word " * 30))
    noted = [line for line in lines if "word" in line]
    assert len(noted) > 1
    assert max(map(len, noted)) <= 80
    assert all(line.startswith(" " * 8) for line in noted[1:])


def test_a_line_of_a_diff_is_never_wrapped() -> None:
    long = "x" * 300
    lines = text_of(line_with(FieldChange("script", f"a\n{long}\n", f"b\n{long}\n", "file")))
    assert f"         {long}" in lines


def test_long_values_stand_under_each_other() -> None:
    lines = text_of(line_with(FieldChange("value", "a" * 100, "b" * 100, "server")))
    place = lines.index("      value:  (changed on the server)")
    assert lines[place + 1].startswith('           "aaa')
    assert lines[place + 2].startswith('        -> "bbb')
    assert max(map(len, lines[place : place + 3])) <= 80


def test_a_secret_that_differs_is_said_in_words() -> None:
    lines = text_of(line_with(FieldChange("password", Secret("a"), Secret("b"), "file")))
    assert "      password: *** (differs; secrets are not shown)" in lines


def test_a_narrow_terminal_gets_something_to_read() -> None:
    assert any("siteId" in line for line in text_of(report_of("apply-partly"), width=1))


def test_few_changes_need_no_table() -> None:
    report = report_of("plan-everything")
    counted = [line for line in text_of(report) if line.split()[:2] == ["update", "delete"]]
    assert len(counted) == 1
    assert not [
        line for line in text_of(replace(report, lines=report.lines[:3])) if "update  " in line and "~" not in line
    ]


def test_what_all_of_a_kind_have_to_say_stands_once_above_them() -> None:
    changes = [
        Change("kind", name, "update", needs=("other:x",), notes=("not set up yet", *own))
        for name, own in (("a", ()), ("b", ("adopts",)))
    ]
    lines = text_of(Report("plan", 2, lines=[Line(change) for change in changes]))
    place = lines.index("kind")
    assert lines[place + 1 : place + 6] == [
        "  all: after other:x",
        "  all: not set up yet",
        "  ~ a  update",
        "  ~ b  update",
        "      adopts",
    ]


def test_a_hint_that_several_problems_share_stands_once_below_the_last() -> None:
    gone = [Problem("note", "gone-from-file", f"{name} is gone", "`--prune` removes it") for name in "ab"]
    other = Problem("note", "gone-from-file", "c is gone", "it is never removed")
    lines = text_of(Report("plan", 0, problems=[*gone, other]))
    place = next(number for number, line in enumerate(lines) if "a is gone" in line)
    assert [line.strip() for line in lines[place : place + 5]] == [
        "note: a is gone [gone-from-file]",
        "note: b is gone [gone-from-file]",
        "-> `--prune` removes it",
        "note: c is gone [gone-from-file]",
        "-> it is never removed",
    ]
