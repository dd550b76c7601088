"""The jars of the site's plugins, with no XNAT: plugins lock, fetch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import FILE, OVERLAYS, SITE, talk_options
from bootstrap.cli.plumbing import asked_of, console_of, tools_of

if TYPE_CHECKING:
    from bootstrap.ops.console import Console
    from bootstrap.ops.plugins import Handled


@cli.group()
def plugins() -> None:
    """The jars of the site's plugins: their hashes, and the jars themselves. No server is asked."""


@plugins.command()
@SITE
@OVERLAYS
@talk_options("text", "json")
def lock(site: Path, **options: Any) -> int:
    """Compute the hash of each plugin that has none, into plugins.lock.yaml beside the site file.

    Example: xnat-bootstrap plugins lock sites/hospital
    """
    from bootstrap.ops.plugins import lock_plugins

    console = console_of(options)
    with console.progress.task("plugins lock"):
        done = lock_plugins(site, asked_of(options), tools_of(console))
    return _answered(console, done)


@plugins.command()
@SITE
@OVERLAYS
@click.option("--to", "folder", type=FILE, required=True, help="The folder to put the jars into.")
@talk_options("text", "json")
def fetch(site: Path, folder: Path, **options: Any) -> int:
    """Download and prove every jar, for an image, an init container or a mirror.

    Example: xnat-bootstrap plugins fetch sites/hospital --to build/plugins
    """
    from bootstrap.ops.plugins import fetch_plugins

    console = console_of(options)
    with console.progress.task("plugins fetch"):
        done = fetch_plugins(site, folder, asked_of(options), tools_of(console))
    return _answered(console, done)


def _answered(console: Console, done: list[Handled]) -> int:
    code = 1 if any(handled.error for handled in done) else 0
    console.json_or(
        {"exit": code, "plugins": [handled.as_json() for handled in done]}, "\n".join(str(handled) for handled in done)
    )
    return code
