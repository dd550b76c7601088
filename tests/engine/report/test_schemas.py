"""The committed schemas are those of the package, and what we print is valid by them.

`UPDATE_GOLDEN=1 pytest tests/engine/report` writes the files anew.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from bootstrap.engine.plan import Plan
from bootstrap.engine.report.report import Report
from bootstrap.engine.report.schemas import Schema, plan_schema, report_schema, schema_text
from bootstrap.engine.saved import plan_as_json

from .building import changes_with, few, masked_values, problems, report_of, reports, texts

ROOT = Path(__file__).parents[3]
SCHEMAS = {"report.schema.json": report_schema, "plan.schema.json": plan_schema}
_texts = st.lists(texts, max_size=2).map(tuple)
_problems = st.lists(problems, max_size=2).map(tuple)
plans = st.builds(
    Plan,
    owner=texts,
    server_url=texts,
    server_version=st.none() | texts,
    changes=st.lists(changes_with(masked_values), max_size=3).map(tuple),
    refusals=_problems,
    failures=_problems,
    notes=_problems,
    accepted=st.integers(0, 9),
    prune=st.booleans(),
    allow=st.frozensets(texts, max_size=2),
    only=_texts,
    files=_texts,
    digest=texts,
)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_the_packages(name: str) -> None:
    expected = schema_text(SCHEMAS[name]())
    if os.environ.get("UPDATE_GOLDEN"):
        (ROOT / name).write_text(expected, encoding="utf-8")
    assert (ROOT / name).read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name]())


def closed(schema: Any) -> Any:
    """The schema with every unknown key refused: none of ours may be missing in it."""
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        return inner | ({"additionalProperties": False} if "properties" in schema else {})
    return [closed(value) for value in schema] if isinstance(schema, list) else schema


REPORT, PLAN = (Draft202012Validator(closed(schema())) for schema in SCHEMAS.values())


@few
@given(reports)
def test_any_report_is_valid(report: Report) -> None:
    REPORT.validate(report.as_json())


@few
@given(plans)
def test_any_saved_plan_is_valid(plan: Plan) -> None:
    PLAN.validate(plan_as_json(plan))


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.pop(key)


@pytest.mark.parametrize(
    "spoil",
    [
        _without("summary"),
        lambda document: document.update(format="xnat-bootstrap/plan"),
        lambda document: document.update(version=2),
        lambda document: document.update(exit=7),
        lambda document: document["changes"][0].update(action="replace"),
        lambda document: document["changes"][0].update(outcome="perhaps"),
        lambda document: document["changes"][0]["fields"][0].update(moved="nobody"),
        lambda document: document["summary"].update(writes=-1),
        lambda document: document["server"].pop("practice"),
    ],
)
def test_a_spoilt_report_is_not_valid(spoil: Callable[[dict[str, Any]], object]) -> None:
    document = copy.deepcopy(report_of("apply-partly").as_json())
    spoil(document)
    with pytest.raises(ValidationError):
        Draft202012Validator(report_schema()).validate(document)


def test_a_reader_lets_keys_of_later_days_pass() -> None:
    document = report_of("apply-partly").as_json() | {"later": 1}
    Draft202012Validator(report_schema()).validate(document)
    assert "later" in json.loads(json.dumps(document))


def schemas_in(schema: Schema) -> list[Schema]:
    return [schema, *(inner for value in schema.get("properties", {}).values() for inner in schemas_in(value))]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_required(name: str) -> None:
    for part in schemas_in(SCHEMAS[name]()):
        assert sorted(part.get("required", ())) == sorted(part.get("properties", {}))
