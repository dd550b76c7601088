"""The event types that a site and its projects offer. They are told whether the service is on or off."""

from __future__ import annotations

from typing import Any

from bootstrap.facts.event_types import EventType, event_types, find
from bootstrap.practice.events.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call


@room.get("/xapi/events/events", SIGNED_IN)
def of_site(_call: Call) -> Answer:
    return bodies.as_json([_shown(one) for one in event_types()])


@room.get("/xapi/projects/{project}/events/events", SIGNED_IN)
def of_project(_call: Call) -> Answer:
    """Nobody asks whether there is such a project."""
    return bodies.as_json([_shown(one) for one in event_types() if "PROJECT" in one.scopes])


@room.get("/xapi/events/event", SIGNED_IN)
def one(call: Call) -> Answer:
    if "event-type" not in call.query:
        return bodies.container_page(400)
    found = find(call.query["event-type"])
    return bodies.as_json(_shown(found)) if found else bodies.nothing()


@room.get("/xapi/events/event/properties", ADMIN)
def properties(call: Call) -> Answer:
    """Empty for all of them: no event type that is installed has a payload class to ask."""
    return bodies.nothing() if "event-type" in call.query else bodies.container_page(400)


def _shown(event: EventType) -> dict[str, Any]:
    return {
        "type": event.type,
        "statuses": event.statuses,
        "display-name": event.display_name,
        "description": event.description,
        "event-scope": event.scopes,
        "is-xsi-type": event.is_xsi_type,
    }
