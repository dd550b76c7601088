"""Servers to ask, and short ways to ask them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bootstrap.practice.server import FAST, PracticeServer
from tests.docker_engine import docker_engine

__all__ = ["docker_engine"]  # a fixture

ADMIN = ("admin", "admin")


class Asker:
    """Asks a server as somebody, without following redirects. Each request is one of its own, without a cookie."""

    def __init__(self, server: PracticeServer) -> None:
        self.server = server

    def __call__(
        self, method: str, path: str, *, as_user: tuple[str, str] | None = ADMIN, **more: Any
    ) -> requests.Response:
        return requests.request(method, self.server.url + path, auth=as_user, allow_redirects=False, timeout=20, **more)

    def make_user(self, name: str, **more: Any) -> tuple[str, str]:
        """A user who can sign in; his name and password."""
        user = {"username": name, "password": f"pw-{name}", "firstName": "A", "lastName": "B", "email": "a@b.org"}
        answer = self("POST", "/xapi/users", json=user | more)
        assert answer.status_code == 201, answer.text
        return name, f"pw-{name}"

    def set(self, **settings: Any) -> None:
        answer = self("POST", "/xapi/siteConfig", json=settings)
        assert answer.status_code == 200, answer.text

    def settle(self) -> None:
        """Wait for the handlers of what was set."""
        assert self.server.site
        assert self.server.site.background.settle()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with PracticeServer(tmp_path / "state", clock=FAST) as running:
        yield running


@pytest.fixture
def ask(server: PracticeServer) -> Asker:
    return Asker(server)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Asker]:
    """A site that nobody has set up."""
    with PracticeServer(tmp_path / "fresh", clock=FAST, initialized=False) as running:
        yield Asker(running)
