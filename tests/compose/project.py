"""A copy of what docker-compose.yml needs, in a folder of its own, and `docker compose` in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.docker_engine import do_without

ROOT = Path(__file__).parents[2]
SECONDS = 300
_KEPT = ("PATH", "HOME", "DOCKER_CONFIG", "DOCKER_HOST")


@dataclass
class Project:
    folder: Path
    name: str = "xnat"
    files: Sequence[str] = ("docker-compose.yml",)
    variables: Mapping[str, str] = field(default_factory=dict)  # they stand in its .env

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        lines = [f"{name}='{value}'" for name, value in self.variables.items()]
        (self.folder / ".env").write_text("\n".join(lines), encoding="utf-8")
        files = [word for file in self.files for word in ("--file", file)]
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.name, *files, *words],
            cwd=self.folder,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"docker compose {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done

    def config(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run("config", "--format", "json").stdout)
        return told


def copied(folder: Path) -> Path:
    """What the compose file names, without what a person may have put beside it."""
    shutil.copyfile(ROOT / "docker-compose.yml", folder / "docker-compose.yml")
    shutil.copytree(ROOT / "compose", folder / "compose")
    ignored = shutil.ignore_patterns("*.war")
    shutil.copytree(ROOT / "images" / "xnat-web", folder / "images" / "xnat-web", ignore=ignored)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def compose_plugin() -> str:
    """The version of `docker compose`: skipped, with the reason, where there is none; in a pipeline an error."""
    try:
        done = subprocess.run(
            ["docker", "compose", "version", "--short"], capture_output=True, text=True, timeout=60, check=False
        )
    except OSError as error:
        do_without(f"there is no program docker: {error}")
    if done.returncode:
        do_without("docker has no plugin `compose` (Debian: docker-compose of trixie; .ci/run installs it)")
    return done.stdout.strip()
