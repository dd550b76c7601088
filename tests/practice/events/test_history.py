"""What is delivered when projects are made and deleted, and how it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bootstrap.facts.event_types import EVENTS
from tests.practice.events.conftest import EMAIL, Subscriber, document

DELIVERED = "/xapi/events/delivered"
STEPS = ["EVENT_TRIGGERED", "EVENT_DETECTED", "SUBSCRIPTION_TRIGGERED"]
LOGGED = ["RESOLVING_ATTRIBUTES", "ACTION_CALLED", "ACTION_STEP", "ACTION_COMPLETE"]


def steps(record: dict[str, Any]) -> list[str]:
    return [one["status"] for one in record["status"]]


def make_project(events: Subscriber, name: str, **more: Any) -> None:
    assert events.ask("PUT", f"/data/projects/{name}", **more).status_code == 200


def test_a_new_project_is_logged(events: Subscriber) -> None:
    number = events.make(attributes={"param1": "v", "param2": "w"})
    make_project(events, "P")
    [record] = events.records(number)
    assert steps(record) == [*STEPS, "OBJECT_SERIALIZED", *LOGGED]
    assert record["event-type"] == "Project : CREATED"
    assert (record["user"], record["project"], record["inputs"]) == ("admin", "P", "{param1=v, param2=w}")
    assert record["trigger"] == {
        "event-name": "Project",
        "status": "CREATED",
        "xnat-type": "arc:project",
        "URI": "/archive/projects/P",
        "label": "P",
        "is-xsi-type": True,
    }
    assert record["status-message"] == "Logging action completed successfully."
    assert (record["error"], record["event"], record["subscription"]["name"]) == (False, None, "one")
    assert "valid" not in record["subscription"]
    assert record["payload"]["id"] == "P"
    assert "type" not in record["payload"]


def test_a_deleted_project_has_no_object(events: Subscriber) -> None:
    made, filtered = events.make(filter={"status": ""}), events.make(filter={"status": None, "payload-filter": "@.id"})
    make_project(events, "P")
    events.ask.settle()
    events.ask("DELETE", "/data/projects/P")
    created, deleted = events.records(made)
    assert (created["event-type"], deleted["event-type"]) == ("Project : CREATED", "Project : DELETED")
    assert steps(deleted) == [*STEPS, "RESOLVING_ATTRIBUTES", "ACTION_CALLED", "ACTION_COMPLETE"]
    assert deleted["payload"] is None
    assert "OBJECT_FILTERED" in steps(events.records(filtered)[0])
    halted = events.records(filtered, mismatches=True)[1]
    assert halted["status-message"] == "Event has no object that can be serialized and filtered."


@pytest.mark.parametrize(
    "changes",
    [
        {"filter": {"status": "DELETED"}},
        {"filter": {"status": "ARCHIVED"}},
        {"filter": {"project-ids": ["Q"]}},
        {"filter": {"project-ids": [""]}},
        {"filter": {"event-type": f"{EVENTS}SubjectEvent"}},
        {"active": False},
    ],
)
def test_what_does_not_match_leaves_no_record(events: Subscriber, changes: dict[str, Any]) -> None:
    number, witness = events.make(**changes), events.make(filter={"project-ids": ["P", "R"]})
    make_project(events, "P")
    assert len(events.records(witness)) == 1
    assert events.records(number, mismatches=True) == []


def test_nothing_is_told_while_the_service_is_off(events: Subscriber) -> None:
    number = events.make()
    events.ask("PUT", "/xapi/events/prefs", json={"enabled": False})
    make_project(events, "LOST")
    events.ask("PUT", "/xapi/events/prefs", json={"enabled": True})
    make_project(events, "FOUND")
    assert [one["project"] for one in events.records(number)] == ["FOUND"]


@pytest.mark.parametrize(
    ("payload_filter", "last", "shown"),
    [
        ("@.id == 'P'", "ACTION_COMPLETE", True),
        ("@.type == 'Project'", "ACTION_COMPLETE", True),
        ("@.id == 'Q'", "OBJECT_FILTER_MISMATCH_HALT", False),
        ('@.title == "O\'Neil"', "OBJECT_FILTERING_FAULT", True),
    ],
)
def test_filters(events: Subscriber, payload_filter: str, last: str, shown: bool) -> None:
    number = events.make(filter={"payload-filter": payload_filter})
    make_project(events, "P")
    [record] = events.records(number, mismatches=True)
    assert steps(record)[-1] == last
    assert record["error"] is last.endswith("FAULT")
    assert len(events.records(number)) == shown
    counted = events.ask("GET", f"{DELIVERED}/count", params={"subscription-id": number}).text
    assert counted == str(int(shown))


def test_an_action_that_cannot_be_done(events: Subscriber) -> None:
    number = events.make(**{"action-key": EMAIL})
    make_project(events, "P")
    [record] = events.records(number)
    assert steps(record)[-1] == "ACTION_FAILED"
    assert record["error"] is True


def test_an_invalid_subscription_fails_at_each_event(events: Subscriber) -> None:
    number = events.make()
    assert events.ask.server.site
    events.ask.server.site.storage.change("UPDATE subscriptions SET action_key = 'x:1' WHERE id = ?", number)
    make_project(events, "P")
    [record] = events.records(number)
    assert steps(record) == [*STEPS, "OBJECT_SERIALIZED", "FAILED"]
    assert record["status-message"].startswith("Invalid subscription.\nCould not validate Action: x:1\n")


def test_in_whose_name(events: Subscriber) -> None:
    events.ask.set(uiAllowNonAdminProjectCreation=True)
    events.ask.settle()
    user = events.ask.make_user("maker")
    as_owner, as_maker = events.make(), events.make(**{"act-as-event-user": True})
    make_project(events, "P", as_user=user)
    assert [events.records(number)[0]["user"] for number in (as_owner, as_maker)] == ["admin", "maker"]


def test_who_cannot_read_the_object_acts_without_it(events: Subscriber) -> None:
    make_project(events, "Q")
    owner = events.make_owner("owner", "Q")
    path, body = "/xapi/projects/Q/events/subscription", document(filter={"project-ids": ["Q"]})
    number = int(events.ask("POST", path, as_user=owner, json=body).text.rpartition(":")[2])
    events.ask("PUT", f"{path}/{number}", as_user=owner, json={"event-filter": {}})
    make_project(events, "P")
    [record] = events.records(number)
    assert (record["user"], record["project"], record["payload"]) == ("owner", "P", None)
    assert steps(record)[-1] == "ACTION_COMPLETE"


def test_what_is_switched_off_in_between_is_skipped(events: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    number, gone = events.make(), events.make()
    assert events.ask.server.site
    held: list[Callable[[], None]] = []
    with monkeypatch.context() as held_back:
        held_back.setattr(events.ask.server.site.background, "later", lambda _seconds, job: held.append(job))
        make_project(events, "P")
    events.ask("POST", f"/xapi/events/subscription/{number}/deactivate")
    events.ask("DELETE", f"/xapi/events/subscription/{gone}")
    for job in held:
        job()
    [record] = events.records(number)
    assert steps(record) == [*STEPS, "SUBSCRIPTION_DISABLED_HALT"]
    assert record["trigger"] is None


@pytest.fixture
def three(events: Subscriber) -> tuple[Subscriber, int]:
    number = events.make()
    for name in ("A", "B", "C"):
        make_project(events, name)
        events.ask.settle()
    return events, number


@pytest.mark.parametrize(
    ("body", "projects"),
    [
        ({"sort_dir": "desc"}, "CBA"),
        ({"size": 2}, "AB"),
        ({"page": 2, "size": 2}, "C"),
        ({"page": 9}, ""),
        ({"page": 0, "size": "1"}, "A"),
        ({"sort_col": "project", "sort_dir": "desc"}, "CBA"),
        ({"sort_col": "timestamp"}, "ABC"),
        ({"filters": {"project": {"operator": "eq", "value": "B"}}}, "B"),
        ({"filters": {"project": {"operator": "ne", "value": "B"}}}, "AC"),
        ({"filters": {"project": {"operator": "eq", "value": "B", "not": True}}}, "AC"),
        ({"filters": {"project": {"operator": "in", "values": ["A", "C"]}}}, "AC"),
        ({"filters": {"project": {"operator": "in"}}}, ""),
        ({"filters": {"project": {"operator": "between", "lo": "B", "hi": "C"}}}, "BC"),
        ({"filters": {"project": {"operator": "ge", "value": "B"}}}, "BC"),
        ({"filters": {"project": {"operator": "ilike", "value": "b"}}}, "B"),
        ({"filters": {"project": {"operator": "like", "value": "b"}}}, ""),
        ({"filters": {"eventtype": {"operator": "like", "value": "Project"}}}, "ABC"),
        ({"filters": {"subscription": {"operator": "eq", "value": "one"}}}, "ABC"),
        ({"filters": {"status": {"operator": "like", "value": "completed"}}}, "ABC"),
        ({"filters": {"user": {"operator": "eq", "value": "nobody"}}}, ""),
        ({"filters": {"nonsense": {"operator": "eq", "value": "x"}}}, "ABC"),
        (
            {
                "filters": {
                    "project": {
                        "orFilters": [
                            {"backend": "hibernate", "operator": "eq", "value": "A"},
                            {"backend": "hibernate", "operator": "eq", "value": "C"},
                        ]
                    }
                }
            },
            "AC",
        ),
    ],
)
def test_pages_orders_and_filters(three: tuple[Subscriber, int], body: dict[str, Any], projects: str) -> None:
    events, number = three
    for one in body.get("filters", {}).values():
        one["backend"] = "hibernate"
    assert "".join(one["project"] for one in events.records(number, **body)) == projects


@pytest.mark.parametrize(
    "body",
    [
        {"filters": {"user": {"backend": "hibernate", "value": "admin"}}},
        {"filters": {"user": {"operator": "eq", "value": "admin"}}},
        {"filters": {"user": {"backend": "hibernate", "operator": "nope"}}},
        {"filters": []},
        {"sort_col": "nonsense"},
        {"sort_dir": "sideways"},
        {"page": "x"},
        [],
    ],
)
def test_what_cannot_be_asked(events: Subscriber, body: Any) -> None:
    assert events.ask("POST", DELIVERED, json=body).status_code == 500


def test_the_body_may_be_empty_but_must_be_json(events: Subscriber) -> None:
    json_type = {"Content-Type": "application/json"}
    assert events.ask("POST", DELIVERED, headers=json_type).json() == []
    assert events.ask("POST", DELIVERED, headers=json_type, data="{").status_code == 500
    assert events.ask("POST", DELIVERED, headers={"Content-Type": "text/plain"}, data="{}").status_code == 415
    assert events.ask("POST", DELIVERED, params={"subscription-id": "x"}, json={}).status_code == 500


def test_one_by_one_and_without_children(three: tuple[Subscriber, int]) -> None:
    events, number = three
    first = events.records(number)[0]
    assert events.ask("GET", f"{DELIVERED}/{first['id']}").json() == first
    assert events.ask("GET", f"/xapi/projects/A/events/delivered/{first['id']}").json() == first
    other = events.ask("GET", f"/xapi/projects/B/events/delivered/{first['id']}")
    assert other.status_code == 404
    assert "No history item with matching id and projectID" in other.text
    for path in (f"{DELIVERED}/999", "/xapi/projects/A/events/delivered/999"):
        assert events.ask("GET", path).status_code == 404
    bare = events.ask("POST", DELIVERED, params={"load-children": "false", "project": "A"}, json={}).json()
    assert (bare[0]["status"], bare[0]["payload"], len(bare)) == (None, None, 1)
    assert len(events.ask("POST", "/xapi/projects/C/events/delivered", json={}).json()) == 1


def test_counts_and_summaries(three: tuple[Subscriber, int]) -> None:
    events, _ = three
    assert events.ask("GET", f"{DELIVERED}/count").text == "3"
    assert events.ask("GET", f"{DELIVERED}/count?project=A").text == "1"
    assert events.ask("GET", "/xapi/projects/B/events/delivered/count").text == "1"
    for path in (f"{DELIVERED}/summary", "/xapi/projects/B/events/delivered/summary"):
        assert events.ask("GET", path).status_code == 500


def test_the_past_keeps_the_old_name_and_goes_with_the_subscription(three: tuple[Subscriber, int]) -> None:
    events, number = three
    events.put(number, name="later")
    by_name = {"subscription": {"backend": "hibernate", "operator": "eq", "value": "one"}}
    assert [one["subscription"]["name"] for one in events.records(number, filters=by_name)] == ["later"] * 3
    events.ask("DELETE", f"/xapi/events/subscription/{number}")
    assert events.ask("GET", f"{DELIVERED}/count").text == "0"


def test_payloads_can_be_cleaned_away(three: tuple[Subscriber, int]) -> None:
    events, number = three
    assert events.ask("POST", f"{DELIVERED}/cleanup").status_code == 405
    assert events.ask("POST", f"{DELIVERED}/cleanup/?keep-recent=1").status_code == 200
    assert [one["payload"] is None for one in events.records(number)] == [True, True, False]
    assert events.ask("POST", f"{DELIVERED}/cleanup/?keep-recent=x").status_code == 500
