"""The event service's switch, and what is refused while it is off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.conftest import Asker
from tests.practice.events.conftest import LOGGING, Subscriber, document

PREFS = "/xapi/events/prefs"


def test_a_new_site_has_it_off_and_a_restart_keeps_it_on(ask: Asker) -> None:
    assert ask("GET", PREFS).json() == {"enabled": False}
    assert ask("PUT", PREFS, json={"enabled": True}).text == ""
    ask.server.restart()
    assert ask("GET", PREFS).json() == {"enabled": True}


@pytest.mark.parametrize("body", [{}, {"more": 1}, {"enabled": None}, {"enabled": ""}])
def test_what_says_nothing_changes_nothing(events: Subscriber, body: Any) -> None:
    assert events.ask("PUT", PREFS, json=body).status_code == 200
    assert events.ask("GET", PREFS).json() == {"enabled": True}


@pytest.mark.parametrize(("value", "on"), [("false", False), (0, False), (1, True), ("TRUE", True)])
def test_other_spellings_are_understood(events: Subscriber, value: Any, on: bool) -> None:
    assert events.ask("PUT", PREFS, json={"enabled": value}).status_code == 200
    assert events.ask("GET", PREFS).json() == {"enabled": on}


@pytest.mark.parametrize("body", [{"enabled": "perhaps"}, {"enabled": []}, [], "x"])
def test_a_wrong_type_is_a_server_error(events: Subscriber, body: Any) -> None:
    answer = events.ask("PUT", PREFS, json=body)
    assert answer.status_code == 500
    assert answer.text.startswith("JSON parse error: Cannot deserialize value of type `")


def test_everybody_sees_it_and_administrators_use_it(events: Subscriber) -> None:
    stranger = events.ask.make_user("stranger")
    assert events.ask("GET", PREFS, as_user=stranger).json() == {"enabled": True}
    assert events.ask("PUT", PREFS, as_user=stranger, json={"enabled": False}).status_code == 403


def test_while_it_is_off(events: Subscriber) -> None:
    ask = events.ask
    ask("PUT", "/data/projects/P")
    number = events.make(filter={"project-ids": ["P"]})
    ask("PUT", PREFS, json={"enabled": False})
    site, project = f"/xapi/events/subscription/{number}", f"/xapi/projects/P/events/subscription/{number}"
    in_p = document(filter={"project-ids": ["P"]})
    for method, path, body in [
        ("POST", "/xapi/events/subscription", document()),
        ("GET", site, None),
        ("PUT", site, {"name": "x"}),
        ("DELETE", site, None),
        ("POST", "/xapi/projects/P/events/subscription", in_p),
        ("GET", project, None),
        ("POST", f"{project}/deactivate", None),
        ("GET", "/xapi/events/subscription/999", None),
    ]:
        answer = ask(method, path, json=body)
        assert (answer.status_code, answer.text) == (
            405,
            "There was an error in the request : Event Service disabled.",
        ), path
    listed = ask("GET", "/xapi/events/subscriptions")
    assert (listed.status_code, listed.content) == (200, b"")
    assert ask("GET", "/xapi/projects/P/events/subscriptions").status_code == 500
    assert ask("POST", f"{site}/deactivate").status_code == 200
    assert ask("POST", "/xapi/events/subscription/999/activate").status_code == 404
    assert ask("GET", "/xapi/events/delivered/count").text == "0"
    assert LOGGING in ask("GET", "/xapi/events/allactions").text
    ask("PUT", PREFS, json={"enabled": True})
    assert events.get(number)["active"] is False
