"""The practice XNAT: how soon it answers, and how many small reads a second it answers (goals 2 s and 200)."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def served(state: Path) -> Iterator[tuple[str, float]]:
    """The address of a server in a process of its own, and the seconds until its first answer."""
    began = monotonic()
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(state)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    url = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
    requests.get(url + "/xapi/siteConfig/buildInfo", timeout=60).raise_for_status()
    try:
        yield url, monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for words, fresh in (("new state folder", True), ("old state folder", False)):
            print(f"first answer, {words}: median {median(_starts(Path(folder), fresh=fresh)):.2f} s of {STARTS}")
        with served(Path(folder) / "reads") as (url, _):
            _read(url)


def _starts(folder: Path, *, fresh: bool) -> Iterator[float]:
    for number in range(STARTS):
        with served(folder / (f"new-{number}" if fresh else "old")) as (_, seconds):
            yield seconds


def _read(url: str) -> None:
    with requests.Session() as client:
        client.auth = ADMIN
        for path in (*SMALL, "/xapi/siteConfig"):
            print(f"GET {path}: {_rate(client, url + path):.0f} a second, one client, one session")
    rate = _rate(requests, url + "/data/auth", auth=ADMIN)
    print(f"GET /data/auth: {rate:.0f} a second, each with a sign-in of its own")


def _rate(client: object, url: str, **more: object) -> float:
    get = client.get  # type: ignore[attr-defined]
    began = monotonic()
    for _ in range(READS):
        assert get(url, timeout=60, **more).status_code == 200
    return READS / (monotonic() - began)
