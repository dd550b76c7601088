"""Waiting for what a server does by itself, with a bound, and a word about what was last seen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

from bootstrap.practice.server import PracticeServer
from tests.chain.clone import PASSWORD

T = TypeVar("T")
SECONDS = 120.0
_PAUSE = 0.1


@dataclass(frozen=True)
class Watch:
    server: PracticeServer

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        return requests.request(method, self.server.url + path, auth=("admin", PASSWORD), timeout=20, **more)

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path, params={"format": "json"})
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()

    def rows(self, path: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.get(path)["ResultSet"]["Result"]
        return found

    def until(self, what: str, look: Callable[[], T], *, enough: Callable[[T], bool] = bool) -> T:
        give_up = time.monotonic() + SECONDS
        while not enough(seen := look()):
            assert time.monotonic() < give_up, f"{what}: not within {SECONDS:.0f} s; last seen: {seen}\n{self._state()}"
            time.sleep(_PAUSE)
        return seen

    def _state(self) -> str:
        containers = [
            {key: one.get(key) for key in ("id", "status", "docker-image", "status-time")} for one in self.containers()
        ]
        return json.dumps({"prearchive": self.rows("/data/prearchive/projects"), "containers": containers}, indent=1)

    # What there is

    def archived(self, project: str) -> list[str]:
        return [row["label"] for row in self.rows(f"/data/projects/{project}/experiments")]

    def containers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/xapi/containers")
        return found

    def complete(self) -> list[dict[str, Any]]:
        return [one for one in self.containers() if one["status"] == "Complete"]

    def resources(self, project: str, session: str, scan: str) -> dict[str, list[str]]:
        """The names of the files by their resource."""
        place = f"/data/projects/{project}/subjects/S/experiments/{session}/scans/{scan}/resources"
        labels = [row["label"] for row in self.rows(place)]
        return {label: [row["Name"] for row in self.rows(f"{place}/{label}/files")] for label in labels}

    def events(self, project: str) -> list[dict[str, Any]]:
        """What the event service delivered for a project."""
        asked = {"page": 1, "size": 100, "sort_col": "id", "sort_dir": "asc"}
        answer = self.ask("POST", f"/xapi/projects/{project}/events/delivered", json=asked)
        found: list[dict[str, Any]] = answer.json()
        return found

    def stored(self, project: str) -> list[Path]:
        """The DICOM files in the archive of a project."""
        return sorted((self.server.folder.root / "data" / "archive" / project).rglob("*.dcm"))
