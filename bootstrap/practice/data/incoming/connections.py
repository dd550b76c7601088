"""The DICOM connections that are open: none of them stays silent for ever, and none outlives the listener.

pynetdicom reads from a connection that it has accepted without any bound, in a thread that a process waits for at its
end. A sender that stops in the middle of a message would keep the server from ending.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from pynetdicom import evt

from bootstrap.practice.sockets import shut

_LONGEST_SILENCE = 60.0  # seconds, in the middle of a message
_PATIENCE = 10.0  # seconds in which all must have ended once they are cut
_PAUSE = 0.01


class Connections:
    def __init__(self) -> None:
        self._open: dict[int, Any] = {}
        self._lock = threading.Lock()

    def opened(self, event: evt.Event) -> None:
        if (sock := _socket(event.assoc)) is not None:
            sock.settimeout(_LONGEST_SILENCE)
        with self._lock:
            self._open[id(event.assoc)] = event.assoc

    def closed(self, event: evt.Event) -> None:
        with self._lock:
            self._open.pop(id(event.assoc), None)

    def cut(self) -> None:
        """All that are left; back when their threads have ended."""
        with self._lock:
            several = list(self._open.values())
        for association in several:
            if (sock := _socket(association)) is not None:
                shut(sock)
        give_up = time.monotonic() + _PATIENCE
        for association in several:
            _end(association.dul, give_up)
            if association is not threading.current_thread() and association.is_alive():
                association.join(max(give_up - time.monotonic(), 0.0))


def _socket(association: Any) -> socket.socket | None:
    found: socket.socket | None = getattr(association.dul.socket, "socket", None)
    return found


def _end(provider: Any, give_up: float) -> None:
    """The thread that reads, as soon as it has seen that nothing is there to read from."""
    pause = threading.Event()
    while provider.is_alive() and not provider.stop_dul() and time.monotonic() < give_up:
        pause.wait(_PAUSE)
