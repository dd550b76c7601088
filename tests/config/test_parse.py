from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bootstrap.config.nodes import Node, plain, scalars
from bootstrap.config.parse import MAX_DEPTH, MAX_NODES, fastest_parser, parse
from bootstrap.config.problems import Problems
from bootstrap.config.pure import PureParser
from bootstrap.values import Problem
from tests.config.sites import told

Parser = Callable[[str], Any]


def no_tags(_tag: str, node: Node) -> Node:
    return node


def parsed(text: str, parser: Parser | None = None) -> tuple[Node | None, list[Problem]]:
    problems = Problems()
    tree = parse(text, "f", no_tags, problems, parser)
    return tree, problems.in_order(["f"])


@pytest.fixture(params=[fastest_parser(), PureParser], ids=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest) -> Parser:
    chosen: Parser = request.param
    return chosen


GOOD: list[tuple[str, object]] = [
    ("a: 1", {"a": 1}),
    ("a: '1'", {"a": "1"}),
    ("a:\nb: ''", {"a": None, "b": ""}),
    ("- x\n- [y, {z: true}]", ["x", ["y", {"z": True}]]),
    ("NO: yes\n12: x\nnull: y\ntrue: z", {"NO": "yes", "12": "x", "null": "y", "true": "z"}),
    ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    ("a: &x one\n*x : two", {"a": "one", "one": "two"}),
    ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
    ("base: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", {"base": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}}),
    (
        "p: &p {a: 1}\nq: &q {a: 2, b: 3}\nr: {<<: [*p, *q]}",
        {"p": {"a": 1}, "q": {"a": 2, "b": 3}, "r": {"a": 1, "b": 3}},
    ),
    ("'<<': text", {"<<": "text"}),
    ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
    ("a: 😀é", {"a": "😀é"}),
    ("# nothing\n", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_yaml_is_read(text: str, value: object, parser: Parser) -> None:
    tree, problems = parsed(text, parser)
    assert problems == []
    assert (None if tree is None else plain(tree)) == value


BAD = [
    ("a: 'x", "yaml-syntax", 1),
    ("a: {b: c", "yaml-syntax", 1),
    ("a:\n\tb: c", "yaml-syntax", 2),
    ("a: b: c", "yaml-syntax", 1),
    ("a: @x", "yaml-syntax", 1),
    ("a: 1\nb: \x01", "yaml-syntax", 2),
    ('a: "\\ud800"', "yaml-syntax", 1),
    ('a: "\\U00110000"', "yaml-syntax", 1),
    ("a: !x!y z", "yaml-syntax", 1),
    ("a: b\n---\nc: d", "yaml-syntax", 2),
    ("a: 1\nb: 2\na: 3", "duplicate-key", 3),
    ("x: &x {a: 1}\ny: {<<: *x, <<: *x}", "duplicate-key", 2),
    ("a: *x", "yaml-alias", 1),
    ("a: &x [*x]", "yaml-alias", 1),
    ("a: {<<: text}", "bad-merge", 1),
    ("? {a: b}\n: c", "bad-key", 1),
    ("a: &x 5\n*x : c", "bad-key", 2),
    ("!x a: c", "bad-key", 1),
    ("a: 99999999999999999999", "number-too-large", 1),
    ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "yaml-bomb", 1),
]


@pytest.mark.parametrize(("text", "rule", "line"), BAD)
def test_what_is_wrong_is_told_once_with_its_line(text: str, rule: str, line: int, parser: Parser) -> None:
    _tree, problems = parsed(text, parser)
    assert [problem.rule for problem in problems] == [rule]
    source = problems[0].source
    assert source is not None
    assert source.file == "f"
    # The pure parser and libyaml disagree by a line about where an unfinished text ends.
    assert source.line in (line, line + 1)


def test_both_places_of_a_duplicate_key_are_named(tmp_path: Path) -> None:
    assert told(tmp_path, "server: {}\nscript: a\nscript: b\n") == [
        "site.yaml:3:1: error: the key `script` stands twice in this map "
        "(it stands at site.yaml:2:1 already; keep one) [duplicate-key]"
    ]


def bomb(levels: int, width: int) -> str:
    lines = ["l0: &l0 [x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


BOMBS = [
    bomb(10, 10),
    "a: &a {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\nb: {<<: [" + ", ".join(["*a"] * 2000) + "]}",
    "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, MAX_DEPTH + 5))]),
]


@pytest.mark.parametrize("text", BOMBS, ids=["laughs", "merges", "deep"])
def test_a_bomb_is_refused(text: str) -> None:
    _tree, problems = parsed(text)
    assert [problem.rule for problem in problems] == ["yaml-bomb"]
    assert MAX_NODES == 1_000_000


def test_a_value_knows_its_span() -> None:
    text = "a: [one, 'two']\nb: |\n  three\n"
    tree, _problems = parsed(text)
    assert tree is not None
    found = [text[slice(*node.span)] for node in scalars(tree)]
    assert found[:2] == ["one", "'two'"]
    assert "three" in found[2]


def test_without_libyaml_the_pure_parser_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    assert fastest_parser() is PureParser


@pytest.mark.parametrize(
    ("text", "what", "opened"),
    [
        ("a: {b: 1\n", "`,` or `}`", "the `{` of line 1, column 4 has no `}`"),
        ("x: 1\na: [b, c\n", "`,` or `]`", "the `[` of line 2, column 4 has no `]`"),
    ],
)
def test_a_bracket_that_stays_open_is_told_with_where_it_began(
    tmp_path: Path, text: str, what: str, opened: str
) -> None:
    (found,) = told(tmp_path, text)
    assert what.replace("`", "'") in found
    assert opened in found
