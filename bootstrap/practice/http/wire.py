"""The socket: waitress, with the raw request line kept, and connections that can be cut."""

from __future__ import annotations

import io
import logging
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import WSGITask
from waitress.wasyncore import loop

from bootstrap.errors import LocalFileError
from bootstrap.practice.sockets import shut

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

CHUNKED = "practice.chunked"  # whether the body came in chunks; to the application it looks like any other
_THREADS = 8
_BACKLOG = 256
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # where a server that listens everywhere is asked from here
_MEMORY_PER_BODY = 8 * 1024 * 1024  # bytes of a request that are kept in memory, the rest goes to the spool folder
_READ_AT_ONCE = 256 * 1024
_LARGEST_BODY = 4 * 1024**3
_POLL_SECONDS = 1.0
_LONGEST_SILENCE = 20.0  # seconds in which a client must read something of its answer

logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class CutConnection(ClientDisconnected):  # type: ignore[misc]
    """Raised through the application: the connection is closed and nothing (more) is sent."""


class Wire:
    """Listens from the moment it is made; serves from `start()` on."""

    def __init__(self, application: Application, host: str, port: int, spool: Path) -> None:
        self._server = create_server(
            application,
            sockets=[_listening(host, port)],
            threads=_THREADS,
            ident=None,
            recv_bytes=_READ_AT_ONCE,
            inbuf_overflow=_MEMORY_PER_BODY,
            max_request_body_size=_LARGEST_BODY,
            clear_untrusted_proxy_headers=True,
            outbuf_overflow=_LARGEST_BODY,  # answers wait in memory, of which high_watermark is the bound
            outbuf_high_watermark=_MEMORY_PER_BODY,
        )
        self._server.channel_class = _channel_class(spool)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="practice-wire", daemon=True)
        shown = _ANYWHERE.get(host, f"[{host}]" if ":" in host else host)
        self.url = f"http://{shown}:{self._server.effective_port}"
        self.port = int(self._server.effective_port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            loop(timeout=_POLL_SECONDS, use_poll=True, map=self._server._map, count=1)


def _listening(host: str, port: int) -> socket.socket:
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise LocalFileError(
            f"starting the practice XNAT: {host} is no address of this machine ({error.strerror})",
            hint="choose another --host",
        ) from error
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise LocalFileError(
            f"starting the practice XNAT: cannot listen on {host}:{port} ({error.strerror or error})",
            hint="choose another --port (0: any that is free) or --host",
        ) from error


class _BoundedChannel(HTTPChannel):  # type: ignore[misc]
    def _flush_outbufs_below_high_watermark(self) -> None:
        """Waitress waits without a bound: for a client that does not read, and for a notice that has come already.

        A few of these, and no thread would be left to answer anybody.
        """
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            with self.outbuf_lock:
                self._flush_exception(self._flush_some, do_close=False)
                while self.connected and self.total_outbufs_len > self.adj.outbuf_high_watermark:
                    if not self._has_got_on():
                        return

    def _has_got_on(self) -> bool:
        """Whether the client has read some more; one that has not for long is cut."""
        left = self.total_outbufs_len
        self.server.pull_trigger()
        self.outbuf_lock.wait(_LONGEST_SILENCE)
        if not self.connected or self.total_outbufs_len < left:
            return True
        shut(self.socket)
        self.outbuf_lock.wait_for(lambda: not self.connected, _LONGEST_SILENCE)
        return False


def _channel_class(spool: Path) -> type[Any]:
    """Waitress would put what does not fit into memory into the system's folder; here it goes to the spool folder."""

    class Parser(HTTPRequestParser):  # type: ignore[misc]
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.body_rcv is not None:
                self.body_rcv.buf = _Spooled(spool)

    class Task(WSGITask):  # type: ignore[misc]
        def get_environment(self) -> Environ:
            environ: Environ = super().get_environment()
            environ[CHUNKED] = self.request.chunked
            return environ

    class Channel(_BoundedChannel):
        parser_class = Parser
        task_class = Task

        def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            super().__init__(server, sock, addr, adj, map)

    return Channel


class _Spooled:
    """The buffer that waitress's receivers fill and its tasks read."""

    def __init__(self, spool: Path) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_MEMORY_PER_BODY, dir=str(spool))  # noqa: SIM115
        self._length = 0

    def append(self, data: bytes) -> None:
        self._file.seek(0, io.SEEK_END)
        self._file.write(data)
        self._length += len(data)

    def getfile(self) -> Any:
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._length
