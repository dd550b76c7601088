"""A Docker engine of our own making on which containers can be run: what they do is a function of the test."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.practice.containers.fake_engine import FakeEngine, _Handler

_NEVER = "0001-01-01T00:00:00Z"
_THEN = "2026-11-21T10:00:00.123456789Z"


@dataclass
class FakeContainer:
    number: str
    config: dict[str, Any]
    status: str = "created"
    exit_code: int = 0
    stdout: bytes = b""
    stderr: bytes = b""
    out_of_memory: bool = False
    removed: bool = False

    def folder(self, path: str) -> Path:
        """Where a directory of the container lies."""
        binds = [bind.split(":") for bind in self.config["HostConfig"]["Binds"]]
        return next(Path(here) for here, there, *_ in binds if there == path)

    @property
    def environment(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.config["Env"])

    def end(self, exit_code: int = 0) -> None:
        self.status, self.exit_code = "exited", exit_code

    def inspected(self) -> dict[str, Any]:
        state = {
            "Status": self.status,
            "StartedAt": _NEVER if self.status == "created" else _THEN,
            "FinishedAt": _THEN if self.status == "exited" else _NEVER,
            "ExitCode": self.exit_code,
            "OOMKilled": self.out_of_memory,
        }
        return {"Id": self.number, "Created": _THEN, "Config": {"Tty": False}, "State": state}


Work = Callable[[FakeContainer], None]


def ends_well(container: FakeContainer) -> None:
    container.end()


@dataclass
class Runs:
    several: dict[str, FakeContainer] = field(default_factory=dict)
    work: Work = ends_well  # what a container does as soon as it is started
    made: int = 0
    refuses: str = ""  # why it makes none

    @property
    def last(self) -> FakeContainer:
        return list(self.several.values())[-1]


class EngineWithContainers(FakeEngine):
    def __init__(self) -> None:
        super().__init__(_ContainerHandler)
        self.runs = Runs()
        self.add("sha256:" + "a" * 64, "a:1")


class _ContainerHandler(_Handler):
    engine: EngineWithContainers

    def do_GET(self) -> None:
        parts = self._path().split("/")
        if parts[1] != "containers" or self.engine.stumbles:
            super().do_GET()
        elif parts[2] == "json":
            self._say(200, [{"Id": one.number, "State": one.status} for one in self._listed()])
        elif (found := self._found(parts[2])) is None:
            self._say(404, {"message": f"No such container: {parts[2]}"})
        elif parts[3] == "json":
            self._say(200, found.inspected())
        else:
            self._log(found)

    def do_POST(self) -> None:
        parts = self._path().split("/")
        if parts[1] != "containers":
            super().do_POST()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.engine.stumbles:
            self._say(500, {"message": "the engine stumbles"})
        elif parts[2] == "create":
            self._create(json.loads(body))
        elif (found := self._found(parts[2])) is None:
            self._say(404, {"message": f"No such container: {parts[2]}"})
        elif parts[3] == "start":
            found.status = "running"
            self.engine.runs.work(found)
            self._nothing()
        else:
            found.end(137)
            self._nothing()

    def do_DELETE(self) -> None:
        parts = self._path().split("/")
        if parts[1] != "containers":
            super().do_DELETE()
        elif found := self.engine.runs.several.pop(unquote(parts[2]), None):
            found.removed = True
            self._nothing()
        else:
            self._say(404, {"message": "No such container"})

    def _listed(self) -> list[FakeContainer]:
        filters = json.loads(self._query("filters") or "{}")
        wanted, labels = filters.get("id"), filters.get("label", [])
        return [
            one
            for one in self.engine.runs.several.values()
            if (wanted is None or one.number in wanted)
            and {*labels} <= {f"{name}={value}" for name, value in one.config["Labels"].items()}
        ]

    def _found(self, number: str) -> FakeContainer | None:
        return self.engine.runs.several.get(number)

    def _create(self, config: dict[str, Any]) -> None:
        runs = self.engine.runs
        if runs.refuses:
            self._say(409, {"message": runs.refuses})
            return
        runs.made += 1
        number = f"{runs.made:064x}"
        runs.several[number] = FakeContainer(number, config)
        self._say(201, {"Id": number, "Warnings": []})

    def _log(self, found: FakeContainer) -> None:
        wants_out = self._query("stdout") in ("1", "true", "True")
        data, stream = (found.stdout, 1) if wants_out else (found.stderr, 2)
        if self._query("timestamps") in ("1", "true", "True"):
            data = b"".join(f"{_THEN} ".encode() + line for line in data.splitlines(keepends=True))
        frames = b"".join(struct.pack(">BxxxL", stream, len(line)) + line for line in data.splitlines(keepends=True))
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.docker.raw-stream")
        self.send_header("Content-Length", str(len(frames)))
        self.end_headers()
        self.wfile.write(frames)

    def _nothing(self) -> None:
        self.send_response(204)
        self.end_headers()
