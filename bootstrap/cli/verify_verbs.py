"""verify SITE: the proof with a synthetic study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import REPORT_FORMATS, SERVER_OPTIONS, SITE, talk_options
from bootstrap.cli.plumbing import asked_of, console_of, tools_of

if TYPE_CHECKING:
    from bootstrap.kinds.dicom_address import DicomAddress

_SECONDS = click.FloatRange(min=1)


def _receiver(_context: click.Context, _option: click.Parameter, value: str | None) -> DicomAddress | None:
    from bootstrap.kinds.dicom_address import FORM, dicom_address

    try:
        return dicom_address(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(f"{error}: write {FORM}") from None


@cli.command()
@SITE
@SERVER_OPTIONS
@click.option("--dicom", metavar="HOST:PORT[:AETITLE]", callback=_receiver, help="Send it by C-STORE to this receiver.")
@click.option("--keep", is_flag=True, help="Leave the study on the server, to look at it.")
@click.option("--archive-limit", type=_SECONDS, default=600, show_default=True, help="Seconds until it is archived.")
@click.option("--event-limit", type=_SECONDS, default=120, show_default=True, help="Seconds until events are seen.")
@click.option("--run-limit", type=_SECONDS, default=1800, show_default=True, help="Seconds until containers ended.")
@talk_options(*REPORT_FORMATS)
def verify(site: Path, **options: Any) -> int:
    """Send a synthetic study and prove every promise of the site file; the study is removed again.

    It goes to the project that `verify:` names, and to no other: by an import, or by C-STORE to the receiver that
    --dicom or `verify: {dicom: ...}` names.

    Example: xnat-bootstrap verify sites/hospital --format junit --output verify.xml
    """
    from bootstrap.ops.verify import Terms, verify_site

    console = console_of(options)
    names = ("keep", "dicom", "archive_limit", "event_limit", "run_limit")
    terms = Terms(**{name: options[name] for name in names})
    return verify_site(site, asked_of(options), tools_of(console), console, terms)
