"""Asking whether a filter can be read."""

from __future__ import annotations

import pytest

from tests.practice.conftest import Asker

VALIDATE, MAKE = "/xapi/events/subscription/filter/validate", "/xapi/events/subscription/filter"


@pytest.mark.parametrize(
    ("media_type", "text", "status"),
    [
        ("text/plain", "@.label == 'x'", 200),
        ("application/json", "@.label == 'x'", 200),
        ("application/json", '"@.label == 1"', 424),
        ("application/x-www-form-urlencoded", "@.label == 'x'", 424),
        ("text/plain", "$.label", 200),
        ("text/plain", "", 500),
    ],
)
def test_the_bare_text_is_asked_about(ask: Asker, media_type: str, text: str, status: int) -> None:
    answer = ask("POST", VALIDATE, data=text, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.text.startswith("JsonPath format failed to validate.\n") is (status == 424)


def test_any_user_may_ask_and_nobody_else(ask: Asker) -> None:
    stranger, plain = ask.make_user("stranger"), {"Content-Type": "text/plain"}
    assert ask("POST", VALIDATE, data="@.a", headers=plain, as_user=stranger).status_code == 200
    assert ask("POST", VALIDATE, data="@.a", headers=plain, as_user=None).status_code == 401
    assert ask("GET", MAKE, as_user=stranger).status_code == 403


@pytest.mark.parametrize(
    ("query", "body", "status", "text"),
    [
        ("?event-type=x", None, 200, ""),
        ("", "{}", 200, "$[?()]"),
        ("", '{"a": {}}', 500, "JSON parse error"),
        ("", "{", 500, "JSON parse error"),
        ("", None, 500, "Required request body is missing"),
    ],
)
def test_a_filter_is_made_of_nothing_only(ask: Asker, query: str, body: str | None, status: int, text: str) -> None:
    answer = ask("GET", MAKE + query, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.text.startswith(text)
