"""The small site that everybody configures: first and second apply, requests, writes and seconds.

Four settings, the site's script, one command that is on for the site and in one project, one subscription. Goals: 60
requests at most the first time, read-back included; 20 the second time, no write, and less than a second.
"""

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

FIRST, SECOND = 60, 20  # requests
SITE = """\
server: {username: admin, password: !env [XNAT_PASSWORD, practice-me], first_password: admin}
site: {siteId: SMALL, siteUrl: "http://localhost", adminEmail: xnat@example.org, sessionTimeout: 30 minutes}
anonymization: {script: "version \\"6.6\\"\\n(0010,0010) := subject"}
commands:
  convert:
    document:
      version: "1"
      image: example/convert:1
      command-line: "convert /input /output"
      xnat:
        - name: convert-scan
          contexts: ["xnat:imageScanData"]
          external-inputs: [{name: scan, type: Scan}]
    enabled: true
event_service: {enabled: true}
subscriptions: [{name: convert, event: scan.created, projects: [BRAIN], action: {command: convert-scan}, active: true}]
projects: [{id: BRAIN, commands: {convert-scan: {enabled: true}}}]
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site.yaml").write_text(SITE, encoding="utf-8")
        with PracticeServer(folder / "state", initialized=False, clock=FAST) as server:
            for which, goal in (("first apply", FIRST), ("second apply", SECOND)):
                began = monotonic()
                report = jobs.apply(Job(folder, Asked(url=server.url)), Tools(environ={}), Talk())
                _print(which, report, monotonic() - began, goal)


def _print(which: str, report: Report, seconds: float, goal: int) -> None:
    counts = report.counts
    print(
        f"{which}: exit {report.exit_code}, {counts.requests} requests (goal: {goal}), {counts.writes} writes, "
        f"{seconds:.2f} s"
    )


if __name__ == "__main__":
    main()
