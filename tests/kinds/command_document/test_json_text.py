"""JSON with places: the same values as Python's reader, and each place leads to its value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.kinds.command_document.flaws import Flaw
from bootstrap.kinds.command_document.json_text import Lines, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 2]))
def test_it_reads_what_pythons_reader_reads_and_knows_the_places(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    read = read_json(text)
    assert read.document == document
    assert read.flaws == []
    decoder = json.JSONDecoder()
    for path, offset in read.values.items():
        value: Any = document
        for step in path:
            value = value[step]
        assert decoder.raw_decode(text, offset)[0] == value


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    read = read_json(text)
    assert (read.document is None) == any(flaw.rule == "command-json" for flaw in read.flaws)
    assert 0 <= read.broken_at <= len(text)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1), "a value is due"),
        ('{\n  "a": 1,\n}', (3, 1), "a comma before }"),
        ('{"a" 1}', (1, 6), "a colon is due"),
        ('{"a": 1 "b": 2}', (1, 9), "a comma or } is due"),
        ('{"a": [1, ]}', (1, 11), "a comma before ]"),
        ('{"a": tru}', (1, 7), "a value is due"),
        ('{"a": NaN}', (1, 7), "a value is due"),
        ("{'a': 1}", (1, 2), "a key in double quotes"),
        ('{"a": 1} x', (1, 10), "something follows"),
        ('{"a": "x', (1, 8), "Unterminated string"),
        ("[" * 100, (1, 62), "nested more than"),
        ("[1]", (1, 1), "a command is a JSON object"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    read = read_json(text)
    assert message in read.flaws[0].message
    assert Lines(text).place(read.offset(read.flaws[0]))[0] == place[0]
    assert abs(Lines(text).place(read.offset(read.flaws[0]))[1] - place[1]) <= 1


def test_a_key_that_stands_twice_is_told_at_the_second() -> None:
    read = read_json('{"a": 1,\n "b": {"c": 1, "c": 2}}')
    assert [(flaw.rule, flaw.path) for flaw in read.flaws] == [("command-duplicate-key", ("b", "c"))]
    assert Lines(read.flaws[0].message).place(0) == (1, 1)
    assert read.document == {"a": 1, "b": {"c": 2}}


def test_what_is_missing_is_told_at_what_is_around_it() -> None:
    text = '{"a": {"b": [1]}}'
    read = read_json(text)
    assert read.offset(Flaw("command-blank", "", ("a", "b", 5, "x"))) == text.index("[1]")
    assert read.offset(Flaw("command-blank", "", ("a", "b"), at_key=True)) == text.index('"b"')
