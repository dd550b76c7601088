"""A plan on disk: written and read without loss, and every broken one is wrong usage with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bootstrap.engine.plan import Change, Plan
from bootstrap.engine.saved import as_of_now, load_document, plan_as_json, plan_from_json, save_plan
from bootstrap.errors import LocalFileError, UsageError
from tests.engine.report.test_schemas import plans


def without_what_is_right(plan: Plan) -> tuple[Any, ...]:
    return tuple(change for change in plan.changes if change.action != "none")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_what_was_saved_is_read(plan: Plan) -> None:
    document = json.loads(json.dumps(plan_as_json(plan)))
    read = plan_from_json(document, Path("plan.json"))
    assert [change.ref for change in read.changes] == [change.ref for change in without_what_is_right(plan)]
    assert json.dumps(plan_as_json(read)) == json.dumps(plan_as_json(plan))


def test_it_is_written_and_found_again(tmp_path: Path) -> None:
    place = tmp_path / "plan.json"
    save_plan(Plan(owner="radiology", server_url="https://x.example.org", files=("a", "b"), digest="d"), place)
    read = plan_from_json(load_document(place), place)
    assert (read.owner, read.server_url, read.files, read.digest) == (
        "radiology", "https://x.example.org", ("a", "b"), "d",
    )  # fmt: skip


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="No such file"):
        load_document(tmp_path / "nowhere.json")


@pytest.mark.parametrize("part", ["options", "site", "server", "changes", "refusals", "owner", "accepted"])
def test_a_part_that_is_missing_is_named(part: str) -> None:
    document = plan_as_json(Plan())
    del document[part]
    with pytest.raises(UsageError, match=f"lacks a part of a saved plan: '{part}'"):
        plan_from_json(document, Path("plan.json"))


@pytest.mark.parametrize("source", ["no-place", "file:x:y", "file:1"])
def test_a_place_that_is_none_is_wrong_usage(source: str) -> None:
    note = {"severity": "note", "rule": "r", "message": "m", "hint": "", "source": source}
    with pytest.raises(UsageError, match="lacks a part"):
        plan_from_json(plan_as_json(Plan()) | {"notes": [note]}, Path("plan.json"))


def change(action: Any, seen: str, name: str = "a") -> Change:
    return Change("toy", name, action, seen=seen)


def test_of_a_saved_plan_only_the_choice_and_what_was_seen_count() -> None:
    saved = Plan(changes=(change("update", "then"), change("delete", "x", "gone"), change("update", "y", "right")))
    fresh = Plan(changes=(change("update", "now"), change("none", "z", "right"), change("create", "w", "not-chosen")))
    made = as_of_now(saved, fresh, Path("plan.json"))
    assert [(one.name, one.action, one.seen) for one in made.changes] == [
        ("a", "update", "then"),
        ("right", "none", "z"),
    ]


def test_a_saved_plan_that_would_do_something_else_than_it_was_made_for_is_refused() -> None:
    saved, fresh = Plan(changes=(change("delete", "same"),)), Plan(changes=(change("update", "same"),))
    with pytest.raises(UsageError, match="it would delete toy:a, and what it was made from says update"):
        as_of_now(saved, fresh, Path("plan.json"))
