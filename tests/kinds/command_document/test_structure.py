"""The form of a document against the JSON Schema of the Container Service's documents, which is held beside it."""

from __future__ import annotations

import copy
import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bootstrap.kinds.command_document.flaws import RULES
from bootstrap.kinds.command_document.structure import structure
from tests.kinds.command_document.documents import commands, objects
from tests.kinds.command_document.test_checks import CASES, GOOD, edited

SCHEMA = json.loads(files("bootstrap.facts").joinpath("command-schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator({**SCHEMA, "$ref": "#/$defs/createCommand"})
# What the schema cannot say, or what it says only of the meaning.
NOT_OF_THE_SCHEMA = {"command-too-long", "command-null-entry", "command-deprecated-key"}
FORM = ("command-unknown-key", "command-missing-key", "command-wrong-type", "command-wrong-value", "command-blank")


def form_errors(document: dict[str, Any]) -> list[str]:
    found = [flaw.rule for flaw in structure(document) if RULES[flaw.rule].severity == "error"]
    return [rule for rule in found if rule not in NOT_OF_THE_SCHEMA]


def accepts(document: dict[str, Any]) -> bool:
    return not list(VALIDATOR.iter_errors(document))


@settings(max_examples=200, deadline=None)
@given(commands())
def test_a_document_that_the_schema_accepts_is_of_good_form(document: dict[str, Any]) -> None:
    if accepts(document):
        assert form_errors(document) == []


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["mounts", "inputs", "outputs"]), st.data())
def test_what_is_of_good_form_the_schema_refuses_only_for_what_hangs_together(part: str, data: st.DataObject) -> None:
    kind = {"mounts": "mount", "inputs": "input", "outputs": "output"}[part]
    document = {**copy.deepcopy(GOOD), part: [data.draw(objects(kind))]}
    assume(form_errors(document) == [])
    select = [one for one in document["inputs"] if one.get("select-values") or "select" in str(one.get("type"))]
    assume(not select)
    assert accepts(document)


@pytest.mark.parametrize(
    ("rule", "edit"),
    [(rule, case["edit"]) for rule in FORM for case in CASES[rule]],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else value,
)
def test_what_is_of_bad_form_the_schema_refuses_as_well(rule: str, edit: dict[str, Any]) -> None:
    assert not accepts(edited(edit))


def test_the_schema_accepts_the_good_document() -> None:
    assert accepts(GOOD)
