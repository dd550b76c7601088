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

from bootstrap.errors import LocalFileError
from bootstrap.practice.admin import accounts, passwords, preferences
from bootstrap.practice.clock import REAL, Clock
from bootstrap.practice.faults import Fault
from bootstrap.practice.instance import PracticeServer
from bootstrap.practice.site import Site

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
    is_new = not server.folder.database.exists()
    with _signals() as arrived, server:
        if not _is_loopback(host):
            warn(
                f"warning: the practice XNAT listens on {host}, where others reach it. It is for practice only: "
                "its first password is known and its data are not protected."
            )
        if not (initialized or is_new):
            _refuse_what_is_set_up(server)
        ready(_said_when_ready(server, is_new))
        while arrived.get() == signal.SIGHUP:
            server.restart()
            ready(_said_when_ready(server))
    return 0


def _said_when_ready(server: PracticeServer, is_new: bool = False) -> str:
    server.ready.wait()
    how = "is ready" if server.site else "does not start (stderr says why): every URL answers 404,"
    state = f"{'new state' if is_new else 'state'} in {server.folder.root}"
    about = f"{_account(server.site)}, {_set_up(server.site)}, {state}" if server.site else state
    dicom = f", DICOM on port {server.dicom_port}" if server.site and server.dicom_port is not None else ""
    return f"the practice XNAT {how} at {server.url} ({about}){dicom}"


def _account(site: Site) -> str:
    """Who can sign in, as far as it is known: a password that was changed is not."""
    admin = accounts.find(site, "admin")
    if admin is None:
        return "no account `admin`"
    first = site.ini.first_password()
    if passwords.fits(first, str(admin["password"])):
        return f"admin/{first}"
    return "admin, with the password that it was given"


def _set_up(site: Site) -> str:
    return "set up" if preferences.boolean(site, "initialized") else "not set up yet"


def _refuse_what_is_set_up(server: PracticeServer) -> None:
    """An old state is not made new by an option, and must not look as if it had been."""
    server.ready.wait()
    if server.site and preferences.boolean(server.site, "initialized"):
        raise LocalFileError(
            f"starting an XNAT that nobody has set up in {server.folder.root}: the state in it is of one that is set "
            f"up ({_account(server.site)})",
            hint="give another folder with --state, or remove this one, or leave --uninitialised out",
        )


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
