"""The session of one run: its cookies, shared by all threads, and when they were last thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

# A clock for XNAT's own pages: it comes anew with every answer and means nothing to the server.
_IGNORED = frozenset({"SESSION_EXPIRATION_TIME"})


class Cookies:
    """`Secure` is not looked at: XNAT sets it behind a TLS proxy even where we speak to it directly, and a cookie
    held back would make a new session with every request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, str] = {}
        self._era = 0

    def header(self) -> tuple[str, int]:
        """The header's value, and the era it belongs to."""
        with self._lock:
            return "; ".join(f"{name}={value}" for name, value in self._values.items()), self._era

    def take(self, given: Mapping[str, str], era: int) -> None:
        """An answer that was asked for in an older era must not bring the old session back."""
        with self._lock:
            if era != self._era:
                return
            for name, value in given.items():
                if value and name not in _IGNORED:
                    self._values[name] = value
                else:
                    self._values.pop(name, None)

    def forget(self, era: int | None = None) -> None:
        with self._lock:
            if era is None or era == self._era:
                self._values.clear()
                self._era += 1
