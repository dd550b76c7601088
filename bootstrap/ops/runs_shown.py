"""Runs as people and as programs read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bootstrap.engine.report.markdown_text import escaped
from bootstrap.engine.report.shown import visible
from bootstrap.ops.runs_record import Run

FORMAT = "xnat-bootstrap/runs"
_ROOM = 300  # letters of a cell in Markdown
_HEAD = ("ID", "PROJECT", "SESSION", "SCAN", "WRAPPER", "STATUS", "STARTED", "TOOK")


def shown(runs: Sequence[Run], notes: Sequence[str], not_looked_up: int, format_: str) -> str:
    if format_ == "json":
        return json.dumps(as_document(runs, notes, not_looked_up), indent=2, ensure_ascii=False)
    if format_ == "junit":
        return _junit(runs)
    if format_ == "markdown":
        return _markdown(runs, notes)
    return as_table(runs) if runs else "nothing ran"


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


def _markdown(runs: Sequence[Run], notes: Sequence[str]) -> str:
    failed = sum(run.failed for run in runs)
    lines = [f"### runs: {failed} of {len(runs)} failed", ""]
    lines += [f"| {' | '.join(name.lower() for name in (*_HEAD, 'why'))} |", "|---" * (len(_HEAD) + 1) + "|"]
    for run in runs:
        lines.append(f"| {' | '.join(escaped(cell, _ROOM) for cell in (*_cells(run), ' '.join(run.why.split())))} |")
    return "\n".join([*lines, *(f"\n{escaped(note, _ROOM)}" for note in notes)])


def _junit(runs: Sequence[Run]) -> str:
    """What failed fails; what has not ended is skipped."""
    counts = {"tests": len(runs), "failures": sum(run.failed for run in runs), "errors": 0}
    counts["skipped"] = sum(not run.ended for run in runs)
    root = Element("testsuites")
    texts = {name: str(count) for name, count in counts.items()}
    suite = SubElement(root, "testsuite", {"name": "xnat-bootstrap runs", **texts})
    for run in runs:
        about = " ".join(cell for cell in _cells(run)[:5] if cell != "-")
        case = SubElement(
            suite, "testcase", classname="xnat-bootstrap.runs", name=about, time=f"{run.seconds or 0:.3f}"
        )
        if run.failed:
            SubElement(case, "failure", message=visible(run.status)).text = visible(" ".join(run.why.split()))
        elif not run.ended:
            SubElement(case, "skipped", message=visible(run.status))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


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
