"""Who holds a state folder: one server at a time, which others can find by it."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import IO

from bootstrap.errors import LocalFileError

_NAME = "server.json"


class Holder:
    """The lock of a state folder. It goes with the process, however that ends."""

    def __init__(self, state: Path) -> None:
        self._path = state / _NAME
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise LocalFileError(
                f"writing {self._path}: {error.strerror or error}",
                hint="make the practice state folder writable, or choose another with --state",
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            said = _read(self._file)
            self._file.close()
            raise LocalFileError(
                f"starting the practice XNAT in {state}: another one runs there, "
                f"at {said.get('url', '?')} (process {said.get('pid', '?')})",
                hint="use that one, stop it, or choose another folder with --state",
            ) from error

    def announce(self, url: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        json.dump({"url": url, "pid": os.getpid()}, self._file)
        self._file.flush()

    def release(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.close()


def find_running(state: Path) -> str | None:
    """The address of the server that holds a state folder; None if none does, whatever an old file says."""
    try:
        with (state / _NAME).open(encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                url = _read(file).get("url")
                return str(url) if url else None
    except OSError:
        return None
    return None


def _read(file: IO[str]) -> dict[str, object]:
    file.seek(0)
    try:
        found = json.load(file)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
