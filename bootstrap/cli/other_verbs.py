"""The practice server and shell completion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import FILE, talk_options
from bootstrap.cli.plumbing import console_of
from bootstrap.errors import UsageError


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Elsewhere than loopback, as containers need it to call back: for practice only.",
)
@click.option("--state", type=FILE, default=Path(".practice"), show_default=True, help="Where it keeps everything.")
@click.option(
    "--uninitialised",
    is_flag=True,
    help="Begin as an XNAT that nobody has set up; needs a new state.",
)
@click.option(
    "--dicom-port",
    type=click.IntRange(0, 65535),
    help="Receive DICOM (C-STORE) here; 0: any that is free.",
)
@click.option("--fault", "faults", multiple=True, metavar="RULE", help="Misbehave on purpose; repeatable.")
@talk_options("text")
def practice(**options: Any) -> int:
    """An XNAT to practise on, in the foreground: admin/admin, state in a folder.

    RULE is `KIND[=SECONDS] [METHOD] [PATH] [nth=N] [times=N]`, such as "fail-after PUT /xapi/users/* nth=2":

    \b
    latency=SECONDS     the answer comes later
    fail-after          500, although what was asked for was done
    cut-before          the connection is cut and nothing was done
    cut-after           the connection is cut, although it was done
    unavailable         503, as from a proxy in front of a site that is down
    expire-session      the caller's session has ended
    stale-read          a GET is answered as before the last write
    slow-start=SECONDS  after each start the port is open, nothing answers
    first-401=SECONDS   a new site refuses the right password for so long

    METHOD is one (GET), several (PUT,POST) or WRITE for all that write; PATH may hold *; `nth` is the first request
    that the rule acts on, `times` on how many (both 1; times=* on all that follow).

    Example: xnat-bootstrap practice --port 8080 --state .practice
    """
    from bootstrap.ops.practising import serve_practice

    console = console_of(options)
    return serve_practice(**{key: options[key] for key in _PRACTICE_OPTIONS}, ready=console.data)


_PRACTICE_OPTIONS = ("port", "host", "state", "uninitialised", "dicom_port", "faults")


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print what makes SHELL complete our verbs and options.

    Example: eval "$(xnat-bootstrap completion bash)"
    """
    from click.shell_completion import get_completion_class

    source = get_completion_class(shell)
    if source is None:
        raise UsageError(f"no completion for {shell}")
    click.echo(source(cli, {}, "xnat-bootstrap", "_XNAT_BOOTSTRAP_COMPLETE").source())
    return 0
