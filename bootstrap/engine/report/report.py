"""The report of plan, apply, drift and validate: one value, whatever the format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bootstrap.engine.outcome import Done
from bootstrap.engine.plan import Change, Plan
from bootstrap.engine.report.shown import plain
from bootstrap.values import Problem

FORMAT, VERSION = "xnat-bootstrap/report", 1


@dataclass(frozen=True)
class Line:
    """One change as it is reported: what it is, and in an apply what became of it."""

    change: Change
    outcome: str | None = None
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        change = self.change
        return {
            "kind": change.kind,
            "name": change.name,
            "action": change.action,
            "outcome": self.outcome,
            "fields": [plain(field.as_json()) for field in change.shown],
            "needs": list(change.needs),
            "notes": list(change.notes),
            "source": str(change.source) if change.source else None,
            "error": self.error,
            "deferred": change.deferred,
        }


@dataclass(frozen=True)
class Counts:
    requests: int = 0
    reads: int = 0
    writes: int = 0
    seconds: float = 0.0
    in_home: int = 0  # changes that were made among the files of XNAT's home, which no request tells of


@dataclass(frozen=True)
class Report:
    verb: str
    exit_code: int
    server_url: str | None = None
    server_version: str | None = None
    practice: bool = False
    lines: Sequence[Line] = ()
    problems: Sequence[Problem] = ()
    counts: Counts = Counts()
    deferred: int = 0
    accepted: int = 0
    undo: str | None = None  # the file that puts the before-images back
    undo_command: str = ""  # the same, as a person types it: with the options that name the server
    apply_command: str = ""  # what does what a plan says
    after_restart: Sequence[str] = ()  # what takes effect after the next restart only
    talk: Sequence[str] = field(default_factory=tuple)  # sentences for people: "never applied by owner `x`"

    def changes(self) -> list[Line]:
        return [line for line in self.lines if line.change.action != "none"]

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "verb": self.verb,
            "exit": self.exit_code,
            "server": self._server(),
            "summary": self._summary(),
            "changes": [line.as_json() for line in self.lines],
            "problems": [problem.as_json() for problem in self.problems],
            "undo": self.undo,
            "after_restart": list(self.after_restart),
            "talk": list(self.talk),
        }

    def _server(self) -> dict[str, Any] | None:
        if self.server_url is None:
            return None
        return {"url": self.server_url, "version": self.server_version, "practice": self.practice}

    def _summary(self) -> dict[str, Any]:
        return {
            "changes": sum(line.change.counts for line in self.lines),
            "done": self.count("done"),
            "failed": self.count("failed"),
            "skipped": self.count("skipped"),
            "unknown": self.count("unknown"),
            "deferred": self.deferred,
            "accepted": self.accepted,
            "requests": self.counts.requests,
            "reads": self.counts.reads,
            "writes": self.counts.writes,
            "seconds": round(self.counts.seconds, 2),
        }


def lines_of_plan(plan: Plan, include_none: bool) -> list[Line]:
    return [Line(change) for change in plan.changes if include_none or change.action != "none"]


def lines_of_outcomes(items: Sequence[Done]) -> list[Line]:
    return [Line(item.change, item.outcome, item.error) for item in items]
