"""What a verb says and where: data on stdout, talk on stderr, one report in whatever format."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bootstrap.engine.journal import write_whole
from bootstrap.engine.report.report import Report
from bootstrap.errors import BootstrapError, SiteFileError
from bootstrap.values import Problem

if TYPE_CHECKING:
    from bootstrap.engine.report.progress import Progress


@dataclass
class Console:
    format: str = "text"
    output: Path | None = None
    verbosity: int = 0
    quiet: bool = False
    no_colour: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def colour(self) -> bool:
        to_terminal = self.output is None and sys.stdout.isatty()
        return to_terminal and not self.no_colour and "NO_COLOR" not in self.environ

    @property
    def interactive(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty()

    @cached_property
    def progress(self) -> Progress:
        """What is going on, on a terminal's stderr, for work that takes over a second; with `-v` line by line."""
        from bootstrap.engine.report.progress import Progress

        colour = sys.stderr.isatty() and not self.no_colour and "NO_COLOR" not in self.environ
        return Progress(sys.stderr, colour=colour, verbose=self.verbosity > 0, quiet=self.quiet)

    def tell(self, text: str) -> None:
        """Talk, which `-q` silences."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def data(self, text: str) -> None:
        if not text.endswith("\n"):
            text += "\n"
        if self.output is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        write_whole(self.output, text)

    def report(self, report: Report) -> None:
        from bootstrap.engine.report import render

        width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))
        self.data(render(report, self.format, colour=self.colour, width=width))

    def json_or(self, document: Any, text: str) -> None:
        """For verbs whose answer is no report."""
        import json

        self.data(json.dumps(document, indent=2, ensure_ascii=False) if self.format == "json" else text)

    def set_up_logging(self) -> None:
        level = {0: logging.WARNING, 1: logging.INFO}.get(self.verbosity, logging.DEBUG)
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s", force=True)
        logging.getLogger("bootstrap").setLevel(level)


def report_of_error(verb: str, error: BootstrapError) -> Report:
    if isinstance(error, SiteFileError):
        return Report(verb, error.exit_code, problems=error.problems)
    rule = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    return Report(verb, error.exit_code, problems=[Problem("error", rule, error.message, error.hint, error.source)])
