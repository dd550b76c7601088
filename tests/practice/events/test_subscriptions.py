"""Making, listing, changing and naming subscriptions beyond what the recordings show."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.facts.event_types import EVENTS
from tests.practice.events.conftest import CONTAINERS, EMAIL, LOGGING, Subscriber, document

LONG = "n" * 256
GENERATED = "Logging Action on Project CREATED for Site"


def test_they_survive_a_restart(events: Subscriber) -> None:
    number = events.make(attributes={"param1": "ä"}, filter={"project-ids": ["P"], "payload-filter": "@.id == 'x'"})
    before = events.get(number)
    events.ask.server.restart()
    assert events.get(number) == before
    assert before["attributes"] == {"param1": "ä"}
    assert before["event-filter"]["payload-filter"] == "@.id == 'x'"


def test_a_list_has_no_order_and_what_is_got_can_be_put_back(events: Subscriber) -> None:
    numbers = [events.make(name=f"s{index}") for index in range(8)]
    listed = events.ask("GET", "/xapi/events/subscriptions").json()
    assert sorted(one["id"] for one in listed) == numbers
    assert [one["id"] for one in listed] not in (numbers, numbers[::-1])
    for one in listed:
        assert events.put(one["id"], **one).status_code == 200
        assert events.get(one["id"]) == one


def test_ids_are_used_once_also_where_storing_failed(events: Subscriber) -> None:
    first = events.make()
    assert events.post(name=LONG).status_code == 500
    events.ask("DELETE", f"/xapi/events/subscription/{first}")
    assert events.make() == first + 2


@pytest.mark.parametrize(
    "changes",
    [
        {"name": LONG},
        {"attributes": {"param1": LONG}},
        {"filter": {"payload-filter": f"@.a == '{LONG}'"}},
        {"filter": {"schedule-description": LONG}},
        {"filter": {"project-ids": [LONG]}},
    ],
)
def test_texts_fit_into_their_columns(events: Subscriber, changes: dict[str, Any]) -> None:
    answer = events.post(**changes)
    assert answer.status_code == 500
    assert "null id in" in answer.text
    assert events.ask("GET", "/xapi/events/subscriptions").json() == []
    number = events.make()
    whole = document(**changes)
    assert events.put(number, **whole).status_code == 500
    assert events.get(number)["name"] == "one"


@pytest.mark.parametrize(
    ("taken", "made"),
    [
        ([], GENERATED),
        ([GENERATED], f"{GENERATED} v2"),
        ([GENERATED, f"{GENERATED} v2"], f"{GENERATED} v3"),
        ([GENERATED, GENERATED], GENERATED),
        ([GENERATED, f"{GENERATED} v2", f"{GENERATED} v2"], GENERATED),
    ],
)
def test_the_name_that_is_made_up(events: Subscriber, taken: list[str], made: str) -> None:
    for name in taken:
        events.make(name=name)
    assert events.get(events.make(name=""))["name"] == made


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"filter": {"status": ""}}, "Logging Action on Project  for Site"),
        ({"filter": {"status": None}}, "Logging Action on Project for Site"),
        ({"filter": {"project-ids": ["A", "B"]}}, "Logging Action on Project CREATED for Multiple Projects"),
        ({"action-key": EMAIL}, "Email Action on Project CREATED for Site"),
    ],
)
def test_what_the_name_is_made_of(events: Subscriber, changes: dict[str, Any], name: str) -> None:
    assert events.get(events.make(name=None, **changes))["name"] == name


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("*/*", "text/plain"), ("application/json", "application/json"), ("text/plain;charset=utf-8", "text/plain")],
)
def test_the_answer_is_called_what_the_caller_wants(events: Subscriber, accept: str, media_type: str) -> None:
    answer = events.ask("POST", "/xapi/events/subscription", json=document(name="ä"), headers={"Accept": accept})
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    assert answer.text.startswith("ä:")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": ""}, {"name": ""}),
        ({"name": None, "attributes": {"a": "b"}}, {"name": "one", "attributes": {"a": "b"}}),
        ({"active": "false"}, {"active": False, "attributes": {}}),
        ({"event-filter": None}, {"event-filter.project-ids": ["P"]}),
        ({"event-filter": {}}, {"event-filter.project-ids": [], "event-filter.status": "CREATED"}),
        ({"event-filter": {"project-ids": [1]}}, {"event-filter.project-ids": ["1"]}),
        ({"event-filter": {"name": "f"}}, {"event-filter.name": "f"}),
        ({"action-key": EMAIL}, {"action-key": EMAIL, "act-as-event-user": False}),
    ],
)
def test_a_change_is_a_merge(events: Subscriber, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    number = events.make(filter={"project-ids": ["P"]}, attributes={"x": "y"}, **{"act-as-event-user": True})
    assert events.put(number, **sent).status_code == 200
    found = events.get(number)
    for path, value in expected.items():
        outer, _, inner = path.partition(".")
        assert (found[outer][inner] if inner else found[outer]) == value


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"filter": {"event-type": f"{EVENTS}AbstractEventServiceEvent"}}, 'because "event" is null'),
        ({"custom-listener-id": "x.Y"}, "Could not load custom listener class: x.Y"),
        ({"filter": {"event-type": f"{EVENTS}ScheduledEvent", "status": "CRON"}}, "Expression must not be empty"),
        ({"action-key": f"{LOGGING.partition(':')[0]}:x"}, "Could not validate Action"),
        ({"action-key": CONTAINERS}, 'because "cs" is null'),
        ({"action-key": f"{CONTAINERS}:1"}, f"{CONTAINERS}:1\n{CONTAINERS}:1"),
        ({"action-key": ""}, "Could not load Action Provider for key:"),
        ({"filter": {"event-type": "java.lang.String"}}, "java.lang.String"),
        ({"filter": {"payload-filter": "label"}}, "Could not compile jsonPath filter. Failed to parse filter"),
    ],
)
def test_it_is_not_valid(events: Subscriber, changes: dict[str, Any], said: str) -> None:
    answer = events.post(**changes)
    assert answer.status_code == 424
    assert answer.text.startswith("Subscription format failed to validate.\n")
    assert said in answer.text


def test_it_becomes_invalid_with_its_owner(events: Subscriber) -> None:
    number = events.make()
    assert events.ask.server.site
    events.ask.server.site.storage.change("UPDATE subscriptions SET owner = 'gone' WHERE id = ?", number)
    found = events.get(number)
    assert (found["valid"], found["validation-message"]) == (False, "gone")


def test_filter_nodes_break_creation(events: Subscriber) -> None:
    answer = events.post(filter={"filter-nodes": {}})
    assert (answer.status_code, events.ask("GET", "/xapi/events/subscriptions").json()) == (500, [])


@pytest.mark.parametrize("body", [{"event-filter": {"filter-nodes": {}}}, {"event-filter": {"filter-nodes": {"a": 1}}}])
def test_filter_nodes_break_a_change_too(events: Subscriber, body: dict[str, Any]) -> None:
    number = events.make()
    assert events.put(number, **body).status_code == 500


@pytest.mark.parametrize("number", ["abc", "1.5", "9" * 30, "%20", "1_0"])
@pytest.mark.parametrize("what", ["", "/activate"])
def test_ids_are_read_before_rights_are_asked(events: Subscriber, number: str, what: str) -> None:
    stranger = events.ask.make_user("stranger")
    method = "POST" if what else "GET"
    answer = events.ask(method, f"/xapi/events/subscription/{number}{what}", as_user=stranger)
    assert answer.status_code == 500
    assert "java.lang.NumberFormatException" in answer.text


def test_lists_are_json_or_nothing(events: Subscriber) -> None:
    answer = events.ask("GET", "/xapi/events/subscriptions", headers={"Accept": "application/xml"})
    assert answer.status_code == 406
