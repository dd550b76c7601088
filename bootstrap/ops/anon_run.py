"""`anon run`: a script over a file or a folder of files, as XNAT would, in as many processes as there are cores."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bootstrap.dicomedit import Script, external_variables
from bootstrap.dicomedit.lint.resolve import GIVEN
from bootstrap.engine.report.page import Page
from bootstrap.engine.report.shown import json_text
from bootstrap.errors import LocalFileError, UsageError
from bootstrap.ops.anon import Answer
from bootstrap.ops.anon_files import read_script, shown_name, where_paths_start
from bootstrap.ops.anon_pool import FileResult, Job, Recipe, Status, results
from bootstrap.ops.anon_stop import told_to_end
from bootstrap.ops.anon_warnings import Warned, as_json, shown_warnings, warnings_of

Moment = Literal["receipt", "archive"]
_LISTED = 20  # so many files of each status are named; JSON has all
_STYLES: Mapping[Status, str] = {"rejected": "yellow", "skipped": "dim", "error": "bold red", "failed": "bold red"}
_WORDS: Mapping[Status, str] = {
    "done": "written",
    "rejected": "rejected by the script",
    "skipped": "skipped, no DICOM",
    "error": "refused: the script fails",
    "failed": "not read or not written",
    "not run": "not run",
}


@dataclass(frozen=True, slots=True)
class RunAsked:
    """`moment` "receipt": each file by itself. "archive": a study's files in one go, with what variables keep from
    file to file; a study in which a file fails ends there, as archiving does."""

    script: Path
    source: Path
    target: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    moment: Moment = "receipt"
    overwrite: bool = False
    workers: int | None = None  # None: one for each core
    record_id: int | None = None  # leaves XNAT's record in (0012,0064), as the script with this id
    template_vars: Path | None = None
    format: Literal["text", "json"] = "text"
    colour: bool = False
    width: int = 100


def run(asked: RunAsked, advance: Callable[[int], None] = lambda _files: None) -> Answer:
    """Runs the script over everything; one file's trouble does not keep the others. `advance` is told of progress.

    Exit codes: 0 all done (rejected and, in a folder, skipped ones are as they should be), 5 some failed, 1 all did.
    A signal to end is no failure of its own: the files that are left are told as not run.
    """
    recipe, warned = _recipe(asked)
    pairs, troubles = _pairs(asked)
    with told_to_end() as ending:
        workers = asked.workers or os.cpu_count() or 1
        found = [*troubles, *results(recipe, pairs, workers, advance, ending)]
    if not asked.source.is_dir():
        found = [_asked_for(result) for result in found]
    found.sort(key=lambda result: result.source)
    code = _exit_code(found)
    make = _as_json if asked.format == "json" else _as_text
    return Answer(make(asked, found, warned, code), code)


def _asked_for(result: FileResult) -> FileResult:
    """In a folder, what is no DICOM is passed over; who names one file wants it written."""
    return replace(result, status="failed") if result.status == "skipped" else result


def count_files(asked: RunAsked) -> int:
    """How many files there are, for whoever shows progress."""
    return len(_pairs(asked)[0])


def _recipe(asked: RunAsked) -> tuple[Recipe, list[Warned]]:
    # What is wrong with it is told before anything is run.
    script, text = read_script(asked.script, asked.template_vars)
    _refuse_missing(asked, script)
    recipe = Recipe(text, dict(asked.variables), asked.moment == "archive", asked.overwrite, asked.record_id)
    return recipe, warnings_of(asked.script, script, asked.variables)


def _refuse_missing(asked: RunAsked, script: Script) -> None:
    """XNAT gives these to every script that asks for them; here each file would fail without."""
    given = {name.lower() for name in asked.variables}
    missing = [name for name in external_variables(script.statements) if name.lower() in GIVEN - given]
    if missing:
        raise UsageError(
            f"{asked.script} reads {', '.join(missing)}, and no --var says what it is",
            hint=" ".join(f"--var {name}=..." for name in missing),
        )


# ---- which files


def _pairs(asked: RunAsked) -> tuple[list[Job], list[FileResult]]:
    """From where to where; and folders that cannot be looked into."""
    source, target = asked.source, asked.target
    if not source.exists():
        raise LocalFileError(f"{source} does not exist", hint=where_paths_start())
    if source.is_dir():
        _refuse_itself(asked, target)
        if not any(source.iterdir()):
            raise LocalFileError(f"{source} holds no files")
        if target.is_file():
            raise UsageError(f"{target} is a file, and {source} a folder", hint="give a folder to write to")
        return _of_folder(source, target)
    goal = target / source.name if target.is_dir() else target
    _refuse_itself(asked, goal)
    return [Job(str(source), str(goal))], []


def _refuse_itself(asked: RunAsked, goal: Path) -> None:
    """Whoever writes over the originals has to say so."""
    if not asked.overwrite and goal.exists() and goal.samefile(asked.source):
        raise UsageError(
            f"{asked.source} is IN and OUT: the originals would be replaced",
            hint="name another OUT; `--overwrite` says that they may go",
        )


def _of_folder(source: Path, target: Path) -> tuple[list[Job], list[FileResult]]:
    troubles: list[FileResult] = []

    def refused(error: OSError) -> None:
        troubles.append(FileResult(str(error.filename), "failed", f"the folder cannot be read: {error.strerror}"))

    jobs, own = [], target.resolve()
    for folder, inner, names in os.walk(source, onerror=refused):
        inner[:] = sorted(name for name in inner if source == target or (Path(folder) / name).resolve() != own)
        for name in sorted(names):
            path = Path(folder) / name
            jobs.append(Job(str(path), str(target / path.relative_to(source))))
    return jobs, troubles


# ---- what came of it


def _exit_code(found: list[FileResult]) -> int:
    bad = sum(result.is_bad for result in found)
    if not bad:
        return 0
    return 5 if any(result.status in ("done", "rejected") for result in found) else 1


def _as_json(asked: RunAsked, found: list[FileResult], warned: list[Warned], exit_code: int) -> str:
    return json_text(
        {
            "format": "xnat-bootstrap/anon-run",
            "version": 1,
            "exit": exit_code,
            "script": shown_name(asked.script),
            "as": asked.moment,
            "warnings": as_json(warned),
            "summary": _summary(found),
            "files": [result.as_json() for result in found],
        }
    )


def _summary(found: list[FileResult]) -> dict[str, int]:
    count = Counter(result.status for result in found)
    return {"files": len(found), **{status.replace(" ", "_"): count[status] for status in _WORDS}}


def _as_text(asked: RunAsked, found: list[FileResult], warned: list[Warned], _exit_code: int) -> str:
    page = Page(asked.width)
    shown_warnings(page, warned)
    _noted(page, [result for result in found if result.notes])
    for status in _WORDS:
        if status != "done":
            _group(page, status, [result for result in found if result.status == status])
    page.blank()
    page.line((_last_line(found), "bold"))
    return page.rendered(asked.colour)


def _noted(page: Page, found: list[FileResult]) -> None:
    for result in found[:_LISTED]:
        page.line((result.source, ""), (": warning", "yellow"), (f": {'; '.join(result.notes)}", ""))
    if len(found) > _LISTED:
        page.line((f"... and {len(found) - _LISTED} more with warnings", "yellow"))


def _group(page: Page, status: Status, found: list[FileResult]) -> None:
    for result in found[:_LISTED]:
        place = f" (line {result.line} of the script)" if result.line else ""
        message = f": {result.message}" if result.message else ""
        page.line((result.source, ""), (f": {_WORDS[status]}{place}", _STYLES.get(status, "")), (message, ""))
    if len(found) > _LISTED:
        page.line((f"... and {len(found) - _LISTED} more: {_WORDS[status]}", _STYLES.get(status, "")))


def _last_line(found: list[FileResult]) -> str:
    return ", ".join(_counted(found)) or "there are no files"


def _counted(found: list[FileResult]) -> Iterator[str]:
    count = Counter(result.status for result in found)
    return (f"{count[status]} {words}" for status, words in _WORDS.items() if count[status])
