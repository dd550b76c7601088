"""Short ways to commands, and an engine of our own making that answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.server import PracticeServer
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.fake_engine import FakeEngine

SESSION = {"contexts": ["xnat:mrSessionData"], "external-inputs": [{"name": "session", "type": "Session"}]}


def wrapper(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, **SESSION, **more}


class Commands:
    """Commands of one server: made, changed, read."""

    def __init__(self, ask: Asker) -> None:
        self.ask = ask

    def make(self, name: str = "c", **more: Any) -> int:
        answer = self.ask("POST", "/xapi/commands", json={"name": name, "version": "1", "image": "a:1", **more})
        assert answer.status_code == 201, answer.text
        return int(answer.text)

    def change(self, number: int, name: str = "c", **more: Any) -> int:
        document = {"name": name, "version": "1", "image": "a:1", **more}
        return self.ask("POST", f"/xapi/commands/{number}", json=document).status_code

    def read(self, number: int) -> Any:
        answer = self.ask("GET", f"/xapi/commands/{number}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wrappers(self, number: int) -> dict[str, int]:
        return {one.get("name"): one["id"] for one in self.read(number)["xnat"]}


@pytest.fixture
def commands(ask: Asker) -> Commands:
    return Commands(ask)


@pytest.fixture
def site(server: PracticeServer) -> Site:
    assert server.site
    return server.site


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as running:
        yield running


@pytest.fixture
def with_engine(ask: Asker, engine: FakeEngine) -> FakeEngine:
    """The server's engine is this one."""
    answer = ask("POST", "/xapi/docker/server", json={"name": "Fake", "host": engine.host})
    assert answer.status_code == 201, answer.text
    return engine
