"""`runs`: what ran on the server and why it failed; `runs logs`: what a container wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bootstrap.errors import NotFound, UsageError
from bootstrap.ops.console import Console
from bootstrap.ops.runs_launches import PAGE, PAGES, Launches, lost_launches
from bootstrap.ops.runs_reading import Wanted, containers, runs_of, with_labels
from bootstrap.ops.runs_record import Run
from bootstrap.ops.runs_shown import as_line, shown
from bootstrap.ops.session import Asked, Tools, load, opened, target_of
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import segment

FOLLOW_SECONDS = 5.0
STREAMS = ("stdout", "stderr")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Found:
    runs: list[Run]
    launches: Launches = field(default_factory=Launches)
    more: bool = False

    @property
    def notes(self) -> Iterator[str]:
        if self.more:
            yield "older ones are not shown: `--since` and `--limit` say how many"
        if self.launches.not_looked_up:
            yield f"{self.launches.not_looked_up} more launches have no container, and were not looked up"
        if self.launches.unexplained:
            told = "and nothing tells what became of them: their sessions may be gone"
            yield f"{self.launches.unexplained} launches have no container, {told}"
        if self.launches.history_cut:
            yield f"launches without a container were looked for in the newest {PAGE * PAGES} events only"
        if self.launches.unread:
            yield f"launches that never became a container are not shown: {self.launches.unread}"


def since_of(text: str | None, now: datetime) -> datetime | None:
    """A time before now (`30m`, `2h`, `7d`, `1w`), or a day or time as in 2026-11-21T10:00."""
    if text is None:
        return None
    if ago := re.fullmatch(r"(\d{1,5})([mhdw])", text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        hint = "write `30m`, `2h`, `7d`, `1w`, or a day or a time, such as 2026-11-21 or 2026-11-21T10:00"
        raise UsageError(f"--since: {text!r} is no time", hint=hint) from None


def list_runs(place: Path, asked: Asked, tools: Tools, console: Console, wanted: Wanted, follow: bool) -> int:
    target = target_of(asked, tools, load(place, asked, tools))
    with opened(target, tools) as xnat:
        if follow:
            _follow(xnat, wanted, tools, console)
            return 0
        found = read(xnat, wanted)
    for note in found.notes:
        console.tell(note)
    console.data(shown(found.runs, list(found.notes), found.launches.not_looked_up, console.format))
    return 0


def read(xnat: Connection, wanted: Wanted) -> Found:
    """The newest first."""
    looked = containers(xnat, wanted)
    launches = lost_launches(xnat, wanted.project, looked.oldest, looked.rows)
    runs = [run for run in [*runs_of(xnat, looked.rows), *launches.runs] if wanted.takes(run)]
    runs.sort(key=lambda run: run.started or datetime.min.replace(tzinfo=UTC), reverse=True)
    return Found(list(_clean(with_labels(xnat, runs), xnat.client.redactor)), launches, looked.more)


def _clean(runs: Iterable[Run], redactor: Redactor) -> Iterator[Run]:
    yield from (replace(run, why=redactor.clean(run.why)) for run in runs)


def _follow(xnat: Connection, wanted: Wanted, tools: Tools, console: Console) -> None:
    """Each run as it comes and as it changes, until Ctrl-C; the oldest first, so that the newest stands last."""
    seen: dict[tuple[str, ...], str] = {}
    try:
        while True:
            for run in reversed(read(xnat, wanted).runs):
                name = (run.id,) if run.id else ("", run.workflow, run.experiment, run.scan, str(run.started))
                if seen.get(name) != run.status:
                    seen[name] = run.status
                    console.data(json.dumps(run.as_json()) if console.format == "json" else as_line(run))
            tools.pause(FOLLOW_SECONDS)
            xnat.new_round()
    except KeyboardInterrupt:
        console.tell("no longer followed")


def show_logs(number: str, place: Path, asked: Asked, tools: Tools, console: Console, stream: str | None) -> int:
    target = target_of(asked, tools, load(place, asked, tools))
    with opened(target, tools) as xnat:
        texts = {one: log_of(xnat, number, one) for one in ([stream] if stream else STREAMS)}
    console.json_or({"id": number, **texts}, _both(texts))
    return 0


def log_of(xnat: Connection, number: str, stream: str) -> str:
    doing = f"reading the {stream} of container {number}"
    try:
        text = xnat.client.read_text(f"/xapi/containers/{segment(number)}/logs/{stream}", doing=doing)
    except NotFound as error:
        hint = "`xnat-bootstrap runs` lists them; what never became a container has no log"
        raise NotFound("there is no such container", doing=doing, status=error.status, hint=hint) from error
    return xnat.client.redactor.clean(text or "")


def _both(texts: dict[str, str]) -> str:
    """Without the empty lines that XNAT adds at the end; where both wrote, each under its name."""
    wrote = {stream: text.rstrip() for stream, text in texts.items() if text.strip()}
    if len(wrote) < 2:
        return next(iter(wrote.values()), "")
    return "\n".join(f"== {stream} ==\n{text}" for stream, text in wrote.items())
