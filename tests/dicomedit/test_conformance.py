"""What a real DicomEdit 6.7.1 did, replayed: the object before, the script, the object after."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.dicomedit import ParseError, parse
from bootstrap.dicomedit.dataset_item import DatasetItem
from tests.dicomedit.observed import dataset_of, differences, number_of, recorded_cases

CASES = recorded_cases()


def test_all_recordings_are_there() -> None:
    assert len(CASES) == 120


@pytest.mark.conformance
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_engine_and_ours_agree(case: dict[str, Any]) -> None:
    expect = case["expect"]
    status, root = outcome_of(case)
    assert status == ("error" if expect["error"] else "rejected" if expect["rejected"] else "success")
    if root is not None:
        assert differences(root, expect.get("tags", {}), complete=expect.get("complete", False)) == []
        assert {tag: root.vr(number_of(tag)) for tag in expect.get("vr", {})} == expect.get("vr", {})


def outcome_of(case: dict[str, Any]) -> tuple[str, DatasetItem | None]:
    try:
        script = parse(case["script"], None if case["dialect"] == "auto" else case["dialect"])
    except ParseError:
        return "error", None
    if case["mode"] == "parse":
        return "success", None
    outcome = script.apply(dataset_of(case["input"]), case["variables"])
    return outcome.status, DatasetItem(outcome.dataset) if outcome.dataset is not None else None
