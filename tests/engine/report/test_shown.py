"""Values as people see them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.engine.report.shown import json_text, plain, shortened, shortened_pair, single, visible
from bootstrap.values import Secret

from .building import few, values


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain, größer, 日本", "plain, größer, 日本"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("\x9b", "\\x9b"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
        ("\xa0", "\\xa0"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_acts_on_a_terminal_is_written_out(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, "not set"),
        (True, "true"),
        (90, "90"),
        ("", '""'),
        ("true", '"true"'),
        ("***", "***"),
        (Secret("hidden"), "***"),
        (["a", 1], '["a", 1]'),
        ({"a": Secret("hidden")}, '{"a": "***"}'),
        (date(2027, 1, 31), '"2027-01-31"'),
        (float("nan"), '"nan"'),
    ],
)
def test_a_value_on_one_line(value: Any, seen: str) -> None:
    assert single(value) == seen


@few
@given(values)
def test_json_text_is_json_of_the_plain_value(value: Any) -> None:
    text = json_text(value)
    assert text.replace("\n", "").isprintable()
    # Two halves of a pair that stand beside each other are one character once they are JSON.
    assert json.loads(text) == json.loads(json.dumps(plain(value)))


def test_a_short_text_is_left_alone() -> None:
    assert shortened("a" * 30, 30) == "a" * 30


@few
@given(st.text("abc", min_size=1, max_size=20), st.integers(40, 200))
def test_a_long_text_keeps_both_ends_and_fits(word: str, room: int) -> None:
    text = word * 300
    found = shortened(text, room)
    assert len(found) <= room
    assert found.startswith(text[:8])
    assert found.endswith(f"{text[-2:]} ({len(text):,} characters)")


def test_where_two_long_texts_differ_stays_in_sight() -> None:
    before, after = shortened_pair("x" * 500 + "old" + "y" * 500, "x" * 500 + "new" + "y" * 500, 80)
    assert "old" in before
    assert "new" in after
    assert max(len(before), len(after)) <= 80


def test_two_short_texts_are_left_alone() -> None:
    assert shortened_pair("one", "two", 80) == ("one", "two")
