"""Placeholders in attributes, and Java's hash of what the bus compares."""

from __future__ import annotations

import pytest

from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.events import delivery
from bootstrap.practice.events.happenings import Happening
from bootstrap.practice.events.subscriptions import EventFilter

SESSION = Happening("SessionEvent", "CREATED", "admin", "P1", "xnat:mrSessionData", "E1", "/archive/experiments/E")


def test_placeholders_are_resolved_whatever_their_case() -> None:
    payload = {"label": "E1", "project-id": "P1", "big": True, "scans": []}
    attributes = {"note": "#label#/#project-id#/#EVENT-DISPLAY-NAME#/#unknown#/#big#/#scans#", "plain": "a#b"}
    assert delivery._resolved(attributes, SESSION, payload) == {
        "note": "E1/P1/Session/#unknown#/true/#scans#",
        "plain": "a#b",
    }
    assert delivery._resolved({"a": "#label# #event-type#"}, SESSION, None) == {"a": f"#label# {EVENTS}SessionEvent"}


@pytest.mark.parametrize(
    ("kept", "hashed"),
    [
        (EventFilter(f"{EVENTS}ScanEvent", "CREATED"), -199076131),
        (EventFilter(f"{EVENTS}ScanEvent", "CREATED", ("",)), -199076131),
        (EventFilter(f"{EVENTS}SubjectEvent", "CREATED"), 1185963048),
        (EventFilter(f"{EVENTS}ScheduledEvent", "CRON", schedule="0 0 * * * *"), 1195894349),
    ],
)
def test_the_hash_is_the_one_that_was_recorded(kept: EventFilter, hashed: int) -> None:
    assert kept.criteria_hash == hashed
