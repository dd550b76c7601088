"""The practice XNAT in the foreground: a line when it is ready, SIGHUP restarts it, SIGTERM and Ctrl-C end it."""

from __future__ import annotations

import ipaddress
import queue
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bootstrap.practice.clock import REAL, Clock
from bootstrap.practice.faults import Fault
from bootstrap.practice.instance import PracticeServer

DEFAULT_PORT = 8080
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


def serve(
    *,
    state: Path,
    port: int = DEFAULT_PORT,
    host: str = "127.0.0.1",
    initialized: bool = True,
    dicom_port: int | None = None,
    faults: Iterable[Fault | str] = (),
    clock: Clock = REAL,
    ready: Callable[[str], None] = print,
    warn: Callable[[str], None] = _to_stderr,
) -> int:
    """Serve until a signal ends it; the exit code. Must run in the main thread, where signals arrive."""
    server = PracticeServer(
        state, host=host, port=port, initialized=initialized, faults=faults, clock=clock, dicom_port=dicom_port
    )
    if not _is_loopback(host):
        warn(
            f"warning: the practice XNAT listens on {host}, where others reach it. It is for practice only: "
            "its first password is known and its data are not protected."
        )
    with _signals() as arrived, server:
        ready(_said_when_ready(server))
        while arrived.get() == signal.SIGHUP:
            server.restart()
            ready(_said_when_ready(server))
    return 0


def _said_when_ready(server: PracticeServer) -> str:
    server.ready.wait()
    how = "is ready" if server.site else "does not start (see the log): every URL answers 404,"
    dicom = f", DICOM on port {server.dicom_port}" if server.site and server.dicom_port is not None else ""
    return f"the practice XNAT {how} at {server.url} (admin/admin, state in {server.folder.root}){dicom}"


@contextmanager
def _signals() -> Iterator[queue.SimpleQueue[int]]:
    arrived: queue.SimpleQueue[int] = queue.SimpleQueue()

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.put(number)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
