"""Scheduled events: woken by a clock that a test puts forward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.clock import HandClock
from bootstrap.practice.events import schedules
from bootstrap.practice.server import PracticeServer
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands
from tests.practice.events.conftest import CONTAINERS, LOGGING, Subscriber

HOURLY = {"event-type": f"{EVENTS}ScheduledEvent", "status": "CRON", "schedule": "0 0 * * * *"}


class Hours:
    def __init__(self, server: PracticeServer, clock: HandClock) -> None:
        self.ask = Asker(server)
        assert self.ask("PUT", "/xapi/events/prefs", json={"enabled": True}).status_code == 200
        self.events, self.clock = Subscriber(self.ask), clock
        assert server.site
        self.timer = schedules.Timer(server.site)

    def pass_by(self) -> None:
        self.clock.advance(3600)
        self.timer.look()
        self.ask.settle()

    def steps(self, number: int) -> list[list[str]]:
        records = self.events.records(number)
        return [[step["status"] for step in record["status"]] for record in records]


@pytest.fixture
def hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hours]:
    monkeypatch.setattr(schedules, "SECONDS", 1e6)  # the test looks itself
    clock = HandClock()
    with PracticeServer(tmp_path / "state", clock=clock) as server:
        yield Hours(server, clock)


LOGGED = [
    "EVENT_TRIGGERED",
    "EVENT_DETECTED",
    "SUBSCRIPTION_TRIGGERED",
    "RESOLVING_ATTRIBUTES",
    "ACTION_CALLED",
    "ACTION_COMPLETE",
]


def test_a_schedule_comes_once_an_hour_and_wakes_those_without_one(hours: Hours) -> None:
    made = hours.events.make(**{"filter": HOURLY | {"payload-filter": "@.label == 'x'"}})
    blank = hours.events.make(**{"filter": {"event-type": f"{EVENTS}ScheduledEvent", "status": None}, "name": "any"})
    other = hours.events.make(**{"filter": HOURLY | {"schedule": "0 0 0 1 1 *"}, "name": "yearly"})
    hours.timer.look()
    assert hours.steps(made) == []
    hours.pass_by()
    hours.pass_by()
    assert hours.steps(made) == hours.steps(blank) == [LOGGED, LOGGED]
    assert hours.steps(other) == []
    record = hours.events.records(made)[0]
    assert (record["trigger"]["label"], record["project"], record["payload"]) == ("ScheduledEventPayload", "", None)


def wrapper(hours: Hours, kind: str, context: str, **more: Any) -> str:
    one = {"name": "go", "contexts": [context], "external-inputs": [{"name": "root", "type": kind}], **more}
    commands = Commands(hours.ask)
    number = next(iter(commands.wrappers(commands.make(f"c-{kind}-{context}", xnat=[one])).values()))
    hours.ask("PUT", f"/xapi/wrappers/{number}/enabled")
    return f"{CONTAINERS}:{number}"


@pytest.mark.parametrize(
    ("kind", "context", "filtered", "said"),
    [
        ("Session", "xnat:imageSessionData", None, "Containers queued for 2 session(s) in project: P1"),
        ("Session", "xnat:imageSessionData", "@.label == 'E2'", "Containers queued for 1 session(s) in project: P1"),
        ("Session", "xnat:ctSessionData", None, "No inputs of type: Session. Nothing to do."),
        ("Scan", "xnat:imageScanData", None, "Containers queued for 1 scan(s) in project: P1"),
        ("Subject", "xnat:subjectData", None, "Containers queued for 1 subject(s) in project: P1"),
        ("Project", "xnat:projectData", None, "Containers queued for 1 project(s) in project: P1"),
        ("Assessor", "xnat:imageAssessorData", None, "No inputs of type: Assessor. Nothing to do."),
        (
            "SubjectAssessor",
            "xnat:qcAssessmentData",
            "@.label == 'x'",
            "No inputs of type: SubjectAssessor. Nothing to do.",
        ),
        ("Resource", "xnat:resourceCatalog", None, "Inputs of type Resource cannot be launched by a schedule."),
    ],
)
def test_a_wrapper_is_launched_on_all_that_it_is_for(
    hours: Hours, kind: str, context: str, filtered: str | None, said: str
) -> None:
    hours.ask("PUT", "/data/projects/P1")
    hours.ask("PUT", "/data/projects/P1/subjects/S1")
    for label in ("E1", "E2"):
        path = f"/data/projects/P1/subjects/S1/experiments/{label}"
        hours.ask("PUT", path, params={"xsiType": "xnat:mrSessionData"})
    hours.ask("PUT", f"{path}/scans/1", params={"xsiType": "xnat:mrScanData"})
    kept = HOURLY | ({"payload-filter": filtered} if filtered else {})
    made = hours.events.make(**{"action-key": wrapper(hours, kind, context), "filter": kept})
    hours.pass_by()
    messages = [step["message"] for step in hours.events.records(made)[0]["status"]]
    assert said in messages
    assert (messages[-1] == "Done") == (kind != "Resource")
    assert LOGGING not in messages
