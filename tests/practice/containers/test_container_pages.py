"""How clients ask for containers page by page, and what is no way to ask."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.containers import container_pages
from bootstrap.practice.containers.problems import Problem

H = {"backend": "hibernate"}


@pytest.mark.parametrize(
    ("filters", "where", "values"),
    [
        ({}, "1", ()),
        ({"id": H | {"operator": "ge", "value": 5}}, "id >= ?", ("5",)),
        ({"status": H | {"operator": "ILIKE", "value": "comp"}}, "instr(lower(status), lower(?)) > 0", ("comp",)),
        ({"project": H | {"operator": "in", "values": ["A", "B"]}}, "project IN (?, ?)", ("A", "B")),
        ({"project": H | {"operator": "in", "values": "A"}}, "project IN ()", ()),
        ({"id": H | {"operator": "between", "lo": 1, "hi": 2}}, "id BETWEEN ? AND ?", ("1", "2")),
        ({"user-id": H | {"operator": "eq", "value": "a", "not": True}}, "NOT (username = ?)", ("a",)),
    ],
)
def test_filters_become_conditions(filters: dict[str, Any], where: str, values: tuple[str, ...]) -> None:
    page = container_pages.read({"filters": filters})
    assert (page.where, page.values) == (where, values)
    assert page.order == "changed desc, id desc LIMIT 50 OFFSET 0"


def test_pages_have_an_end() -> None:
    page = container_pages.read({"size": 10**12, "page": 10**12, "sort_col": "id", "sort_dir": "ASC"})
    assert page.order == f"id asc, id asc LIMIT {2**31 - 1} OFFSET {2**31 - 1}"


@pytest.mark.parametrize(
    "body",
    [
        {"sort_col": "bogus"},
        {"sort_dir": "sideways"},
        {"filters": [1]},
        {"filters": {"status": {"operator": "eq"}}},
        {"filters": {"status": 5}},
        {"filters": {"bogus": H | {"operator": "eq", "value": "x"}}},
        {"filters": {"status": H}},
        {"filters": {"status": H | {"operator": "eq", "value": {}}}},
        {"size": "many"},
    ],
)
def test_what_cannot_be_asked(body: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        container_pages.read(body)
    assert caught.value.status == 500
