"""The report as a value."""

from __future__ import annotations

from bootstrap.engine.outcome import Done
from bootstrap.engine.plan import Change, FieldChange, Plan
from bootstrap.engine.report.report import Line, Report, lines_of_outcomes, lines_of_plan
from bootstrap.values import Secret

NONE, UPDATE = Change("kind", "same", "none"), Change("kind", "other", "update")


def test_a_plan_lists_what_is_right_already_only_when_it_is_asked_to() -> None:
    plan = Plan(changes=(NONE, UPDATE))
    assert lines_of_plan(plan, include_none=False) == [Line(UPDATE)]
    assert lines_of_plan(plan, include_none=True) == [Line(NONE), Line(UPDATE)]


def test_an_outcome_becomes_a_line() -> None:
    assert lines_of_outcomes([Done(UPDATE, "failed", "why")]) == [Line(UPDATE, "failed", "why")]


def test_the_summary_counts_outcomes_and_leaves_deferred_changes_out() -> None:
    deferred = Change("kind", "later", "create", deferred=True)
    lines = [Line(UPDATE, "done"), Line(UPDATE, "failed"), Line(NONE), Line(deferred)]
    summary = Report("apply", 5, lines=lines, deferred=1).as_json()["summary"]
    assert (summary["changes"], summary["done"], summary["failed"], summary["deferred"]) == (2, 1, 1, 1)


def test_a_secret_in_a_field_is_masked_in_the_document() -> None:
    field = FieldChange("password", None, {"inner": Secret("hidden")}, "new")
    document = Line(Change("kind", "name", "create", (field,))).as_json()
    assert document["fields"][0]["after"] == {"inner": "***"}
