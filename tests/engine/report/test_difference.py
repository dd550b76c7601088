"""What differs in a field: two values, or lines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bootstrap.engine.drift import AS_APPLIED
from bootstrap.engine.plan import FieldChange
from bootstrap.engine.report.difference import LineDiff, Pair, cut, difference
from bootstrap.values import Secret

from .building import few, fields_with, values

LONG = [{"name": f"input-{number}", "type": "string"} for number in range(3)]
OTHER = [*LONG[:2], {"name": "input-2", "type": "boolean"}]


def found(before: Any, after: Any, is_new: bool = False) -> Pair | LineDiff:
    return difference(FieldChange("f", before, after, "file"), is_new)


def lines(before: Any, after: Any) -> list[str]:
    diff = found(before, after)
    assert isinstance(diff, LineDiff)
    return list(diff.lines)


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        (1, 2, Pair("1", "2")),
        ("a", None, Pair('"a"', "not set")),
        ("a\n", "a", Pair('"a\\n"', '"a"')),
        (["a"], ["a", "b"], Pair('["a"]', '["a", "b"]')),
        (AS_APPLIED, "b", Pair(AS_APPLIED, '"b"')),
        ("{not json", "[nor this" + "x" * 60, Pair('"{not json"', f'"[nor this{"x" * 60}"')),
        ("[" * 5000, "x", Pair(f'"{"[" * 5000}"', '"x"')),
    ],
)
def test_single_values_are_a_pair(before: Any, after: Any, pair: Pair) -> None:
    assert found(before, after) == pair


def test_the_value_before_is_noise_where_the_thing_is_new() -> None:
    assert found(None, "a", is_new=True) == Pair(None, '"a"')
    assert found(None, "a") == Pair("not set", '"a"')


def test_two_values_that_look_the_same_differ_in_their_secrets() -> None:
    pair = found({"password": Secret("one"), "rest": "x" * 50}, {"password": Secret("two"), "rest": "x" * 50})
    assert isinstance(pair, Pair)
    assert pair.hidden
    assert "two" not in pair.after


def test_a_script_is_a_diff_of_lines_with_context() -> None:
    before = "\n".join(f"line {number}" for number in range(20)) + "\n"
    assert lines(before, before.replace("line 10", "line ten")) == [
        "@@ -8,7 +8,7 @@",
        " line 7",
        " line 8",
        " line 9",
        "-line 10",
        "+line ten",
        " line 11",
        " line 12",
        " line 13",
    ]


@pytest.mark.parametrize("pack", [lambda value: value, json.dumps], ids=["lists", "JSON within a text"])
def test_structures_are_a_diff_of_pretty_json(pack: Any) -> None:
    diff = lines(pack(LONG), pack(OTHER))
    assert '-    "type": "string"' in diff
    assert '+    "type": "boolean"' in diff
    assert sum(line[0] in "+-" for line in diff) == 2


def test_json_that_differs_in_its_spaces_only_is_shown_as_it_is() -> None:
    diff = lines(json.dumps(LONG), json.dumps(LONG, indent=1))
    assert diff[1] == f"-{json.dumps(LONG)}"


def test_a_text_that_became_a_structure_is_a_diff_as_well() -> None:
    assert lines("all", LONG)[1] == "-all"


def test_an_end_of_line_that_is_missing_is_said_where_it_is_the_difference() -> None:
    assert lines("a\nb\n", "a\nb")[-1] == "+\\ no newline at the end"
    assert not [line for line in lines("a\nb", "a\nc") if "newline" in line]


def test_blanks_at_the_end_and_carriage_returns_are_made_visible() -> None:
    assert lines("a\nb\n", "a \nb\r\n")[1:] == ["-a", "-b", "+a\\x20", "+b\\r"]


@pytest.mark.parametrize(("before", "after", "mark"), [(None, "a\nb\n", "+"), ("a\nb\n", None, "-")])
def test_what_is_all_new_or_all_gone_has_no_hunks(before: Any, after: Any, mark: str) -> None:
    assert lines(before, after) == [f"{mark}a", f"{mark}b"]


def test_what_was_applied_and_is_not_known_any_more_is_no_line() -> None:
    assert lines(AS_APPLIED, "a\nb\n") == ["+a", "+b"]


def test_the_size_of_a_diff() -> None:
    diff = found("a\nb\n", "a\nc\nd\n")
    assert isinstance(diff, LineDiff)
    assert diff.size == "+2 -1 lines"
    assert not diff.one_sided


def test_a_cut_says_how_many_lines_are_missing() -> None:
    assert cut(["a", "b", "c"], 3) == ["a", "b", "c"]
    assert cut(["a", "b", "c"], 1) == ["a", "... 2 more lines; `--format json` has all of them"]


@few
@given(fields_with(values))
def test_any_field_gives_printable_lines(field: FieldChange) -> None:
    diff = difference(field, is_new=False)
    shown = diff.lines if isinstance(diff, LineDiff) else (diff.before or "", diff.after)
    assert "".join(shown).isprintable()
    assert "".join(shown)
