"""A site with commands for the live tests, and a look at what the server has of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bootstrap.engine.report.report import Report
from tests.live.conftest import Admin, Bench

HEAD = """\
server: {username: admin, password: !env [XNAT_PASSWORD, admin], first_password: admin}
site: {siteId: LIVE, siteUrl: "http://localhost:8080", adminEmail: xnat@example.org}
"""
COMMANDS = """\
commands:
  greet:
    document:
      version: "1"
      image: busy:1
      command-line: "echo #words# #id#"
      inputs:
        - {name: words, default-value: hello}
        - {name: id, default-value: nobody}
      xnat:
        - name: say
          contexts: ["xnat:mrSessionData"]
          external-inputs: [{name: session, type: Session}]
          derived-inputs:
            - {name: label, type: string, derived-from-wrapper-input: session, derived-from-xnat-object-property: label,
               provides-value-for-command-input: id}
        - name: shout
          contexts: ["xnat:mrSessionData", "xnat:ctSessionData"]
          external-inputs: [{name: session, type: Session}]
    enabled: true
    defaults: {words: hi}
"""
PROJECTS = """\
projects:
  - id: BRAIN
    commands:
      say: {enabled: true, defaults: {words: {value: hey, advanced: true}}}
      shout: {enabled: true}
    orchestration: both
  - id: HEART
orchestrations: [{name: both, wrappers: [say, shout]}]
"""
SITE = HEAD + COMMANDS + PROJECTS


def outcomes(report: Report) -> dict[str, str | None]:
    return {line.change.ref: line.outcome for line in report.lines}


def actions(report: Report) -> dict[str, str]:
    return {line.change.ref: line.change.action for line in report.lines}


def notes(report: Report, ref: str) -> str:
    return "\n".join(note for line in report.lines if line.change.ref == ref for note in line.change.notes)


def errors(report: Report) -> list[str]:
    return [problem.rule for problem in report.problems if problem.severity == "error"]


def done(report: Report) -> Report:
    assert report.exit_code == 0, (report.problems, [line.error for line in report.lines if line.error])
    return report


def settled(bench: Bench) -> None:
    """The next run finds nothing to do."""
    again = bench.apply()
    assert (again.exit_code, again.counts.writes, actions(again)) == (0, 0, {})


@dataclass
class Look:
    """What somebody sees who looks at the server."""

    admin: Admin

    @staticmethod
    def at(bench: Bench) -> Look:
        return Look(bench.admin("admin"))

    def commands(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin._send("GET", "/xapi/commands").json()
        return found

    def command(self, name: str = "greet") -> dict[str, Any]:
        return next(one for one in self.commands() if one["name"] == name)

    def ids(self, name: str = "greet") -> dict[str, int]:
        command = self.command(name)
        return {"": command["id"], **{wrapper["name"]: wrapper["id"] for wrapper in command["xnat"]}}

    def stored(self, wrapper: int, project: str = "") -> list[dict[str, Any]]:
        """Every version of what a scope has stored for a wrapper, the oldest first."""
        where = f"/data/projects/{project}" if project else "/data"
        path = f"{where}/config/container-service/wrapper-{wrapper}?action=getHistory"
        rows = self.admin._send("GET", path).json()["ResultSet"]["Result"]
        return [json.loads(row["contents"]) for row in sorted(rows, key=lambda row: int(row["version"]))]

    def on(self, wrapper: int, project: str = "") -> bool:
        return bool(self.stored(wrapper, project)[-1]["enabled"])

    def orchestrations(self) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in self.admin._send("GET", "/xapi/orchestration").json()}

    def chosen(self, project: str) -> int | None:
        found: int | None = self.admin._send("GET", f"/xapi/orchestration/project/{project}").json()[
            "selectedOrchestrationId"
        ]
        return found

    def write(self, method: str, path: str, **more: Any) -> Any:
        return self.admin._send(method, path, **more)


def written(bench: Bench, since: int) -> Iterator[str]:
    """What changed something on the server, ledger, lock and session apart."""
    for seen in list(bench.server.requests)[since:]:
        path = seen.path.partition("?")[0]
        ours = "xnat-bootstrap" in path or path.startswith("/data/JSESSION")
        if seen.method not in ("GET", "HEAD") and not ours:
            yield f"{seen.method} {path}"
