"""What ran on the server: runs SITE, runs logs ID."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import REPORT_FORMATS, SERVER_OPTIONS, SITE, talk_options
from bootstrap.cli.plumbing import asked_of, console_of, tools_of
from bootstrap.errors import UsageError


class _ListUnlessNamed(click.Group):
    """`runs SITE` is `runs list SITE`; a folder that is called as one of its verbs is written `./logs`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        known = args[:1] and (args[0] in self.commands or args[0] in context.help_option_names)
        return super().parse_args(context, args if known else ["list", *args])


@cli.group(cls=_ListUnlessNamed)
def runs() -> None:
    """What ran on the server, and why it failed: `runs SITE` lists it, `runs logs ID SITE` shows what it wrote.

    `runs list --help` has the options of the list.

    Example: xnat-bootstrap runs sites/hospital --failed --since 2d
    """


@runs.command("list")
@SITE
@SERVER_OPTIONS
@click.option("--failed", is_flag=True, help="Only what failed.")
@click.option("--project", metavar="ID", help="Only what ran in this project.")
@click.option("--since", metavar="WHEN", help="Only what began since then: 30m, 2h, 7d, or a day or time.")
@click.option("--limit", type=click.IntRange(min=0), default=200, show_default=True, help="At most so many; 0: all.")
@click.option("--follow", is_flag=True, help="Go on with what comes and changes, until Ctrl-C; JSON has a line each.")
@talk_options(*REPORT_FORMATS)
def list_(site: Path, follow: bool, **options: Any) -> int:
    """What ran: project, session, scan, wrapper, status, how long, why it failed.

    Example: xnat-bootstrap runs sites/hospital --failed --since 2d
    """
    from bootstrap.ops.runs import list_runs, since_of
    from bootstrap.ops.runs_reading import Wanted

    console = console_of(options)
    if follow and console.output:
        raise UsageError("runs: --follow has no end, so that --output would never be written", hint="use one of them")
    if follow and console.format not in ("text", "json"):
        raise UsageError(f"runs: --follow has no end, and {console.format} has one", hint="use text or json")
    since = since_of(options["since"], datetime.now(UTC))
    wanted = Wanted(options["project"], since, options["failed"], options["limit"])
    return list_runs(site, asked_of(options), tools_of(console), console, wanted, follow)


@runs.command()
@click.argument("number", metavar="ID")
@SITE
@SERVER_OPTIONS
@click.option("--stream", type=click.Choice(["stdout", "stderr"]), help="Only one of the two.")
@talk_options("text", "json")
def logs(number: str, site: Path, stream: str | None, **options: Any) -> int:
    """What a container wrote. ID is its number in `runs`, or its id at the engine.

    Example: xnat-bootstrap runs logs 12 sites/hospital --stream stderr
    """
    from bootstrap.ops.runs import show_logs

    console = console_of(options)
    return show_logs(number, site, asked_of(options), tools_of(console), console, stream)
