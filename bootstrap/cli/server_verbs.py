"""Verbs that speak to a server: wait, doctor, plan, apply, drift, export, unlock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import ALLOW, FILE, ONLY, PLAN_OPTIONS, REPORT_FORMATS, SERVER_OPTIONS, SITE, talk_options
from bootstrap.cli.plumbing import Called, asked_of, console_of, job_of, reported, talk_of, tools_of

if TYPE_CHECKING:
    from bootstrap.engine.report.report import Report


@cli.command()
@SITE
@SERVER_OPTIONS
@click.option("--limit", type=click.FloatRange(min=1), default=600, show_default=True, help="Seconds to wait.")
@talk_options("text", "json")
def wait(site: Path, limit: float, **options: Any) -> int:
    """Wait until the server is ready; gives up at once on what waiting cannot mend.

    Example: xnat-bootstrap wait sites/compose --limit 900
    """
    from bootstrap.ops.waiting import wait_for_site

    console = console_of(options)
    return wait_for_site(site, asked_of(options), tools_of(console), console, limit)


@cli.command()
@SITE
@SERVER_OPTIONS
@talk_options(*REPORT_FORMATS)
def doctor(site: Path, **options: Any) -> int:
    """What this server is, what the file wants, what fits, what does not, and the mend.

    Example: xnat-bootstrap doctor sites/hospital
    """
    from bootstrap.ops.doctor import examine

    console = console_of(options)
    return examine(site, asked_of(options), tools_of(console), console)


@cli.command()
@SITE
@SERVER_OPTIONS
@PLAN_OPTIONS
@click.option("-o", "save", type=FILE, help="Save the plan, for `apply plan.json`.")
@talk_options(*REPORT_FORMATS)
def plan(site: Path, save: Path | None, **options: Any) -> int:
    """What apply would do, and why. Writes nothing to the server.

    Example: xnat-bootstrap plan sites/hospital -o plan.json
    """
    from bootstrap.engine.saved import save_plan
    from bootstrap.ops import jobs

    console = console_of(options)

    def make() -> Report:
        made, report = jobs.plan(job_of(site, options), tools_of(console))
        if save:
            save_plan(made, save)
            console.tell(f"the plan is in {save}")
        return report

    return reported("plan", console, make, Called(site, options, saved=save))


@cli.command()
@SITE
@SERVER_OPTIONS
@PLAN_OPTIONS
@talk_options(*REPORT_FORMATS)
def apply(site: Path, **options: Any) -> int:
    """Make the server what the file says; read it back; journal it.

    SITE may be a saved plan, or the undo document of an earlier run.

    Example: xnat-bootstrap apply sites/hospital
    """
    from bootstrap.ops import jobs

    console = console_of(options)
    job, tools, talk = job_of(site, options), tools_of(console), talk_of(console)
    apply_it = jobs.apply_document if site.suffix == ".json" else jobs.apply
    return reported("apply", console, lambda: apply_it(job, tools, talk), Called(site, options))


@cli.command()
@SITE
@SERVER_OPTIONS
@ONLY
@ALLOW
@talk_options(*REPORT_FORMATS)
def drift(site: Path, **options: Any) -> int:
    """What somebody changed on the server since the last apply.

    Example: xnat-bootstrap drift sites/hospital --format markdown
    """
    from bootstrap.ops import jobs

    console = console_of(options)
    job, tools = job_of(site, options), tools_of(console)
    return reported("drift", console, lambda: jobs.drift(job, tools), Called(site, options))


@cli.command()
@click.argument("site", default=".", metavar="SITE|URL")
@SERVER_OPTIONS
@click.option("-o", "folder", type=FILE, help="The folder to write; without it the site file is printed.")
@click.option("--only", multiple=True, metavar="KIND", help="Only these kinds, and what they need; repeatable.")
@talk_options("text", "json")
def export(site: str, folder: Path | None, only: tuple[str, ...], **options: Any) -> int:
    """The server as a site file that plans empty.

    Example: xnat-bootstrap export https://xnat.example.org -o sites/example
    """
    from bootstrap.ops.export import export_site

    console = console_of(options)
    return export_site(site, folder, asked_of(options), tools_of(console), console, only=only)


@cli.command()
@SITE
@SERVER_OPTIONS
@talk_options("text", "json")
def unlock(site: Path, **options: Any) -> int:
    """Remove a lock that was left behind, after showing whose it is.

    Example: xnat-bootstrap unlock sites/hospital
    """
    from bootstrap.ops.unlock import unlock_site

    console = console_of(options)
    confirm = talk_of(console).confirm
    return unlock_site(site, asked_of(options), tools_of(console), console, confirm)
