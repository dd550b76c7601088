"""The folder that XNAT keeps its own files in (plugins/, config/, logs/), wherever it is, and how XNAT is restarted.

Paths are relative to that folder and written with `/`. Four forms: a folder of this machine (`home_path`), a container
of a Docker engine or a compose service (`home_container`), and a workload of Kubernetes (`home_kubernetes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from bootstrap.errors import HomeUnreachable

PLUGINS = "plugins"
AUTH = "config/auth"
DEFAULT_FOLDER = "/data/xnat/home"
PART = ".part"  # ends the name of a file that is still being written: XNAT takes no notice of it
LOG_LINES = 40


@dataclass(frozen=True, order=True)
class HomeFile:
    path: str
    size: int
    modified: float  # seconds since 1970

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


class Home(Protocol):
    @property
    def name(self) -> str:
        """Which one it is, for a person: "the container xnat-web"."""

    @property
    def stamp(self) -> str:
        """When this run began: names the folder that takes what it replaces."""

    def files(self, folder: str) -> list[HomeFile] | None:
        """The files at the top of a folder, by name; None where there is no such folder."""

    def folders(self) -> list[str]:
        """The names of the folders at the top."""

    def digests(self, folder: str) -> Mapping[str, str]:
        """The SHA-256 of each jar at the top of a folder, by its path."""

    def fetch(self, path: str, to: Path) -> None: ...

    def put(self, source: Path, path: str, *, private: bool = False) -> None:
        """Written under another name and renamed into place. `private`: for XNAT's account alone."""

    def move(self, path: str, to: str) -> None:
        """Makes the folders that it takes; what lies at `to` is never written over."""

    def lost_by_restart(self, folder: str) -> str:
        """Why what is put there does not survive a restart; empty where it does."""

    def cannot_restart(self) -> str:
        """Why this tool cannot restart XNAT; empty where it can."""

    def restart(self) -> None: ...

    def logs(self) -> str:
        """The last lines of what XNAT or its Tomcat wrote; empty where nothing can be told."""


def stamp_now() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def moment_of(stamp: str) -> float | None:
    """When a stamp was made; None for what is none."""
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


class NoHome:
    """Stands where the site file names no home: whatever is asked of it cannot be told."""

    name = "no home"
    _HINT = (
        "write `server: {home: ...}` (a path, container, compose service or Kubernetes workload), or put the files "
        "there yourself: `plugins fetch SITE --to DIR` downloads and proves them; then restart XNAT"
    )

    def __init__(self) -> None:
        self.stamp = stamp_now()

    def files(self, folder: str) -> list[HomeFile] | None:
        raise self._unknown(f"looking into {folder}/ of XNAT's home")

    def folders(self) -> list[str]:
        raise self._unknown("looking into XNAT's home")

    def digests(self, folder: str) -> Mapping[str, str]:
        raise self._unknown(f"looking into {folder}/ of XNAT's home")

    def fetch(self, path: str, to: Path) -> None:
        raise self._unknown(f"reading {path} of XNAT's home")

    def put(self, source: Path, path: str, *, private: bool = False) -> None:
        raise self._unknown(f"putting {path} into XNAT's home")

    def move(self, path: str, to: str) -> None:
        raise self._unknown(f"moving {path} in XNAT's home")

    def lost_by_restart(self, folder: str) -> str:
        return ""

    def cannot_restart(self) -> str:
        return "the site file does not say where XNAT's home is"

    def restart(self) -> None:
        raise self._unknown("restarting XNAT")

    def logs(self) -> str:
        return ""

    def _unknown(self, doing: str) -> HomeUnreachable:
        return HomeUnreachable(f"{doing}: the site file does not say where it is", hint=self._HINT)


def last_lines(text: str, count: int = LOG_LINES) -> str:
    return "\n".join(text.splitlines()[-count:])
