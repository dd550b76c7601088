"""Sentences that the golden cases do not reach."""

from __future__ import annotations

import pytest

from bootstrap.engine.plan import Change
from bootstrap.engine.report import words
from bootstrap.engine.report.report import Counts, Line, Report
from bootstrap.kinds.kind import LEFT_TO_A_PERSON
from bootstrap.values import Problem


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (60.0, "1 min 0 s"), (3725.4, "62 min 5 s")]
)
def test_how_long_it_took(seconds: float, text: str) -> None:
    assert words.cost(Report("plan", 0, counts=Counts(1, 1, 1, seconds))) == f"1 request, 1 write, {text}"


@pytest.mark.parametrize(
    ("exit_code", "verb", "verdict"),
    [
        (1, "plan", "Failed"),
        (3, "plan", "Refused"),
        (4, "apply", "The server cannot be reached or is not ready, nothing was changed"),
        (0, "apply", "Nothing to do"),
    ],
)
def test_the_verdict_where_no_change_is_listed(exit_code: int, verb: str, verdict: str) -> None:
    assert words.verdict(Report(verb, exit_code)) == verdict


def test_an_apply_that_ended_otherwise_is_not_done() -> None:
    line = Line(Change("kind", "name", "create"), "skipped", "why")
    assert words.verdict(Report("apply", 64, lines=[line])) == "Not done: 0 of 1 change, 1 skipped"


def test_a_message_that_ends_with_its_hint_says_it_once() -> None:
    problem = Problem("error", "unread", "it failed\n  -> try again", "try again")
    assert words.message_of(problem) == ("it failed", "try again")


def test_problems_keep_their_order_within_a_severity() -> None:
    problems = [Problem(severity, rule, "") for severity, rule in (("note", "a"), ("error", "b"), ("error", "c"))]  # type: ignore[arg-type]
    assert [problem.rule for problem in words.in_order(problems)] == ["b", "c", "a"]


def test_every_action_and_outcome_has_a_mark_of_its_own() -> None:
    for marks in (words.ACTIONS.values(), words.OUTCOMES.values()):
        assert len({mark.sign for mark in marks}) == len(marks)


def test_a_plan_says_what_no_apply_does() -> None:
    restart = Change("restart", "xnat", "restart", notes=(f"why: {LEFT_TO_A_PERSON}",))
    steps = words.next_steps(Report("plan", 2, lines=[Line(Change("a", "b", "create")), Line(restart)]))
    assert steps[0].endswith("does it, but for the restart: that is left to you")
