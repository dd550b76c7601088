"""First and no-op apply of a small site against the floor: requests x latency / 4."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import monotonic

from bootstrap.engine.report.report import Report
from bootstrap.engine.run import Talk
from bootstrap.ops import jobs
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Asked, Tools
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer

LATENCIES = (0.0, 0.02)
PARALLEL = 4
SITE = """\
server: {username: admin, password: !env [XNAT_PASSWORD, practice-me], first_password: admin}
site: {siteId: BENCH, siteUrl: http://localhost, adminEmail: xnat@example.org, sessionTimeout: 30 minutes}
notifications: {emailPrefix: BENCH}
anonymization: {script: "version \\"6.6\\"\\n(0010,0010) := subject"}
"""


def main() -> None:
    for latency in LATENCIES:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), latency)


def _measure(folder: Path, latency: float) -> None:
    (folder / "site.yaml").write_text(SITE, encoding="utf-8")
    faults = [f"latency={latency} times=*"] if latency else []
    with PracticeServer(folder / "state", initialized=False, faults=faults, clock=FAST) as server:
        for name in ("first apply", "no-op apply"):
            began = monotonic()
            report = jobs.apply(Job(folder, Asked(url=server.url)), Tools(environ={}), Talk())
            _print(name, report, monotonic() - began, latency)


def _print(name: str, report: Report, seconds: float, latency: float) -> None:
    floor = report.counts.requests * latency / PARALLEL
    ratio = f", {seconds / floor:.1f} x the floor of {floor:.2f} s" if floor else ""
    print(
        f"{name} at {latency * 1000:.0f} ms latency: exit {report.exit_code}, {report.counts.requests} requests, "
        f"{report.counts.writes} writes, {seconds:.2f} s{ratio} (the lock's two seconds included)"
    )
