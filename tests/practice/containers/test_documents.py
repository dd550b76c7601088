"""Scalars and documents: what becomes what, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bootstrap.practice.containers import documents, scalars
from bootstrap.practice.containers.problems import Broken, Unreadable

READ: list[tuple[Callable[[Any, str], Any], Any, Any]] = [
    (scalars.as_text, 5, "5"),
    (scalars.as_text, 7.5, "7.5"),
    (scalars.as_text, False, "false"),
    (scalars.as_text, True, "true"),
    (scalars.as_text, "", ""),
    (scalars.as_text, None, None),
    (scalars.as_boolean, True, True),
    (scalars.as_boolean, "True", True),
    (scalars.as_boolean, "FALSE", False),
    (scalars.as_boolean, 0, False),
    (scalars.as_boolean, 7, True),
    (scalars.as_boolean, "", None),
    (scalars.as_boolean, None, None),
    (scalars.as_integer, "100", 100),
    (scalars.as_integer, " 100 ", 100),
    (scalars.as_integer, 100.7, 100),
    (scalars.as_integer, "", None),
    (scalars.as_integer, None, None),
    (scalars.as_number, "1.5", 1.5),
    (scalars.as_number, 2, 2.0),
    (scalars.as_number, "NaN", "NaN"),
    (scalars.as_number, "1e999", "Infinity"),
    (scalars.as_number, "-1e999", "-Infinity"),
    (scalars.as_number, "", None),
    (scalars.as_number, None, None),
]
UNREADABLE: list[tuple[Callable[[Any, str], Any], Any]] = [
    (scalars.as_text, []),
    (scalars.as_text, {}),
    (scalars.as_boolean, "yes"),
    (scalars.as_boolean, "tRue"),
    (scalars.as_boolean, "1"),
    (scalars.as_boolean, 1.5),
    (scalars.as_boolean, []),
    (scalars.as_integer, "abc"),
    (scalars.as_integer, "1.7"),
    (scalars.as_integer, True),
    (scalars.as_integer, 2**63),
    (scalars.as_integer, "9" * 30),
    (scalars.as_number, "abc"),
    (scalars.as_number, True),
    (scalars.as_number, []),
]


@pytest.mark.parametrize(("reader", "given", "wanted"), READ)
def test_what_becomes_what(reader: Callable[[Any, str], Any], given: Any, wanted: Any) -> None:
    found = reader(given, "field")
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(("reader", "given"), UNREADABLE)
def test_what_cannot_be_read(reader: Callable[[Any, str], Any], given: Any) -> None:
    with pytest.raises(Unreadable, match="field"):
        reader(given, "field")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"mounts": {}},
        {"mounts": [None]},
        {"mounts": ["x"]},
        {"environment-variables": []},
        {"environment-variables": {"A": None}},
        {"inputs": [{}]},
        {"inputs": [{"name": "a", "select-values": [None]}]},
        {"xnat": [{"external-inputs": [{"type": "Session"}]}]},
        {"secrets": [{"source": {"type": "system-property", "identifier": "x"}}]},
        {"secrets": [{"source": 5}]},
    ],
)
def test_documents_that_cannot_be_read(body: Any) -> None:
    with pytest.raises(Unreadable):
        documents.read("command", body)


def test_null_is_the_same_as_absent_and_what_is_unknown_is_not_looked_at() -> None:
    assert documents.read("mount", {"name": "a", "path": None, "bogus": 1}) == {"name": "a", "writable": False}


def test_an_alias_counts_when_something_is_made_and_loses_to_the_name() -> None:
    both = {"name": "h", "as-a-child-of": "a", "as-a-child-of-wrapper-input": "b"}
    alias = {"name": "h", "as-a-child-of-wrapper-input": "b"}
    assert documents.read("handler", both, creating=True)["as-a-child-of"] == "a"
    assert documents.read("handler", alias, creating=True)["as-a-child-of"] == "b"
    assert "as-a-child-of" not in documents.read("handler", alias)


def test_with_nulls_names_every_field() -> None:
    assert documents.with_nulls("output-configuration", {}) == {"label": None}


LONG = "x" * 256


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"label": "x" * 255}, True),
        ({"label": LONG}, False),
        ({"description": LONG}, True),
        ({"command-line": LONG}, True),
        ({"environment-variables": {LONG: "a"}}, False),
        ({"environment-variables": {"a": LONG}}, False),
        ({"mounts": [{"name": "a", "path": LONG}]}, False),
        ({"inputs": [{"name": "a", "select-values": [LONG]}]}, False),
        ({"inputs": [{"name": "a", "default-value": LONG}]}, True),
        ({"xnat": [{"name": LONG}]}, False),
    ],
)
def test_texts_have_the_length_of_their_column(body: dict[str, Any], fits: bool) -> None:
    document = documents.read("command", body)
    if fits:
        documents.check_lengths("command", document)
        assert document
    else:
        with pytest.raises(Broken, match="too long"):
            documents.check_lengths("command", document)
