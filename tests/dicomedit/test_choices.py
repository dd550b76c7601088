"""Which dialect a script is of, and what a ParseError tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.dicomedit import ParseError, parse

CHOICES = yaml.safe_load((Path(__file__).parent / "data" / "dialects.yaml").read_text("utf-8"))


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: repr(choice["text"]))
def test_dialect(choice: dict[str, Any]) -> None:
    if choice["dialect"] is not None:
        assert parse(choice["text"]).dialect == choice["dialect"]
        return
    with pytest.raises(ParseError, match="no DicomEdit engine takes this script") as caught:
        parse(choice["text"])
    assert 'version "6.6"' in caught.value.expected


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ('version "6.6"\n(0010,0010) := ', 2, 16, "a text in quotes"),
        ("-(0010,001)", 1, 8, "eeee)"),
        ('(0010,0010) = "a" ? \n\n\t}', 1, 21, "a tag"),
        ('(0010,0010) := "a', 1, 16, "a number"),
        ("(0010,0010) := \\\n \\\n &", 3, 3, "a text in quotes"),
    ],
)
def test_a_parse_error_says_where_and_what(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, "6")
    error = caught.value
    assert (error.line, error.column) == (line, column), str(error)
    assert str(error).startswith(f"line {line}, column {column}: ")
    assert word in error.expected


def test_a_script_of_500_lines() -> None:
    line = '(0008,{0:04x}) = "a" ? (0010,{0:04x}) := concatenate["a", subject, (0020,000d)] : -(0010,{0:04x})'
    script = parse("\n".join(line.format(number) for number in range(500)), "6")
    assert [statement.line for statement in script.statements] == list(range(1, 501))


@pytest.mark.parametrize(
    "text",
    [
        "v := " + "{" * 200 + "}" * 200,
        "v := " + "f[" * 200 + "]" * 200,
        'if ("a" = "b") { ' * 200 + "}" * 200,
    ],
)
def test_nested_too_deep(text: str) -> None:
    with pytest.raises(ParseError, match="nested too deep"):
        parse(text, "6")
    with pytest.raises(ParseError, match="nested too deep"):
        parse("v := " + "format[" * 200, "4")


def test_everything_has_a_place() -> None:
    text = 'version "6.6"\nif ("a" = (0010,0010)) {\n  v := {1, f[*/(0010,0010)]}\n}'
    lines = text.splitlines()
    for node in parse(text).walk():
        assert (1, 1) <= tuple(node.start) < tuple(node.end) <= (4, 2)
        assert lines[node.line - 1][node.column - 1] not in (" ", "")


def test_the_stated_version() -> None:
    assert parse('version "6.3"').version == "6.3"
    assert parse("", "6").version is None
