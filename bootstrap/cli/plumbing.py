"""From the command line's words to what ops/ takes, and from its report to what is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bootstrap.errors import BootstrapError, UsageError

if TYPE_CHECKING:
    from bootstrap.engine.report.report import Report
    from bootstrap.engine.run import Talk
    from bootstrap.ops.console import Console
    from bootstrap.ops.jobs import Job
    from bootstrap.ops.session import Asked, Tools


def console_of(talk: dict[str, Any]) -> Console:
    from bootstrap.ops.console import Console

    console = Console(talk["format"], talk["output"], talk["verbosity"], talk["quiet"], talk["no_colour"])
    console.set_up_logging()
    return console


def asked_of(options: dict[str, Any]) -> Asked:
    from bootstrap.ops.session import Asked

    names = ("overlays", "url", "username", "ca_file", "timeout", "parallel")
    return Asked(**{name: options[name] for name in names if options.get(name)})


def tools_of(console: Console) -> Tools:
    from bootstrap.ops.session import Tools

    return Tools(environ=console.environ, tell=console.tell, verbosity=console.verbosity)


def job_of(site: Path, options: dict[str, Any]) -> Job:
    from bootstrap.engine.options import Options, checked_rules
    from bootstrap.ops.jobs import Job

    plan_options = Options(
        only=tuple(options.get("only", ())),
        prune=options.get("prune", False),
        allow=checked_rules(options.get("allow", ())),
    )
    return Job(site, asked_of(options), plan_options, options.get("include_none", False))


def reported(verb: str, console: Console, make: Callable[[], Report], called: Called | None = None) -> int:
    """Makes a report and prints it; an error becomes a report as well, so that every format is kept."""
    from bootstrap.ops.console import report_of_error

    try:
        with console.progress.task(verb):
            report = make()
    except UsageError:
        raise
    except KeyboardInterrupt:
        hint = "" if verb == "validate" else "nothing was changed on the server; run it again"
        raise BootstrapError(f"{verb}: interrupted", hint=hint) from None
    except BootstrapError as error:
        if console.format == "text" and console.output is None:
            raise
        report = report_of_error(verb, error)
    console.report(_with_commands(report, called) if called else report)
    return report.exit_code


@dataclass(frozen=True)
class Called:
    """Site and options of a verb, of which the commands that its report prints are made."""

    site: Path
    options: Mapping[str, Any]
    saved: Path | None = None  # where `plan -o` put the plan


def _with_commands(report: Report, called: Called) -> Report:
    from bootstrap.cli.called import apply_file, apply_site

    options = called.options
    apply = apply_file(str(called.saved), options) if called.saved else apply_site(called.site, options)
    undo = apply_file(report.undo, options) if report.undo else ""
    return replace(report, apply_command=apply, undo_command=undo)


def talk_of(console: Console) -> Talk:
    from bootstrap.engine.run import Talk

    def confirm(question: str) -> bool:
        if not console.interactive:
            return True
        with console.progress.paused():
            return click.confirm(question, err=True)

    def ask(question: str) -> bool:
        return console.interactive and confirm(question)

    return Talk(console.progress.tell, confirm, ask)
