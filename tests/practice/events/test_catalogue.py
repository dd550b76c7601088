"""Event types, and the actions that there are for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker
from tests.practice.events.conftest import CONTAINERS, EMAIL, LOGGING, Subscriber, document


def keys(answer: Any) -> list[str]:
    return [one["action-key"] for one in answer.json()]


def test_a_project_offers_what_concerns_projects_and_need_not_exist(ask: Asker) -> None:
    site = [one["type"] for one in ask("GET", "/xapi/events/events").json()]
    project = [one["type"] for one in ask("GET", "/xapi/projects/NOPE/events/events").json()]
    assert set(site) - set(project) == {f"{EVENTS}ProjectEvent", f"{EVENTS}ScheduledEvent"}


@pytest.mark.parametrize(
    ("path", "status", "empty"),
    [
        (f"/xapi/events/event?event-type={EVENTS}ScanEvent", 200, False),
        ("/xapi/events/event?event-type=Nope", 200, True),
        ("/xapi/events/event", 400, False),
        (f"/xapi/events/event/properties?event-type={EVENTS}ScanEvent", 200, True),
        ("/xapi/events/event/properties", 400, False),
        ("/xapi/events/allactions?xnattype=x", 400, False),
        ("/xapi/events/actions?event-type=x", 400, False),
        (f"/xapi/events/actionsbyevent?event-type={EVENTS}ScanEvent&xnattype=x", 400, False),
        ("/xapi/events/actionsbyevent", 500, False),
        ("/xapi/events/actionsbyevent?event-type=Nope", 500, False),
        ("/xapi/events/action", 400, False),
        (f"/xapi/events/action?actionkey={LOGGING}", 500, False),
        (f"/xapi/events/action?actionkey={LOGGING}&project=", 200, False),
        (f"/xapi/events/action?actionkey={LOGGING}:more&project=", 200, False),
        ("/xapi/events/action?actionkey=nope&project=", 200, True),
        ("/xapi/projects/NOPE/events/actions", 500, False),
    ],
)
def test_what_is_asked_of_the_catalogue(ask: Asker, path: str, status: int, empty: bool) -> None:
    answer = ask("GET", path)
    assert answer.status_code == status
    assert (answer.text == "") is empty


def test_xnats_own_actions_are_offered_everywhere(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask("PUT", "/data/projects/Q")
    for path in [
        "/xapi/events/allactions",
        "/xapi/events/actions",
        f"/xapi/events/actionsbyevent?event-type={EVENTS}ScheduledEvent",
        f"/xapi/events/actionsbyevent?event-type={EVENTS}ScanEvent&project=P,Q",
        "/xapi/projects/P/events/actions?xnattype=xnat:mrScanData",
        f"/xapi/projects/P/events/actionsbyevent?event-type={EVENTS}ScanEvent",
    ]:
        assert keys(ask("GET", path)) == [EMAIL, LOGGING], path


def test_the_email_action_offers_every_user(ask: Asker) -> None:
    ask.make_user("anna")
    email = ask("GET", "/xapi/events/actions").json()[0]
    assert set(email["attributes"]["to"]["restrict-to-list"]) == {"admin", "anna"}
    assert "attributes" not in ask("GET", "/xapi/events/allactions").json()[0]


def command() -> dict[str, Any]:
    def wrapper(name: str, kind: str, context: str, **more: Any) -> dict[str, Any]:
        root = {"name": name, "type": kind, "required": True}
        return {"name": name, "description": f"on a {name}", "contexts": [context], "external-inputs": [root]} | more

    return {
        "name": "c",
        "type": "docker",
        "image": "i:1",
        "version": "1",
        "command-line": "true",
        "inputs": [{"name": "note", "type": "string", "default-value": "plain", "required": False}],
        "xnat": [
            wrapper("scan", "Scan", "xnat:imageScanData"),
            wrapper("session", "Session", "xnat:imageSessionData"),
            wrapper("mr", "Session", "xnat:mrSessionData"),
            wrapper("rootless", "Session", "xnat:imageSessionData", **{"external-inputs": []}),
        ],
    }


@pytest.fixture
def wrappers(events: Subscriber) -> dict[str, int]:
    ask = events.ask
    ask("PUT", "/xapi/users/admin/roles/ContainerManager")
    number = ask("POST", "/xapi/commands", json=command()).text
    ask("PUT", "/data/projects/P")
    return {one["name"]: one["id"] for one in ask("GET", f"/xapi/commands/{number}").json()["xnat"]}


def test_wrappers_are_actions_where_they_are_switched_on(events: Subscriber, wrappers: dict[str, int]) -> None:
    ask = events.ask
    by_name = {name: f"{CONTAINERS}:{number}" for name, number in wrappers.items()}
    assert set(by_name.values()) <= set(keys(ask("GET", "/xapi/events/allactions")))
    sessions = f"actionsbyevent?event-type={EVENTS}SessionEvent"
    assert keys(ask("GET", f"/xapi/events/{sessions}")) == [EMAIL, LOGGING]
    for number in wrappers.values():
        ask("PUT", f"/xapi/wrappers/{number}/enabled")
        ask("PUT", f"/xapi/projects/P/wrappers/{number}/enabled")
    on_sessions = {by_name["session"], by_name["mr"], by_name["rootless"]}
    assert set(keys(ask("GET", f"/xapi/events/{sessions}"))[2:]) == on_sessions
    assert keys(ask("GET", "/xapi/events/actions")) == [EMAIL, LOGGING]
    assert set(keys(ask("GET", f"/xapi/projects/P/events/{sessions}"))[2:]) == {by_name["session"], by_name["mr"]}
    assert keys(ask("GET", "/xapi/events/actions?xnattype=xnat:ctSessionData"))[2:] == [
        by_name["session"],
        by_name["rootless"],
    ]
    scans = f"actionsbyevent?event-type={EVENTS}ScanEvent"
    assert keys(ask("GET", f"/xapi/events/{scans}"))[2:] == [by_name["scan"]]
    assert keys(ask("GET", f"/xapi/projects/P/events/{scans}"))[2:] == []  # there is no session in it
    one = ask("GET", f"/xapi/events/action?actionkey={by_name['mr']}&project=&xnattype=xnat:mrSessionData").json()
    assert one["attributes"] == {"note": {"type": "string", "default-value": "plain", "required": False}}


def test_a_project_that_one_cannot_read_offers_no_wrapper(events: Subscriber, wrappers: dict[str, int]) -> None:
    number = wrappers["session"]
    events.ask("PUT", f"/xapi/wrappers/{number}/enabled")
    events.ask("PUT", f"/xapi/projects/P/wrappers/{number}/enabled")
    path = f"/xapi/events/action?actionkey={CONTAINERS}:{number}&project=P&xnattype=xnat:mrSessionData"
    assert events.ask("GET", path).json()["display-name"] == "session"
    assert events.ask("GET", path, as_user=events.ask.make_user("stranger")).text == ""


def test_a_name_is_made_of_the_wrappers(events: Subscriber, wrappers: dict[str, int]) -> None:
    number = wrappers["scan"]
    events.ask("PUT", f"/xapi/wrappers/{number}/enabled")
    answer = events.post(name=None, **{"action-key": f"{CONTAINERS}:{number}"})
    assert answer.text.startswith("scan on Project CREATED for Site:")


def test_without_the_plugin_nobody_knows_its_actions(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, plugins=()) as server:
        ask = Asker(server)
        ask("PUT", "/xapi/events/prefs", json={"enabled": True})
        assert keys(ask("GET", "/xapi/events/allactions")) == [EMAIL, LOGGING]
        answer = ask("POST", "/xapi/events/subscription", json=document(**{"action-key": f"{CONTAINERS}:1"}))
        assert answer.status_code == 424
        assert answer.text.endswith(f"Could not load Action Provider for key:{CONTAINERS}:1")
