"""No text crashes the parser with anything but a ParseError, no script crashes the interpreter."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.dicomedit import FileError, ParseError, Script, format_script, parse
from bootstrap.dicomedit.dialect import Dialect
from bootstrap.dicomedit.files import open_bytes
from bootstrap.dicomedit.java_format import message_format
from bootstrap.dicomedit.java_regex import full_match
from bootstrap.dicomedit.problems import NeedsDataset, ScriptError
from tests.dicomedit.observed import dataset_of, recorded_cases
from tests.dicomedit.strategies import OBJECTS, SCRIPTS, SOUP
from tests.dicomedit.test_two_ways import file_of

DIALECTS: st.SearchStrategy[Dialect | None] = st.sampled_from(["4", "6", None])


def parsed(text: str, dialect: Dialect | None) -> Script | None:
    try:
        return parse(text, dialect)
    except ParseError as error:
        place = (error.line, error.column)
    assert place >= (1, 1)
    return None


@settings(max_examples=400, deadline=None)
@given(SOUP, DIALECTS)
def test_any_text_parses_or_is_a_parse_error(text: str, dialect: Dialect | None) -> None:
    script = parsed(text, dialect)
    assert script is None or script.text == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(SCRIPTS, SOUP), max_size=3).map("\n".join), DIALECTS, OBJECTS)
def test_any_script_ends_in_an_outcome(text: str, dialect: Dialect | None, elements: dict[str, Any]) -> None:
    script = parsed(text, dialect)
    if script is not None:
        outcome = script.apply(dataset_of(elements), {"subject": "S"})
        assert (outcome.dataset is not None) == (outcome.status == "success")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(SCRIPTS, SOUP), max_size=3).map("\n".join), st.sampled_from(["4", "6"]))
def test_format_reads_as_the_same_script(text: str, dialect: Dialect) -> None:
    script = parsed(text, dialect)
    if script is None:
        return
    formatted = format_script(script)
    again = parse(formatted, dialect)
    assert again.statements == script.statements
    assert format_script(again) == formatted
    assert [one.text.strip() for one in again.comments] == [one.text.strip() for one in script.comments]


@pytest.mark.parametrize("case", recorded_cases(), ids=lambda case: case["id"])
def test_recorded_scripts_survive_formatting(case: dict[str, Any]) -> None:
    dialect = None if case["dialect"] == "auto" else case["dialect"]
    script = parsed(case["script"], dialect)
    assert script is None or parse(format_script(script), dialect).statements == script.statements


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1\\dwQE.*+?()[]{}|^$&-<>=!:ipP,é\n", max_size=14), st.text(alphabet="ab1-\n", max_size=8))
def test_any_regular_expression_answers_or_is_an_error(pattern: str, text: str) -> None:
    with suppress(ScriptError):
        assert full_match(pattern, text) in (True, False)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="a'{}01,- number", max_size=14))
def test_any_pattern_formats_or_is_an_error(pattern: str) -> None:
    with suppress(ScriptError):
        assert isinstance(message_format(pattern, ["x", None]), str)


@settings(max_examples=200, deadline=None)
@given(OBJECTS, st.data())
def test_a_damaged_file_is_read_or_refused(elements: dict[str, Any], data: st.DataObject) -> None:
    whole = bytearray(file_of(elements))
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with suppress(FileError, NeedsDataset, ScriptError):
        outcome, _ = parse("-*/(0010,0010)\nremoveAllPrivateTags", "6").session({}).edit(open_bytes(damaged))
        assert outcome.status in ("success", "error")
