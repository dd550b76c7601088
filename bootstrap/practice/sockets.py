"""What the servers of HTTP and of DICOM do with their sockets."""

from __future__ import annotations

import socket
from contextlib import suppress


def shut(sock: socket.socket) -> None:
    """Whoever reads from it sees then that it is closed; it may be so already."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
