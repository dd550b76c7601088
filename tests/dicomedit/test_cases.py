"""The language's rules, as data: what goes in, the script, what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import Environment, ParseError, parse
from bootstrap.dicomedit.dataset_item import DatasetItem
from tests.dicomedit.observed import dataset_of, differences

FOLDER = Path(__file__).parent / "cases"
SYNTAX = yaml.safe_load((FOLDER / "syntax.yaml").read_text("utf-8"))
CASES = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.stem != "syntax"
    for case in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.mark.parametrize("text", SYNTAX["ok"])
def test_this_parses(text: str) -> None:
    if text.endswith("\\"):
        with pytest.raises(ParseError):
            parse(text, "6")
        return
    assert parse(text, "6").text == text


@pytest.mark.parametrize("text", SYNTAX["bad"])
def test_this_does_not_parse(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, "6")
    assert caught.value.line >= 1
    assert caught.value.column >= 1
    assert caught.value.expected


@pytest.mark.parametrize(("topic", "case"), CASES, ids=[f"{topic}: {case['name']}" for topic, case in CASES])
def test_rule(topic: str, case: dict[str, Any]) -> None:
    script = parse(case["script"], case.get("dialect", "6"))
    elements = {tag: spelled_out(element) for tag, element in case.get("input", {}).items()}
    echoed: list[str] = []
    environment = Environment(
        random_number=lambda: 7, fetch=str.upper, lookup_table=case.get("lookup", {}), echo=echoed.append
    )
    outcome = script.apply(dataset_of(elements), case.get("variables", {}), environment=environment)
    if "error" in case:
        assert outcome.status == "error", topic
        assert (case["error"] or "") in outcome.message
        assert outcome.line is not None
        return
    assert outcome.status == ("rejected" if case.get("rejected") else "success"), outcome.message
    assert echoed == case.get("echo", echoed)
    if outcome.dataset is not None:
        before = {tag: kept(element) for tag, element in elements.items()}
        after = before | {tag: hexed(value) for tag, value in case["expect"].items()}
        assert differences(DatasetItem(outcome.dataset), after, complete=True) == []


def spelled_out(element: Any) -> dict[str, Any]:
    if isinstance(element, list):
        items = [{tag: spelled_out(inner) for tag, inner in item.items()} for item in element]
        return {"vr": "SQ", "value": items}
    vr, _, value = element.partition(" ")
    return {"vr": vr, "value_hex": value[4:]} if value.startswith("hex:") else {"vr": vr, "value": value}


def kept(element: dict[str, Any]) -> Any:
    if "value_hex" in element:
        return {"value_hex": element["value_hex"]}
    value = element["value"]
    if isinstance(value, list):
        return [{tag: kept(inner) for tag, inner in item.items()} for item in value]
    return value


def hexed(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("hex:"):
        return {"value_hex": value[4:]}
    if isinstance(value, list):
        return [{tag: hexed(inner) for tag, inner in item.items()} for item in value]
    return value
