"""`anon diff`: one file before and after a script, tag by tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bootstrap.dicomedit import Outcome, preview_file
from bootstrap.dicomedit.lint.attributes import name_of, tag_text
from bootstrap.engine.report.page import Page
from bootstrap.engine.report.shown import json_text
from bootstrap.errors import UsageError
from bootstrap.ops.anon import Answer
from bootstrap.ops.anon_files import read_script, shown_name
from bootstrap.ops.anon_warnings import Warned, as_json, shown_warnings, warnings_of


@dataclass(frozen=True, slots=True)
class DiffAsked:
    script: Path
    file: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    record_id: int | None = None
    template_vars: Path | None = None
    format: Literal["text", "json"] = "text"
    colour: bool = False
    width: int = 100


@dataclass(slots=True)
class TagChange:
    """None where there was, or is, no element. `lines` of the script had a part in it."""

    path: str
    before: str | None
    after: str | None
    lines: list[int]


def diff(asked: DiffAsked) -> Answer:
    """The exit code is 1 where the script fails on the file: XNAT would refuse it."""
    if asked.file.is_dir():
        raise UsageError(
            f"{asked.file} is a folder; anon diff looks at one file",
            hint="name a file in it; `anon run` runs a script over a whole folder",
        )
    script, _text = read_script(asked.script, asked.template_vars)
    outcome = preview_file(script, asked.file, asked.variables, record_id=asked.record_id)
    changes = list(changes_of(outcome))
    make = _as_json if asked.format == "json" else _as_text
    warned = warnings_of(asked.script, script, asked.variables)
    warned += [Warned(f"{asked.file}: {note}") for note in outcome.notes]
    return Answer(make(asked, outcome, changes, warned), int(outcome.status == "error"))


def changes_of(outcome: Outcome) -> Iterator[TagChange]:
    """What all statements came to; what was changed and changed back is no change."""
    found: dict[str, TagChange] = {}
    for step in outcome.trace:
        for change in step.changes:
            seen = found.setdefault(change.path, TagChange(change.path, change.old, change.old, []))
            seen.after = change.new
            if step.line not in seen.lines:
                seen.lines.append(step.line)
    return (found[path] for path in sorted(found) if found[path].before != found[path].after)


def _as_json(asked: DiffAsked, outcome: Outcome, changes: list[TagChange], warned: list[Warned]) -> str:
    return json_text(
        {
            "format": "xnat-bootstrap/anon-diff",
            "version": 1,
            "script": shown_name(asked.script),
            "file": str(asked.file),
            "outcome": outcome.status,
            "message": outcome.message,
            "line": outcome.line,
            "warnings": as_json(warned),
            "changes": [
                {
                    "path": one.path,
                    "name": _name(one.path),
                    "before": one.before,
                    "after": one.after,
                    "lines": one.lines,
                }
                for one in changes
            ],
        }
    )


def _as_text(asked: DiffAsked, outcome: Outcome, changes: list[TagChange], warned: list[Warned]) -> str:
    page = Page(asked.width)
    shown_warnings(page, warned)
    if warned and changes:
        page.blank()
    if outcome.status == "error":
        place = f" in line {outcome.line}" if outcome.line else ""
        page.line((f"the script fails{place}, and XNAT refuses the file: {outcome.message}", "bold red"))
        if changes:
            page.blank()
            page.line(("before it fails:", ""))
    for change in changes:
        lines = f"line {', '.join(map(str, change.lines))}"
        page.line((f"{change.path} {_name(change.path)}".rstrip(), "bold"), (f"  {lines}", "dim"))
        if change.before is not None:
            page.line((f"- {change.before}", "red"), indent=2)
        if change.after is not None:
            page.line((f"+ {change.after}", "green"), indent=2)
    if outcome.status != "error":
        page.blank()
        page.line(_last_line(outcome, changes))
    return page.rendered(asked.colour)


def _last_line(outcome: Outcome, changes: list[TagChange]) -> tuple[str, str]:
    if outcome.status == "rejected":
        return "the script rejects the file: XNAT does not keep it", "yellow"
    return f"{len(changes)} element{'' if len(changes) == 1 else 's'} changed", "bold"


def _name(path: str) -> str:
    """Of the element that a path ends in; empty where the dictionary has none."""
    digits = path.rsplit("/", 1)[-1][1:10].replace(",", "")
    tag = int(digits, 16)
    return name_of(tag).removeprefix(tag_text(tag)).strip()
