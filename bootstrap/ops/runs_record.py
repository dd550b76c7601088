"""One run: what a container, or a launch that never became one, says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
FAILED, ENDED = ("Failed", "Killed"), ("Complete", "Failed", "Killed")
_GOOD_EXITS = ("", "0")
_STEPS = {"docker-setup": " (setup)", "docker-wrapup": " (wrap-up)"}


@dataclass(frozen=True)
class Run:
    id: str  # the container's; empty where none came about
    project: str
    experiment: str  # the accession number; empty for what is launched on something else
    scan: str
    wrapper: str  # COMMAND/WRAPPER
    status: str
    started: datetime | None
    seconds: float | None
    why: str = ""  # it failed
    user: str = ""
    session: str = ""  # its label
    subscription: str = ""  # that launched it, where only that is known
    workflow: str = ""

    @property
    def failed(self) -> bool:
        return self.status.startswith(FAILED)

    @property
    def ended(self) -> bool:
        return self.status.startswith(ENDED)

    def named(self, labels: Mapping[str, str]) -> Run:
        return replace(self, session=labels.get(self.experiment, self.experiment))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id or None,
            "project": self.project,
            "session": self.session,
            "experiment": self.experiment,
            "scan": self.scan or None,
            "wrapper": self.wrapper,
            "status": self.status,
            "started": self.started.isoformat() if self.started else None,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "why": self.why or None,
            "user": self.user,
            "subscription": self.subscription or None,
            "workflow": self.workflow or None,
        }


def moment(text: object) -> datetime | None:
    """A time as XNAT writes it, or as its event service does (`2026-11-21 10:11:09 UTC`); None for what is none."""
    try:
        found = datetime.fromisoformat(str(text).removesuffix(" UTC"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def place_of(uri: str) -> tuple[str, str]:
    """The experiment and the scan in an address of the archive; empty where it has none."""
    experiment = re.search(r"/experiments/([^/]+)", uri)
    scan = re.search(r"/scans/([^/]+)", uri)
    return (experiment[1] if experiment else ""), (scan[1] if scan else "")


def root_of(row: Row) -> str:
    """The address of what a container was launched on; empty where it is not told."""
    values = (str(one.get("value", "")) for one in row.get("inputs") or () if one.get("type") == "wrapper-external")
    return next((value for value in values if value.startswith("/")), "")


def run_of(row: Row, wrapper: str, now: datetime) -> Run:
    experiment, scan = place_of(root_of(row))
    status, steps = str(row.get("status") or ""), list(row.get("history") or ())
    started = started_at(row)
    ended = moment(row.get("status-time")) if status.startswith(ENDED) else now
    return Run(
        id=str(row["id"]),
        project=str(row.get("project") or ""),
        experiment=experiment,
        scan=scan,
        wrapper=wrapper + _STEPS.get(str(row.get("subtype")), ""),
        status=status,
        started=started,
        seconds=max((ended - started).total_seconds(), 0.0) if started and ended else None,
        why=" ".join(_reasons(steps)) if status.startswith(FAILED) else "",
        user=str(row.get("user-id") or ""),
        session=experiment,
        workflow=str(row.get("workflow-id") or ""),
    )


def started_at(row: Row) -> datetime | None:
    """When it was made; of one that tells us no history, when it was changed last."""
    times = (moment(step.get("time-recorded")) for step in row.get("history") or ())
    return min((time for time in times if time), default=moment(row.get("status-time")))


def _reasons(steps: list[Row]) -> Iterator[str]:
    """How it ended, and what XNAT said of it last."""
    exits = [str(step["exitCode"]) for step in steps if str(step.get("exitCode") or "") not in _GOOD_EXITS]
    if exits:
        yield f"exit code {exits[-1]}."
    said = [str(step["message"]) for step in steps if step.get("message")]
    if said:
        yield said[-1]
