"""DicomEdit scripts, with no server: anon lint, fmt, run, diff, coverage, test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bootstrap.cli.group import cli
from bootstrap.cli.options import FILE, talk_options
from bootstrap.cli.plumbing import console_of
from bootstrap.errors import UsageError

if TYPE_CHECKING:
    from bootstrap.ops.console import Console

VARIABLES = click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="What XNAT would give it.")
TEMPLATE_VARS = click.option("--vars", "template_vars", type=FILE, help="YAML with the names that a template wants.")
RECORD = click.option("--record-id", type=int, help="Leave XNAT's record in (0012,0064), as the script with this id.")


@cli.group()
def anon() -> None:
    """DicomEdit scripts: check, lay out, run, preview, judge and test them. No server is asked."""


@anon.command()
@click.argument("files", type=FILE, nargs=-1)
@click.option("--min-severity", type=click.Choice(["error", "warning", "note"]), default="note", show_default=True)
@click.option("--xnat", "xnat_version", metavar="VERSION", help="The XNAT that it is for, such as 1.9.2.")
@click.option("--kind", type=click.Choice(["site", "project"]), help="What kind of script it is.")
@click.option("--site-script", type=FILE, help="For a project's script: the site's, which runs before it.")
@click.option("--explain", metavar="RULE", help="Say what a rule is about, and nothing else.")
@TEMPLATE_VARS
@talk_options("text", "json")
def lint(files: tuple[Path, ...], explain: str | None, **options: Any) -> int:
    """What goes wrong with a script on the server, or leaks, before a patient's data meet it.

    Exit code 1 where there is an error, whatever --min-severity shows; 0 with warnings and notes alone.

    Example: xnat-bootstrap anon lint anon_scripts/site-basic-profile.das --min-severity warning
    """
    from bootstrap.ops.anon import LintAsked, explain_rule, lint_files

    console = console_of(options)
    if explain:
        return _explained(console, explain_rule(explain), explain)
    if not files:
        raise UsageError("anon lint: no file is named", hint="name scripts, or folders of them")
    names = ("min_severity", "xnat_version", "kind", "site_script", "template_vars", "format")
    asked = LintAsked(files, **{name: options[name] for name in names}, **_look(console))
    return _answered(console, lint_files(asked))


def _explained(console: Console, text: str | None, rule: str) -> int:
    if text is None:
        raise UsageError(f"anon lint: there is no rule {rule}", hint="docs/dicomedit-lint.md lists them")
    console.data(text)
    return 0


@anon.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where something would be laid out.")
@talk_options("text")
def fmt(files: tuple[Path, ...], check: bool, **options: Any) -> int:
    """Lay scripts out. What they do stays the same.

    Example: xnat-bootstrap anon fmt --check anon_scripts
    """
    from bootstrap.ops.anon import format_files

    return _answered(console_of(options), format_files(files, check=check))


@anon.command()
@click.argument("script", type=FILE)
@click.argument("source", type=FILE, metavar="IN")
@click.argument("target", type=FILE, metavar="OUT")
@VARIABLES
@click.option(
    "--as",
    "moment",
    type=click.Choice(["receipt", "archive"]),
    default="receipt",
    show_default=True,
    help="As XNAT runs a site script on each file, or a project script over a study.",
)
@click.option("--overwrite", is_flag=True, help="Files that are there already may be replaced.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; one for each core if not given.")
@RECORD
@TEMPLATE_VARS
@talk_options("text", "json")
def run(script: Path, source: Path, target: Path, variables: tuple[str, ...], **options: Any) -> int:
    """Run a script over a file or a folder of files.

    Exit code 0: all done (what the script rejects, and what in a folder is no DICOM, counts as done); 5: some files
    failed; 1: all did, or the one file that was named.

    Example: xnat-bootstrap anon run site.das incoming/ out/ --var project=BRAIN --var subject=S1 --var session=S1_MR
    """
    from bootstrap.ops.anon_run import RunAsked, count_files
    from bootstrap.ops.anon_run import run as run_script

    console = console_of(options)
    names = ("moment", "overwrite", "workers", "record_id", "template_vars", "format")
    given = {name: options[name] for name in names}
    asked = RunAsked(script, source, target, _variables(variables), **given, **_look(console))
    with console.progress.task("anon run", count_files(asked)) as task:
        answer = run_script(asked, task.advance)
    return _answered(console, answer)


@anon.command()
@click.argument("script", type=FILE)
@click.argument("file", type=FILE)
@VARIABLES
@RECORD
@TEMPLATE_VARS
@talk_options("text", "json")
def diff(script: Path, file: Path, variables: tuple[str, ...], **options: Any) -> int:
    """Before and after, tag by tag, of what a script does to one file. Nothing is written.

    Example: xnat-bootstrap anon diff site.das image.dcm --var subject=S1
    """
    from bootstrap.ops.anon_diff import DiffAsked
    from bootstrap.ops.anon_diff import diff as diff_file

    console = console_of(options)
    given = {name: options[name] for name in ("record_id", "template_vars", "format")}
    return _answered(console, diff_file(DiffAsked(script, file, _variables(variables), **given, **_look(console))))


@anon.command()
@click.argument("script", type=FILE)
@click.option("--require", metavar="basic[,OPTION...]", help="Exit code 1 where this is not covered.")
@click.option("--prove", is_flag=True, help="Run it over a data set full of canaries; exit code 1 if one survives.")
@click.option("--html", type=FILE, help="Write a picture of one page.")
@click.option("--all", "all_rows", is_flag=True, help="Every attribute, also those that are handled.")
@VARIABLES
@TEMPLATE_VARS
@talk_options("text", "json")
def coverage(script: Path, variables: tuple[str, ...], **options: Any) -> int:
    """Which attributes of DICOM PS3.15 Annex E a script takes care of, and which only on some way or at the root.

    Example: xnat-bootstrap anon coverage anon_scripts/site-basic-profile.das --require basic --prove
    """
    from bootstrap.ops.anon_coverage import CoverageAsked, cover

    console = console_of(options)
    names = ("require", "prove", "html", "all_rows", "template_vars", "format")
    given = {name: options[name] for name in names}
    answer = cover(CoverageAsked(script, colour=console.colour, variables=_variables(variables), **given))
    console.data(answer.text)
    return answer.exit_code


@anon.command()
@click.argument("folder", type=FILE)
@click.option("--all", "all_cases", is_flag=True, help="List the cases that hold, too.")
@talk_options("text", "json")
def test(folder: Path, all_cases: bool, **options: Any) -> int:
    """Run cases: input tags, variables, expected tags. Exit code 1 where one fails.

    Example: xnat-bootstrap anon test anon_scripts/cases
    """
    from bootstrap.ops.anon_case_report import run_cases

    console = console_of(options)
    answer = run_cases(folder, form=options["format"], colour=console.colour, all_cases=all_cases)
    return _answered(console, answer)


def _answered(console: Console, answer: Any) -> int:
    console.data(answer.text)
    code: int = answer.exit_code
    return code


def _look(console: Console) -> dict[str, Any]:
    return {"colour": console.colour, "width": max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))}


def _variables(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"--var {text}: a name and a value are wanted", hint="--var subject=S1")
        found[name] = value
    return found
