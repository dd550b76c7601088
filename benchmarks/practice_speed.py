"""The practice XNAT: how soon it answers, and how many small reads a second it answers (goals 2 s and 200).

The server has one core to itself where the system can say so. Beside the rate stands the server's own processor time
for each read: on a busy machine the rate is that of the machine, the processor time is ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

import requests

STARTS = 5
READS = 400
ADMIN = ("admin", "admin")
SMALL = ("/xapi/siteConfig/siteId", "/data/auth", "/data/projects", "/xapi/users/admin/roles", "/xapi/anonymize/site")
_SERVE = (
    "import sys; from pathlib import Path; from bootstrap.practice.server import serve; "
    "sys.exit(serve(state=Path(sys.argv[1]), port=0))"
)


@dataclass(frozen=True)
class Served:
    url: str
    process: int
    ready_after: float  # seconds until its first answer
    worked_until_ready: float  # of which it used the processor


@contextmanager
def served(state: Path) -> Iterator[Served]:
    """A server in a process of its own."""
    began = monotonic()
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(state)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    _to_one_core(process.pid)
    url = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
    requests.get(url + "/xapi/siteConfig/buildInfo", timeout=60).raise_for_status()
    try:
        yield Served(url, process.pid, monotonic() - began, _worked(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for words, fresh in (("new state folder", True), ("old state folder", False)):
            starts = list(_starts(Path(folder), fresh=fresh))
            seconds, worked = (median(column) for column in zip(*starts, strict=True))
            print(f"first answer, {words}: median {seconds:.2f} s of {STARTS}, {worked:.2f} s of it processor time")
        with served(Path(folder) / "reads") as server:
            _read(server)


def _starts(folder: Path, *, fresh: bool) -> Iterator[tuple[float, float]]:
    for number in range(STARTS):
        with served(folder / (f"new-{number}" if fresh else "old")) as server:
            yield server.ready_after, server.worked_until_ready


def _read(server: Served) -> None:
    with requests.Session() as client:
        client.auth = ADMIN
        for path in (*SMALL, "/xapi/siteConfig"):
            print(f"GET {path}: {_rate(server, client, path)}, one client, one session")
    print(f"GET /data/auth: {_rate(server, requests, '/data/auth', auth=ADMIN)}, each with a sign-in of its own")


def _rate(server: Served, client: object, path: str, **more: object) -> str:
    get = client.get  # type: ignore[attr-defined]
    began, worked = monotonic(), _worked(server.process)
    for _ in range(READS):
        assert get(server.url + path, timeout=60, **more).status_code == 200
    rate, each = READS / (monotonic() - began), (_worked(server.process) - worked) / READS
    return f"{rate:.0f} a second, {each * 1000:.2f} ms of processor time each"


def _to_one_core(process: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process, {max(os.sched_getaffinity(0))})


def _worked(process: int) -> float:
    """Seconds of processor time; not a number where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
