"""A site whose event service is on, and short ways to subscribe there."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from bootstrap.facts.event_types import EVENTS
from tests.practice.conftest import Asker

_ACTIONS = "org.nrg.xnat.eventservice.actions."
LOGGING = f"{_ACTIONS}EventServiceLoggingAction:{_ACTIONS}EventServiceLoggingAction"
EMAIL = f"{_ACTIONS}EventServiceEmailAction:{_ACTIONS}EventServiceEmailAction"
CONTAINERS = "org.nrg.containers.services.CommandActionProvider"


def document(**changes: Any) -> dict[str, Any]:
    """A subscription to new projects; `filter` goes into its event filter."""
    kept = {"event-type": f"{EVENTS}ProjectEvent", "status": "CREATED"} | changes.pop("filter", {})
    return {"name": "one", "action-key": LOGGING, "event-filter": kept} | changes


class Subscriber:
    def __init__(self, ask: Asker) -> None:
        self.ask = ask

    def post(self, **changes: Any) -> requests.Response:
        return self.ask("POST", "/xapi/events/subscription", json=document(**changes))

    def make(self, **changes: Any) -> int:
        answer = self.post(**changes)
        assert answer.status_code == 201, answer.text
        return int(answer.text.rpartition(":")[2])

    def put(self, number: int, **body: Any) -> requests.Response:
        return self.ask("PUT", f"/xapi/events/subscription/{number}", json=body)

    def get(self, number: int) -> dict[str, Any]:
        answer = self.ask("GET", f"/xapi/events/subscription/{number}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def records(self, number: int, mismatches: bool = False, **body: Any) -> list[dict[str, Any]]:
        """Of the history, the oldest first, once all is worked off."""
        self.ask.settle()
        query = {"subscription-id": number, "include-filter-mismatch": str(mismatches).lower()}
        answer = self.ask("POST", "/xapi/events/delivered", params=query, json={"sort_dir": "asc"} | body)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def make_owner(self, name: str, project: str) -> tuple[str, str]:
        user = self.ask.make_user(name)
        assert self.ask.server.site
        self.ask.server.site.storage.change("INSERT INTO memberships VALUES (?, ?)", name, f"{project}_owner")
        return user


@pytest.fixture
def events(ask: Asker) -> Subscriber:
    assert ask("PUT", "/xapi/events/prefs", json={"enabled": True}).status_code == 200
    return Subscriber(ask)
