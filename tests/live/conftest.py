"""A practice XNAT for each test, and the jobs of the tool run against it without real waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.options import Options
from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer

SITE = """\
server:
  username: admin
  password: !env [XNAT_PASSWORD, practice-me]
  first_password: admin
site:
  siteId: LIVE
  siteUrl: http://localhost:8080
  adminEmail: xnat@example.org
  sessionTimeout: 30 minutes
notifications:
  smtp: {hostname: mail.example.org, port: 587, password: !env [SMTP_PASSWORD, canary-smtp]}
  emailPrefix: LIVE
anonymization:
  script: |
    version "6.6"
    (0010,0010) := subject
"""


def brief_pause(seconds: float) -> None:
    time.sleep(min(seconds, 0.02))


@dataclass
class Bench:
    """A site folder and a server; each call is a run of its own."""

    folder: Path
    server: PracticeServer
    environ: dict[str, str] = field(default_factory=dict)

    def write(self, text: str = SITE, name: str = "site.yaml") -> Path:
        place = self.folder / name
        place.write_text(text, encoding="utf-8")
        return place

    @property
    def tools(self) -> Tools:
        return Tools(environ=self.environ, pause=brief_pause)

    def job(self, **options: Any) -> Job:
        return Job(self.folder, Asked(url=self.server.url), Options(**options))

    def apply(self, **options: Any) -> Report:
        return jobs.apply(self.job(**options), self.tools, Talk())

    def plan(self, **options: Any) -> Report:
        return jobs.plan(self.job(**options), self.tools)[1]

    def drift(self) -> Report:
        return jobs.drift(self.job(), self.tools)

    def admin(self, password: str = "practice-me") -> Admin:
        return Admin(self.server.url, password)


@dataclass
class Admin:
    """Somebody else who is signed in as admin, as from a browser."""

    url: str
    password: str

    def _send(self, method: str, path: str, **more: Any) -> Any:
        import requests

        answer = requests.request(method, self.url + path, auth=("admin", self.password), timeout=30, **more)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        return answer

    def setting(self, name: str) -> Any:
        return self._send("GET", "/xapi/siteConfig").json()[name]

    def set(self, **settings: Any) -> None:
        self._send("POST", "/xapi/siteConfig", json=settings)

    def put(self, path: str, text: str) -> None:
        self._send("PUT", path, data=text.encode())

    def rows(self, path: str) -> list[Mapping[str, str]]:
        found: list[Mapping[str, str]] = self._send("GET", f"/data/config/{path}?action=getHistory").json()[
            "ResultSet"
        ]["Result"]
        return found


Serve = Callable[..., Any]


@contextmanager
def serving(folder: Path, **options: Any) -> Iterator[PracticeServer]:
    with PracticeServer(folder, clock=FAST, **{"initialized": False, **options}) as server:
        yield server


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    folder = tmp_path / "site"
    folder.mkdir()
    with serving(tmp_path / "state") as server:
        made = Bench(folder, server)
        made.write()
        yield made
