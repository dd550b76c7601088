"""Verbs that need no server: init, validate, explain, schema, render."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import FILE, OVERLAYS, REPORT_FORMATS, SERVER_OPTIONS, SITE, talk_options
from bootstrap.cli.plumbing import asked_of, console_of, job_of, reported, tools_of


@cli.command()
@click.argument("folder", type=FILE, default=".")
@click.option("--from", "source", metavar="URL", help="Begin with what this server is (needs XNAT_PASSWORD).")
@SERVER_OPTIONS
@talk_options("text", "json")
def init(folder: Path, source: str | None, **options: Any) -> int:
    """Write a commented starter site into FOLDER.

    Example: xnat-bootstrap init sites/mine
    """
    from bootstrap.ops.starting import init_site

    console = console_of(options)
    return init_site(folder, source, asked_of(options), tools_of(console), console)


@cli.command()
@SITE
@OVERLAYS
@talk_options(*REPORT_FORMATS)
def validate(site: Path, **options: Any) -> int:
    """Everything that can be known without a server; all problems at once.

    Example: xnat-bootstrap validate sites/hospital -f prod.yaml
    """
    from bootstrap.ops import jobs

    console = console_of(options)
    return reported("validate", console, lambda: jobs.validate(job_of(site, options), tools_of(console)))


@cli.command()
@click.argument("topic", required=False, metavar="[KIND[.FIELD]]")
@talk_options("text", "json", "markdown")
def explain(topic: str | None, **options: Any) -> int:
    """The reference of the site file.

    Example: xnat-bootstrap explain anonymization.script
    """
    from bootstrap.ops.offline import explain_text

    console = console_of(options)
    console.data(explain_text(topic, console.format))
    return 0


@cli.command()
@click.argument("which", type=click.Choice(["site", "report", "plan"]), default="site")
@talk_options("json")
def schema(which: str, **options: Any) -> int:
    """Print a JSON Schema: of the site file, of reports, or of saved plans.

    Example: xnat-bootstrap schema > site.schema.json
    """
    from bootstrap.ops.offline import schema_text

    console_of(options).data(schema_text(which))
    return 0


@cli.command()
@SITE
@OVERLAYS
@talk_options("text", "json")
def render(site: Path, **options: Any) -> int:
    """The merged file, each value with the place that it came from; secrets as ***.

    Example: xnat-bootstrap render sites/hospital -f prod.yaml
    """
    from bootstrap.ops.offline import render_text

    console = console_of(options)
    console.data(render_text(site, asked_of(options), tools_of(console), console.format))
    return 0
