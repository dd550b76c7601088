"""Statements that run together do what they do one by one: a trace runs each by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.files import open_bytes
from tests.dicomedit.observed import dataset_of
from tests.dicomedit.strategies import OBJECTS, SEQUENCES, STATEMENTS, WILD
from tests.dicomedit.test_two_ways import content, file_of

_NAMED = st.sampled_from(["(0008,0005)", "(0008,0018)", "(0010,0010)", "(0028,0010)", "(0018,9073)", *SEQUENCES])
_PATHS = st.one_of(_NAMED, st.builds("*/{}".format, _NAMED), WILD, st.just("+"))
_CONSTANTS = st.sampled_from(['"x"', '"é"', '""', "7", '"ISO_IR 100"'])
_FILLS = st.builds("{} ?= {}".format, _PATHS, _CONSTANTS)
_DELETES = st.one_of(st.builds("-{}".format, _PATHS), st.just("removeAllPrivateTags"))
NEIGHBOURS = st.lists(st.one_of(_FILLS, _FILLS, _DELETES, STATEMENTS), min_size=2, max_size=8).map("\n".join)


def ran(script: str, data: bytes, *, trace: bool) -> tuple[str, str, int | None, dict[int, Any]]:
    root = open_bytes(data)
    outcome = parse(script, "6").session({"subject": "S_01"}).edit_traced(root, trace=trace)
    found = content(root) if outcome.status == "success" else {}
    return outcome.status, outcome.message, outcome.line, found


@settings(max_examples=120, deadline=None)
@given(NEIGHBOURS, OBJECTS)
def test_together_as_one_by_one(script: str, elements: dict[str, Any]) -> None:
    data = file_of(elements)
    assert ran(script, data, trace=False) == ran(script, data, trace=True)


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ('(0010,0010) ?= "x"\n(0028,0010) ?= "no number"\n(0018,9073) ?= "nor this"', 2),
        ('*/(0018,9073) ?= "nor this"\n*/(0028,0010) ?= "no number"', 1),
        ('(0010,0010) ?= "x"\n+ ?= "x"\n(0010,0020) ?= "y"', 2),
        ("-(0010,0010)\n-(0010,0020)\n-+\n-(0028,0010)", 3),
    ],
)
def test_the_first_that_fails_is_named(script: str, line: int) -> None:
    dataset = dataset_of(
        {
            "(0028,0010)": {"vr": "US", "value": "1"},
            "(0018,9073)": {"vr": "FD", "value": "1.0"},
            "(0010,0010)": {"vr": "PN", "value": "A"},
        }
    )
    outcome = parse(script, "6").apply(dataset)
    assert (outcome.status, outcome.line) == ("error", line)


def test_a_constant_is_written_in_the_character_set_of_its_turn() -> None:
    data = file_of(
        {
            "(0008,0005)": {"vr": "CS", "value_hex": b"ISO_IR 192".hex()},
            "(0008,103E)": {"vr": "LO", "value_hex": "41"},
            "(0010,0010)": {"vr": "PN", "value_hex": "42"},
        }
    )
    found = ran('(0010,0010) ?= "é"\n(0008,0005) ?= "ISO_IR 100"\n(0008,103E) ?= "é"', data, trace=False)[3]
    assert found[0x00100010] == ("PN", "é".encode())
    assert found[0x0008103E] == ("LO", b"\xe9 ")


def test_what_is_kept_of_tags_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.dicomedit.deleting._MOST_KNOWN", 2)
    elements = {f"(0010,{number:04X})": {"vr": "LO", "value": "x"} for number in range(0x1000, 0x1010)}
    outcome = parse("-(0010,100X)\n-(0010,0010)", "6").apply(dataset_of(elements))
    assert outcome.dataset is not None
    assert not [tag for tag in outcome.dataset if tag.tag.group == 0x10]


def test_paths_are_selected_anew_when_too_many_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.dicomedit.matching._MOST_SELECTIONS", 1)
    script = "\n".join(f'hashUIDList[(0010,{number:04X})]\n(0010,{number:04X}) ?= "y"' for number in range(4))
    elements = {f"(0010,{number:04X})": {"vr": "LO", "value": "x"} for number in range(1, 4)}
    outcome = parse(script, "6").apply(dataset_of(elements))
    assert outcome.dataset is not None
    assert [outcome.dataset[0x00100000 | number].value for number in range(1, 4)] == ["y", "y", "y"]
