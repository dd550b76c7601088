"""Loops by what commands write, and subscriptions that do the same thing twice."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.kinds.command_document.normal import normal
from bootstrap.kinds.subscription_action_checks import WrapperDocument
from bootstrap.kinds.subscription_meaning import Meaning, event_class
from bootstrap.kinds.subscription_pairs import Crowd, Member, loops, told_once, twice


def member(name: str, event: str, projects: tuple[str, ...] = ("P",), writes: str = "", **said: Any) -> Member:
    """`writes` is TYPE or TYPE=LABEL of what its command makes."""
    kind, _, label = writes.partition("=")
    handler = {
        "name": "out",
        "accepts-command-output": "o",
        "as-a-child-of": "it",
        "type": kind,
        "label": label or None,
    }
    command = normal(
        {
            "name": name,
            "image": "i:1",
            "command-line": "true",
            "xnat": [
                {"name": "w", "external-inputs": [{"name": "it"}], "output-handlers": [handler] if writes else []}
            ],
        }
    )
    short, _, status = event.partition(".")
    meaning = Meaning(event_class(short), status.upper(), projects, f"command:{name}/w", **said)
    return Member(name, meaning, WrapperDocument(command, command["xnat"][0]))


def rounds(*members: Member) -> list[tuple[str, str]]:
    return [(one.name, flaw.severity) for one, flaw in loops(members)]


@pytest.mark.parametrize(
    ("event", "writes", "text", "found"),
    [
        ("resource.created", "Resource=NIFTI", "", True),
        ("resource.updated", "Resource=NIFTI", "", True),
        ("resource", "Resource=NIFTI", "", True),
        ("resource.created", "Resource=NIFTI", "@.label == 'DICOM'", False),
        ("resource.created", "Resource=NIFTI", "@.label == 'NIFTI'", True),
        ("resource.created", "Resource=NIFTI", "@.files[*].name contains 'x'", True),
        ("resource.created", "Resource=#name#", "@.label == 'DICOM'", True),
        ("resource.created", "Assessor", "", False),
        ("image_assessor.updated", "Assessor", "", True),
        ("scan.created", "Resource=NIFTI", "", False),
        ("resource.created", "", "", False),
    ],
)
def test_a_command_whose_output_is_the_event_that_starts_it(event: str, writes: str, text: str, found: bool) -> None:
    assert rounds(member("a", event, writes=writes, filter=text)) == ([("a", "error")] if found else [])


def test_a_round_of_several_is_told_once_with_its_way() -> None:
    first = member("a", "resource.created", writes="Assessor")
    second = member("b", "image_assessor.created", writes="Resource=X")
    [(start, flaw)] = loops([first, second])
    assert start.name == "a"
    assert "a -> b -> a" in flaw.message


def test_a_round_with_a_resting_one_is_a_warning() -> None:
    first = member("a", "resource.created", writes="Assessor", active=False)
    second = member("b", "image_assessor.created", writes="Resource=X")
    assert rounds(first, second) == [("a", "warning")]


def test_what_happens_in_other_projects_closes_no_round() -> None:
    first = member("a", "resource.created", ("P",), writes="Assessor")
    second = member("b", "image_assessor.created", ("Q",), writes="Resource=X")
    everywhere = member("c", "image_assessor.created", (), writes="Resource=X")
    assert rounds(first, second) == []
    assert rounds(first, second, everywhere) == [("a", "error")]


def doubles(one: Member, *others: Member) -> list[str]:
    return [other.name for _flaw, other in twice(one, Crowd([one, *others]))]


def logging(name: str, event: str = "scan.created", projects: tuple[str, ...] = ("P",), **said: Any) -> Member:
    short, _, status = event.partition(".")
    return Member(name, Meaning(event_class(short), status.upper(), projects, "logging", **said))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (logging("b"), True),
        (logging("b", projects=()), True),
        (logging("b", projects=("P", "Q")), True),
        (logging("b", "scan"), True),
        (logging("b", projects=("Q",)), False),
        (logging("b", "session.created"), False),
        (logging("b", active=False), False),
        (logging("b", filter="@.id == 1"), True),
    ],
)
def test_who_does_the_same_on_the_same_event(other: Member, found: bool) -> None:
    assert doubles(logging("a"), other) == (["b"] if found else [])


def test_different_filters_may_keep_them_apart() -> None:
    assert doubles(logging("a", filter="@.id == 1"), logging("b", filter="@.id == 2")) == []


def test_one_that_rests_does_nothing_twice() -> None:
    assert doubles(logging("a", active=False), logging("b")) == []


def test_several_of_one_event_and_project_are_one_warning() -> None:
    same = [Member(name, member("m", "scan.created").meaning) for name in "abc"]
    ((name, flaw),) = told_once(same)
    assert (name, flaw.severity) == ("c", "warning")
    assert flaw.message.startswith("`a`, `b` do the same")
    elsewhere = [Member(name, member("m", "scan.created", (name[0],)).meaning) for name in ("P1", "P2", "Q1", "Q2")]
    assert sorted(name for name, _flaw in told_once(elsewhere)) == ["P2", "Q2"]
