"""What holds for every file, not for those that somebody thought of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bootstrap.config import load_site, render
from bootstrap.config.nodes import Items, Map, Node, Scalar, plain, scalars
from bootstrap.config.outline import Outline, outline_of
from bootstrap.config.overlays import merge, same
from bootstrap.config.parse import fastest_parser, parse
from bootstrap.config.problems import Problems
from bootstrap.config.pure import PureParser
from bootstrap.errors import SiteFileError
from bootstrap.values import Problem
from tests.config.sites import IMAGES, SECTIONS, write

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\u2028\u2029"), max_size=6)
VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | WORDS
TREES = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))
# YAML in pieces that are likely to meet each other badly.
PIECES = st.sampled_from(
    [
        "server",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "<<",
        "!env ",
        "!file ",
        "!secret ",
        "!include ",
        "!override ",
        "!x",
        "'",
        '"',
        ">",
        "#",
        "---",
        "...",
        "?",
        ",",
        "port",
        "images",
        "name",
        "a",
        "1",
        "\t",
        "%",
        "site.yaml",
        "!override:env ",
        "\\",
        "\x00",
        "é",
        "~",
        "password",
        "vars",
        "script",
        "commands",
        "children",
    ]
)


def refused(folder: Path) -> list[Problem]:
    try:
        site = load_site(folder, sections=SECTIONS, environ={"a": "1"}, run_secrets=False)
    except SiteFileError as wrong:
        return wrong.problems
    assert site.section("server") is not None
    return []


@given(st.binary(max_size=60) | st.lists(PIECES, max_size=25).map(lambda pieces: "".join(pieces).encode()))
@settings(SHARED, max_examples=300)
def test_any_bytes_load_or_are_refused(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, data)
    for problem in refused(tmp_path):
        assert problem.source is not None
        assert problem.source.line >= 1


@given(st.lists(PIECES, max_size=20).map("".join))
@settings(SHARED, max_examples=200)
def test_both_parsers_read_the_same(text: str) -> None:
    trees: list[Any] = []
    for parser in (fastest_parser(), PureParser):
        problems = Problems()
        tree = parse(text, "f", lambda _tag, node: node, problems, parser)
        trees.append(None if problems.fatal else [] if tree is None else plain(tree))
    fast, pure = trees
    # Each refuses a few odd texts that the other takes; what both take means the same.
    assert fast is None or pure is None or fast == pure


@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=4))
@settings(SHARED)
def test_a_place_is_where_the_text_stands(tree: dict[str, Any]) -> None:
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    problems = Problems()
    found = parse(text, "f", lambda _tag, node: node, problems)
    assert found is not None
    assert plain(found) == tree
    for node in scalars(found):
        _file, line, column = node.place
        written = text[slice(*node.span)]
        assert lines[line - 1][column - 1 :].startswith(written)
        assert json.loads(written) == node.value


@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=4))
@settings(SHARED)
def test_what_is_rendered_reads_back_the_same(tmp_path: Path, tree: dict[str, Any]) -> None:
    site = load_site(
        write(tmp_path, json.dumps({"server": {"extra": tree}}, ensure_ascii=False)), sections=SECTIONS, environ={}
    )
    again = load_site(write(tmp_path, render(site).text, "again.yaml"), sections=SECTIONS, environ={})
    assert again.raw == site.raw == {"server": {"extra": tree}}


# --- merging --------------------------------------------------------------------------------------------------------

OUTLINE = Outline(fields={"images": outline_of(IMAGES)})


def node_of(value: Any) -> Node:
    place = ("f", 1, 1)
    if isinstance(value, dict):
        made = Map(place)
        for key, inner in value.items():
            made.put(key, place, node_of(inner))
        return made
    if isinstance(value, list):
        items = Items(place)
        for inner in value:
            items.put(node_of(inner))
        return items
    return Scalar(value, place, str(value))


NAMES = st.sampled_from(["a", "b", "c"])
IMAGE: st.SearchStrategy[dict[str, str]] = st.fixed_dictionaries(
    {"name": NAMES}, optional={"origin": st.sampled_from(["x", "y"])}
)
SITES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "images": st.lists(IMAGE, max_size=3, unique_by=lambda image: image["name"]),
        "free": st.dictionaries(NAMES, st.integers(0, 1), max_size=2),
        "word": st.sampled_from(["p", "q"]),
    },
)


def merged(one: Node, other: Node) -> tuple[Node, bool]:
    problems = Problems()
    return merge(one, other, OUTLINE, problems), problems.fatal


@given(SITES)
@settings(SHARED)
def test_nothing_merged_with_a_site_is_the_site(site: dict[str, Any]) -> None:
    for one, other in ((site, {}), ({}, site), (site, site)):
        result, conflict = merged(node_of(one), node_of(other))
        assert (plain(result), conflict) == (site, False)


@given(SITES, SITES, SITES)
@settings(SHARED)
def test_it_is_all_one_which_two_are_merged_first(one: Any, two: Any, three: Any) -> None:
    first, wrong = merged(node_of(one), node_of(two))
    left, wrong_left = merged(first, node_of(three))
    last, wrong_last = merged(node_of(two), node_of(three))
    right, wrong_right = merged(node_of(one), last)
    assert (wrong or wrong_left) == (wrong_last or wrong_right)
    if not (wrong or wrong_left):
        assert plain(left) == plain(right)


@given(SITES, SITES)
@settings(SHARED)
def test_merging_changes_neither(one: Any, two: Any) -> None:
    base, over = node_of(one), node_of(two)
    merged(base, over)
    assert same(base, node_of(one))
    assert same(over, node_of(two))


@given(SITES, SITES)
@settings(SHARED)
def test_what_both_say_alike_is_kept_once(one: Any, two: Any) -> None:
    result, conflict = merged(node_of(one), node_of(two))
    assume(not conflict)
    value = plain(result)
    assert set(value) == {*one, *two}
    names = [image["name"] for image in value.get("images", [])]
    assert len(names) == len(set(names))
    assert names[: len(one.get("images", []))] == [image["name"] for image in one.get("images", [])]


@pytest.mark.parametrize("over", [{"word": "q"}, {"free": {"a": 1}}, {"images": [{"name": "a", "origin": "y"}]}])
def test_a_conflict_is_one(over: dict[str, Any]) -> None:
    site = {"word": "p", "free": {"a": 0}, "images": [{"name": "a", "origin": "x"}]}
    assert merged(node_of(site), node_of(over))[1]
