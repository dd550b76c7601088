"""Runs as people and as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bootstrap.engine.report.shown import visible
from bootstrap.ops.runs_record import Run

FORMAT = "xnat-bootstrap/runs"
_HEAD = ("ID", "PROJECT", "SESSION", "SCAN", "WRAPPER", "STATUS", "STARTED", "TOOK")


def as_table(runs: Sequence[Run]) -> str:
    """One line for each, and below it why it failed."""
    rows = [_HEAD, *(_cells(run) for run in runs)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    lines = []
    for row, why in zip(rows, ["", *(run.why for run in runs)], strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        lines += [f"    {visible(line)}" for line in why.splitlines()]
    return "\n".join(lines)


def as_line(run: Run) -> str:
    why = f": {' '.join(run.why.split())}" if run.why else ""
    cells = [cell for cell in _cells(run) if cell != "-"]
    return visible("  ".join(cells) + why)


def as_document(runs: Sequence[Run], notes: Sequence[str], not_looked_up: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": 1,
        "runs": [run.as_json() for run in runs],
        "not_looked_up": not_looked_up,
        "notes": list(notes),
    }


def _cells(run: Run) -> tuple[str, ...]:
    texts = (run.id, run.project, run.session, run.scan, run.wrapper, run.status, _time(run.started), took(run.seconds))
    return tuple(visible(text) or "-" for text in texts)


def _time(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{seconds:.0f} s"
