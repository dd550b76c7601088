from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bootstrap.facts.settings import site_settings
from bootstrap.kinds import setting_texts as texts
from bootstrap.values import Secret, Source

Judge = Callable[[str], texts.Flaw | None]
GOOD: list[tuple[Judge, list[str]]] = [
    (
        texts.interval,
        [
            "15 minutes",
            "1 hour",
            "2 days",
            "1 year 2 mons",
            "1 day 04:05",
            "00:30:00",
            "1:30",
            "30 sec",
            "P1DT2H",
            "PT1H",
        ],
    ),
    (texts.schedule, ["0 0 * * * *", "0 0 1 * * ?", "*/30 * * * * MON-FRI"]),
    (texts.expression, ["^.*$", r"\p{Lu}++", "(?<name>[a-z&&[^b]])", r"\Q[a\E"]),
    (texts.email, ["a@b", "admin@example.org"]),
    (texts.address, ["https://xnat.example.org", "http://localhost:8080/xnat"]),
    (texts.day, ["12/31/2027", "1/2/2027"]),
]
BAD: list[tuple[Judge, list[str]]] = [
    (
        texts.interval,
        ["one year", "15", "2 dayz", "1 week", "2 hrs", "3 h", "15minutes", "pt1h", "minutes", "1.5 hours", "-1 day"],
    ),
    (texts.schedule, ["0 0 * * *", "hourly", "0 0 25 * * *"]),
    (texts.expression, ["[a", "(", "*"]),
    (texts.email, ["admin", "a b@example.org", "@", "a@b, c@d"]),
    (texts.address, ["xnat.example.org", "ftp://x", "http://", "http://a b", "http://x:port", "http://[x"]),
    (texts.day, ["2027-12-31", "31/12/2027"]),
]


def _each(table: list[tuple[Judge, list[str]]]) -> list[Any]:
    return [
        pytest.param(judge, text, id=f"{getattr(judge, '__name__', '')}-{text}")
        for judge, found in table
        for text in found
    ]


@pytest.mark.parametrize(("judge", "text"), _each(GOOD))
def test_what_xnat_can_read_is_no_problem(judge: Judge, text: str) -> None:
    assert judge(text) is None


@pytest.mark.parametrize(("judge", "text"), _each(BAD))
def test_what_xnat_cannot_read_is_told_with_what_to_write(judge: Judge, text: str) -> None:
    flaw = judge(text)
    assert flaw is not None
    why, hint = flaw
    assert why.startswith("is no ")
    assert hint


def test_every_setting_that_is_looked_at_is_one_of_xnat() -> None:
    assert set(texts.READ_AS) <= set(site_settings())


@pytest.mark.parametrize("name", texts.READ_AS)
def test_the_defaults_of_xnat_are_good(name: str) -> None:
    assert list(texts.text_problems(name, site_settings()[name].default, lambda _place: Source("x"))) == []


def test_each_text_of_a_list_has_its_own_place() -> None:
    found = list(texts.text_problems("interactiveAgentIds", [".*", "[a", "("], lambda place: Source("f", place or 0)))
    assert [(p.rule, p.source) for p in found] == [
        ("bad-expression", Source("f", 1)),
        ("bad-expression", Source("f", 2)),
    ]


def test_secrets_and_blanks_are_not_looked_at() -> None:
    for value in (Secret("hidden"), " ", None):
        assert list(texts.text_problems("sessionTimeout", value, lambda _place: Source("x"))) == []
