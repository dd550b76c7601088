"""The options that several verbs have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Verb = TypeVar("Verb", bound=Callable[..., Any])
REPORT_FORMATS = ("text", "json", "markdown", "junit")
FILE = click.Path(path_type=Path)


def _together(*decorators: Callable[[Verb], Verb]) -> Callable[[Verb], Verb]:
    def decorate(verb: Verb) -> Verb:
        for decorator in reversed(decorators):
            verb = decorator(verb)
        return verb

    return decorate


def talk_options(*formats: str) -> Callable[[Verb], Verb]:
    return _together(
        click.option("-v", "--verbose", "verbosity", count=True, help="Say more; -vv shows every request."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but the result."),
        click.option("--no-color", "no_colour", is_flag=True, help="No colours (also with NO_COLOR set)."),
        click.option("--format", type=click.Choice(formats), default=formats[0], show_default=True),
        click.option("--output", type=FILE, help="Write the result to a file instead of stdout."),
    )


SITE = click.argument("site", type=FILE, default=".")
OVERLAYS = click.option(
    "-f",
    "overlays",
    type=FILE,
    multiple=True,
    help="An overlay over the site file, from the current folder; repeatable.",
)
SERVER_OPTIONS = _together(
    OVERLAYS,
    click.option("--url", help="The server, instead of the site file's."),
    click.option("--username", help="The account, instead of the site file's."),
    click.option("--ca-file", type=FILE, help="A PEM file with the server's certificate authority."),
    click.option("--timeout", type=click.FloatRange(min=0.1), help="Seconds that one answer may take."),
    click.option("--parallel", type=click.IntRange(1, 16), help="How many reads go at the same time."),
)
ONLY = click.option("--only", multiple=True, metavar="KIND[:NAME]", help="Only these, and their needs; repeatable.")
ALLOW = click.option("--allow", multiple=True, metavar="RULE", help="Let a safety rule pass; repeatable.")
PLAN_OPTIONS = _together(
    ONLY,
    click.option("--prune", is_flag=True, help="Remove what the ledger names and the file does not name any more."),
    ALLOW,
    click.option("--all", "include_none", is_flag=True, help="List what is right already, too."),
)
