"""Java's regular expressions and numbers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import java_regex
from bootstrap.dicomedit.java_regex import compiled, full_match, full_match_group, search_group
from bootstrap.dicomedit.java_text import double_text, float_text, parse_float, parse_int, single
from bootstrap.dicomedit.problems import ScriptError

DATA = Path(__file__).parent / "data"
NUMBERS = yaml.safe_load((DATA / "numbers.yaml").read_text("utf-8"))
FUNCTIONS: dict[str, Any] = {
    "parse_float": parse_float,
    "parse_int": parse_int,
    "double_text": double_text,
    "float_text": float_text,
}


@pytest.mark.parametrize(
    ("pattern", "text", "answer"), yaml.safe_load((DATA / "regex.yaml").read_text("utf-8")), ids=repr
)
def test_whole_matches(pattern: str, text: str, answer: bool | None) -> None:
    if answer is not None:
        assert full_match(pattern, text) is answer
        return
    with pytest.raises(ScriptError, match="regular expression"):
        compiled(pattern)


@pytest.mark.parametrize(
    ("name", "given", "answer"), [(name, *row) for name, rows in NUMBERS.items() for row in rows], ids=repr
)
def test_numbers(name: str, given: Any, answer: Any) -> None:
    if answer is not None:
        assert FUNCTIONS[name](given) == answer
        return
    with pytest.raises(ScriptError, match="For input string"):
        FUNCTIONS[name](given)


def test_single_precision() -> None:
    assert single(1e300) == math.inf
    assert single(-1e300) == -math.inf


def test_groups() -> None:
    assert search_group("(a)|b", "xb", 1) is None
    assert search_group("(a)", "xa", 0) == "a"
    assert full_match_group("(a)", "xa", 0) is None
    with pytest.raises(ScriptError, match="No group 2"):
        search_group("(a)", "a", 2)
    assert search_group("(a)", "b", 2) is None


def test_ends_of_lines() -> None:
    assert [bool(compiled("a$").search(text)) for text in ("a\n", "a\r\n", "a\nb", "a\u2028")] == [
        True,
        True,
        False,
        True,
    ]
    assert [bool(compiled("(?m)^b").search(text)) for text in ("a\rb", "a\r\nb", "ab")] == [True, True, False]
    assert compiled("(?m)^").search("a\n", 1) is None


def test_a_pattern_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java_regex, "SECONDS", 0.05)
    with pytest.raises(ScriptError, match="longer than"):
        full_match("(a|a|aa)*(a|aa)+c", "a" * 60)
