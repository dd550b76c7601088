"""A plan on disk: written and read without loss, and every broken one is wrong usage with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bootstrap.engine.plan import Plan
from bootstrap.engine.saved import load_document, plan_as_json, plan_from_json, save_plan
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
