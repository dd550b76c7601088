"""The project's addresses: who may use them, and what an owner can do there."""

from __future__ import annotations

import pytest

from tests.practice.events.conftest import Subscriber, document


@pytest.fixture
def owner(events: Subscriber) -> tuple[str, str]:
    for project in ("P", "Q"):
        events.ask("PUT", f"/data/projects/{project}")
    return events.make_owner("owner", "P")


def test_an_owner_makes_switches_and_deletes(events: Subscriber, owner: tuple[str, str]) -> None:
    ask = events.ask
    body = document(filter={"project-ids": ["P"]}, **{"act-as-event-user": True})
    made = ask("POST", "/xapi/projects/P/events/subscription", as_user=owner, json=body)
    assert made.status_code == 201
    path = f"/xapi/projects/P/events/subscription/{made.text.rpartition(':')[2]}"
    found = ask("GET", path, as_user=owner).json()
    assert (found["subscription-owner"], found["act-as-event-user"], found["editable"]) == ("owner", False, True)
    assert ask("POST", f"{path}/deactivate", as_user=owner).status_code == 200
    assert ask("GET", path, as_user=owner).json()["active"] is False
    assert ask("POST", f"{path}/activate", as_user=owner).status_code == 200
    assert ask("DELETE", path, as_user=owner).status_code == 204
    assert ask("GET", path, as_user=owner).status_code == 404


def test_an_owner_can_give_it_to_the_whole_site_and_not_get_it_back(events: Subscriber, owner: tuple[str, str]) -> None:
    number = events.make(filter={"project-ids": ["P"]})
    path = f"/xapi/projects/P/events/subscription/{number}"
    assert events.ask("PUT", path, as_user=owner, json={"event-filter": {}}).status_code == 200
    answer = events.ask("PUT", path, as_user=owner, json={"event-filter": {"project-ids": ["P"]}})
    assert (answer.status_code, answer.text) == (
        401,
        "Unauthorized.\nowner not authorized to modify subscriptions for project(s): Site",
    )
    listed = events.ask("GET", "/xapi/projects/P/events/subscriptions", as_user=owner).json()
    assert [(one["id"], one["editable"]) for one in listed] == [(number, False)]


def test_what_others_own_too_is_not_an_owners_to_change(events: Subscriber, owner: tuple[str, str]) -> None:
    number = events.make(filter={"project-ids": ["P", "Q"]})
    path = f"/xapi/projects/P/events/subscription/{number}"
    assert events.ask("GET", path, as_user=owner).status_code == 200
    assert events.ask("DELETE", path, as_user=owner).status_code == 401
    assert (
        events.ask(
            "GET", f"/xapi/projects/Q/events/subscription/{events.make(filter={'project-ids': ['P']})}"
        ).status_code
        == 401
    )
    assert events.ask("DELETE", path).status_code == 204


@pytest.mark.parametrize("path", ["/events/subscriptions", "/events/delivered/count", "/events/subscription/1"])
def test_strangers_and_unknown_projects(events: Subscriber, owner: tuple[str, str], path: str) -> None:
    stranger = events.ask.make_user("stranger")
    for project in ("P", "NOPE"):
        assert events.ask("GET", f"/xapi/projects/{project}{path}", as_user=stranger).status_code == 403
    unknown = events.ask("GET", f"/xapi/projects/NOPE{path}")
    assert (unknown.status_code, unknown.text) == (500, "There was an error in the request : null")
    assert events.ask("GET", f"/xapi/projects/Q{path}", as_user=owner).status_code == 403
