"""A site with a session in it, an engine that does as it is told, and short ways to launch there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.practice.containers.launching import following
from bootstrap.practice.server import FAST, PracticeServer
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands
from tests.practice.containers.fake_containers import EngineWithContainers, Runs, ends_well

PROJECT = "P1"
PLAIN = {"name": "go", "contexts": ["xnat:mrSessionData"], "external-inputs": [{"name": "session", "type": "Session"}]}
_SECONDS = 30.0


class Bench:
    """One server for all tests of a module; each has names of its own."""

    def __init__(self, server: PracticeServer, engine: EngineWithContainers) -> None:
        self.server, self.engine, self.ask = server, engine, Asker(server)
        self.commands = Commands(self.ask)
        self._count = 0
        self.put(f"/data/projects/{PROJECT}")
        self.put(f"/data/projects/{PROJECT}/subjects/S1")
        path = f"/data/projects/{PROJECT}/subjects/S1/experiments/E1"
        self.session = self.put(path, xsiType="xnat:mrSessionData")
        for scan in ("1", "2"):
            more = {"xnat:mrScanData/type": f"T{scan}"}
            self.put(f"{path}/scans/{scan}", xsiType="xnat:mrScanData", **more)
            file = f"/data/experiments/{self.session}/scans/{scan}/resources/TXT/files/f{scan}.txt"
            self.ask("PUT", file, params={"inbody": "true"}, data=f"scan {scan}\n")
        self.uri = f"/archive/experiments/{self.session}"
        self.use(engine.host)

    @property
    def site(self) -> Site:
        assert self.server.site
        return self.server.site

    @property
    def runs(self) -> Runs:
        return self.engine.runs

    def put(self, path: str, **query: str) -> str:
        answer = self.ask("PUT", path, params=query)
        assert answer.status_code in (200, 201), answer.text
        return answer.text.strip()

    def use(self, host: str, **more: Any) -> None:
        """Asking whether it answers may fail; it is stored all the same."""
        self.ask("POST", "/xapi/docker/server", json={"name": "T", "host": host, "auto-cleanup": True, **more})

    def wrapper(self, **command: Any) -> int:
        """Of a new command; `wrapper` is laid over the plain one."""
        self._count += 1
        own = PLAIN | command.pop("wrapper", {})
        fresh = {"command-line": "true", "override-entrypoint": True} | command
        number = self.commands.make(f"c{self._count}", xnat=[own], **fresh)
        return next(iter(self.commands.wrappers(number).values()))

    def launch(self, wrapper: int, root: str = "session", **given: str) -> int:
        """The workflow."""
        body = {root: self.uri} | given
        answer = self.ask("POST", f"/xapi/wrappers/{wrapper}/root/{root}/launch", json=body)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["workflow-id"])

    def workflow(self, number: int) -> dict[str, Any]:
        answer = self.ask("GET", f"/data/workflows/{number}", params={"format": "json"})
        fields: dict[str, Any] = answer.json()["items"][0]["data_fields"]
        return fields

    def until(self, condition: Callable[[], Any]) -> Any:
        """What it says as soon as it says something."""
        give_up = time.monotonic() + _SECONDS
        while not (found := condition()):
            assert time.monotonic() < give_up, "it did not come to pass"
            time.sleep(0.02)
        return found

    def ended(self, workflow: int) -> dict[str, Any]:
        def end() -> dict[str, Any] | None:
            fields = self.workflow(workflow)
            return fields if fields["status"].startswith(("Complete", "Failed")) else None

        found: dict[str, Any] = self.until(end)
        return found

    def running(self, workflow: int) -> dict[str, Any]:
        found: dict[str, Any] = self.until(
            lambda: fields if (fields := self.workflow(workflow))["status"] == "Running" else None
        )
        return found

    def container(self, workflow: int) -> dict[str, Any]:
        answer = self.ask("GET", f"/xapi/containers/{self.workflow(workflow)['comments']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def files(self, label: str, of: str = "") -> list[str]:
        address = f"/data/experiments/{self.session}{of}/resources/{label}/files"
        rows = self.ask("GET", address, params={"format": "json"}).json()["ResultSet"]["Result"]
        return sorted(row["Name"] for row in rows)

    @property
    def folder(self) -> str:
        return str(self.site.folder.root)

    def look(self) -> None:
        """At the engine, now."""
        following.Follower(self.site).look()


@pytest.fixture(scope="module")
def whole_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    state: Path = tmp_path_factory.mktemp("launching") / "state"
    with EngineWithContainers() as engine, PracticeServer(state, clock=FAST) as server:
        yield Bench(server, engine)


@pytest.fixture
def bench(whole_module: Bench) -> Bench:
    whole_module.engine.stumbles = False
    whole_module.runs.refuses = ""
    whole_module.runs.work = ends_well
    return whole_module
