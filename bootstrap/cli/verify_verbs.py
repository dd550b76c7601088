"""verify SITE: the proof with a synthetic study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import REPORT_FORMATS, SERVER_OPTIONS, SITE, talk_options
from bootstrap.cli.plumbing import asked_of, console_of, tools_of

_SECONDS = click.FloatRange(min=1)


@cli.command()
@SITE
@SERVER_OPTIONS
@click.option("--keep", is_flag=True, help="Leave the study on the server, to look at it.")
@click.option("--archive-limit", type=_SECONDS, default=600, show_default=True, help="Seconds until it is archived.")
@click.option("--event-limit", type=_SECONDS, default=120, show_default=True, help="Seconds until events are seen.")
@click.option("--run-limit", type=_SECONDS, default=1800, show_default=True, help="Seconds until containers ended.")
@talk_options(*REPORT_FORMATS)
def verify(site: Path, **options: Any) -> int:
    """Send a synthetic study and prove every promise of the site file; the study is removed again.

    It goes to the project that `verify:` names, and to no other, by an import.

    Example: xnat-bootstrap verify sites/hospital --format junit --output verify.xml
    """
    from bootstrap.ops.verify import Terms, verify_site

    console = console_of(options)
    names = ("keep", "archive_limit", "event_limit", "run_limit")
    terms = Terms(**{name: options[name] for name in names})
    return verify_site(site, asked_of(options), tools_of(console), console, terms)
