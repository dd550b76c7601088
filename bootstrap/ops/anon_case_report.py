"""`anon test`: the cases of a folder, and what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bootstrap.engine.report.page import Page
from bootstrap.engine.report.shown import json_text
from bootstrap.ops.anon import Answer
from bootstrap.ops.anon_cases import CaseResult, run_file, run_folder


def run_cases(
    place: Path, *, form: Literal["text", "json"] = "text", colour: bool = False, all_cases: bool = False
) -> Answer:
    """`place` is a folder of case files, or one of them. The exit code is 1 where a case fails."""
    found = list(run_folder(place) if place.is_dir() else run_file(place))
    failed = sum(not result.passed for result in found)
    text = _as_json(found, failed) if form == "json" else _as_text(found, failed, colour, all_cases)
    return Answer(text, int(bool(failed)))


def _as_json(found: list[CaseResult], failed: int) -> str:
    return json_text(
        {
            "format": "xnat-bootstrap/anon-test",
            "version": 1,
            "exit": int(bool(failed)),
            "summary": {"cases": len(found), "passed": len(found) - failed, "failed": failed},
            "cases": [
                {
                    "file": str(result.file),
                    "script": str(result.script) if result.script else None,
                    "name": result.name,
                    "passed": result.passed,
                    "differences": result.differences,
                }
                for result in found
            ],
        }
    )


def _as_text(found: list[CaseResult], failed: int, colour: bool, all_cases: bool) -> str:
    page = Page(100)
    for result in found:
        if result.passed and not all_cases:
            continue
        word, style = ("ok    ", "green") if result.passed else ("FAILED", "bold red")
        page.line((word, style), (f"  {result.file}: {result.name}", ""))
        for difference in result.differences:
            page.line((difference, ""), indent=8)
    page.blank()
    page.line((f"{len(found) - failed} of {len(found)} cases pass", "bold"))
    return page.rendered(colour)
