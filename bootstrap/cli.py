"""The verbs: parse, call one function, print, exit code. What a verb does lies in ops/."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bootstrap import __version__
from bootstrap.errors import BootstrapError, UsageError

if TYPE_CHECKING:
    from bootstrap.engine.report.report import Report
    from bootstrap.engine.run import Talk
    from bootstrap.ops.console import Console
    from bootstrap.ops.jobs import Job
    from bootstrap.ops.session import Asked, Tools

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
OVERLAYS = click.option("-f", "overlays", type=FILE, multiple=True, help="An overlay over the site file; repeatable.")
SERVER_OPTIONS = _together(
    OVERLAYS,
    click.option("--url", help="The server, instead of the site file's."),
    click.option("--username", help="The account, instead of the site file's."),
    click.option("--ca-file", type=FILE, help="A PEM file with the server's certificate authority."),
    click.option("--timeout", type=click.FloatRange(min=0.1), help="Seconds that one answer may take."),
    click.option("--parallel", type=click.IntRange(1, 16), help="How many reads go at the same time."),
)
PLAN_OPTIONS = _together(
    click.option("--only", multiple=True, metavar="KIND[:NAME]", help="Only these, and what they need; repeatable."),
    click.option("--prune", is_flag=True, help="Remove what the ledger names and the file does not name any more."),
    click.option("--allow", multiple=True, metavar="RULE", help="Let a safety rule pass; repeatable."),
    click.option("--all", "include_none", is_flag=True, help="List what is right already, too."),
)


class Verbs(click.Group):
    """Keeps the verbs in the order in which they are needed."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xnat-bootstrap")
def cli() -> None:
    """An XNAT site as code: one YAML file says what an XNAT is to be; this makes it so, and keeps it so.

    Exit codes: 0 nothing to do or done, 1 error, 2 changes pending, 3 refused for safety,
    4 server unreachable or not ready, 5 partly applied, 64 wrong usage.
    """


def main(arguments: list[str] | None = None) -> None:
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """One call of the program, as an exit code."""
    try:
        code = cli.main(arguments, prog_name="xnat-bootstrap", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.UsageError as error:
        error.show()
        return UsageError.exit_code
    except click.Abort:
        return _say("interrupted", 1)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except BootstrapError as error:
        return _say(str(error), error.exit_code)
    except OSError as error:
        return _say(f"{error.filename or 'the operating system'}: {error.strerror or error}", 1)
    return code if isinstance(code, int) else 0


def _say(text: str, code: int) -> int:
    click.echo(f"xnat-bootstrap: {text}", err=True)
    return code


def _console(talk: dict[str, Any]) -> Console:
    from bootstrap.ops.console import Console

    console = Console(talk["format"], talk["output"], talk["verbosity"], talk["quiet"], talk["no_colour"])
    console.set_up_logging()
    return console


def _asked(options: dict[str, Any]) -> Asked:
    from bootstrap.ops.session import Asked

    names = ("overlays", "url", "username", "ca_file", "timeout", "parallel")
    return Asked(**{name: options[name] for name in names if options.get(name)})


def _tools(console: Console) -> Tools:
    from bootstrap.ops.session import Tools

    return Tools(environ=console.environ, tell=console.tell, verbosity=console.verbosity)


def _job(site: Path, options: dict[str, Any]) -> Job:
    from bootstrap.engine.options import Options, checked_rules
    from bootstrap.ops.jobs import Job

    plan_options = Options(
        only=tuple(options.get("only", ())),
        prune=options.get("prune", False),
        allow=checked_rules(options.get("allow", ())),
    )
    return Job(site, _asked(options), plan_options, options.get("include_none", False))


def _reported(verb: str, console: Console, make: Callable[[], Report]) -> int:
    """Makes a report and prints it; an error becomes a report as well, so that every format is kept."""
    from bootstrap.ops.console import report_of_error

    try:
        with console.progress.task(verb):
            report = make()
    except UsageError:
        raise
    except BootstrapError as error:
        if console.format == "text" and console.output is None:
            raise
        report = report_of_error(verb, error)
    console.report(report)
    return report.exit_code


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

    console = _console(options)
    return init_site(folder, source, _asked(options), _tools(console), console)


@cli.command()
@SITE
@OVERLAYS
@talk_options(*REPORT_FORMATS)
def validate(site: Path, **options: Any) -> int:
    """Everything that can be known without a server; all problems at once.

    Example: xnat-bootstrap validate sites/hospital -f prod.yaml
    """
    from bootstrap.ops import jobs

    console = _console(options)
    return _reported("validate", console, lambda: jobs.validate(_job(site, options), _tools(console)))


@cli.command()
@click.argument("topic", required=False, metavar="[KIND[.FIELD]]")
@talk_options("text", "json", "markdown")
def explain(topic: str | None, **options: Any) -> int:
    """The reference of the site file.

    Example: xnat-bootstrap explain anonymization.script
    """
    from bootstrap.ops.offline import explain_text

    console = _console(options)
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

    _console(options).data(schema_text(which))
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

    console = _console(options)
    console.data(render_text(site, _asked(options), _tools(console), console.format))
    return 0


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

    console = _console(options)
    return wait_for_site(site, _asked(options), _tools(console), console, limit)


@cli.command()
@SITE
@SERVER_OPTIONS
@talk_options("text", "json")
def doctor(site: Path, **options: Any) -> int:
    """What this server is, what the file wants, what fits, what does not, and the mend.

    Example: xnat-bootstrap doctor sites/hospital
    """
    from bootstrap.ops.doctor import examine

    console = _console(options)
    return examine(site, _asked(options), _tools(console), console)


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

    console = _console(options)

    def make() -> Report:
        made, report = jobs.plan(_job(site, options), _tools(console))
        if save:
            save_plan(made, save)
            console.tell(f"the plan is in {save}")
        return report

    return _reported("plan", console, make)


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
    from bootstrap.engine.saved import load_document
    from bootstrap.ops import jobs

    console = _console(options)
    job, tools, talk = _job(site, options), _tools(console), _talk(console)
    if site.suffix != ".json":
        return _reported("apply", console, lambda: jobs.apply(job, tools, talk))
    document = load_document(site)
    if document["format"] == "xnat-bootstrap/undo":
        return _reported("apply", console, lambda: jobs.undo(site, document, job, tools, talk))
    return _reported("apply", console, lambda: jobs.apply_saved(site, document, job, tools, talk))


def _talk(console: Console) -> Talk:
    from bootstrap.engine.run import Talk

    def confirm(question: str) -> bool:
        if not console.interactive:
            return True
        with console.progress.paused():
            return click.confirm(question, err=True)

    return Talk(console.progress.tell, confirm)


@cli.command()
@SITE
@SERVER_OPTIONS
@click.option("--only", multiple=True, metavar="KIND[:NAME]", help="Only these, and what they need; repeatable.")
@talk_options(*REPORT_FORMATS)
def drift(site: Path, **options: Any) -> int:
    """What somebody changed on the server since the last apply.

    Example: xnat-bootstrap drift sites/hospital --format markdown
    """
    from bootstrap.ops import jobs

    console = _console(options)
    return _reported("drift", console, lambda: jobs.drift(_job(site, options), _tools(console)))


@cli.command()
@click.argument("site", default=".", metavar="SITE|URL")
@SERVER_OPTIONS
@click.option("-o", "folder", type=FILE, help="The folder to write; without it the site file is printed.")
@talk_options("text", "json")
def export(site: str, folder: Path | None, **options: Any) -> int:
    """The server as a site file that plans empty.

    Example: xnat-bootstrap export https://xnat.example.org -o sites/example
    """
    from bootstrap.ops.export import export_site

    console = _console(options)
    return export_site(site, folder, _asked(options), _tools(console), console)


@cli.command()
@SITE
@SERVER_OPTIONS
@talk_options("text", "json")
def unlock(site: Path, **options: Any) -> int:
    """Remove a lock that was left behind, after showing whose it is.

    Example: xnat-bootstrap unlock sites/hospital
    """
    from bootstrap.ops.unlock import unlock_site

    console = _console(options)
    confirm = _talk(console).confirm
    return unlock_site(site, _asked(options), _tools(console), console, confirm)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Elsewhere than loopback: for practice only.")
@click.option("--state", type=FILE, default=Path(".practice"), show_default=True, help="Where it keeps everything.")
@click.option("--uninitialised", is_flag=True, help="A new state folder begins as an XNAT that nobody has set up.")
@click.option("--dicom-port", type=click.IntRange(0, 65535), help="Listen for DICOM here.")
@click.option("--fault", "faults", multiple=True, metavar="RULE", help="Misbehave on purpose; repeatable.")
@talk_options("text")
def practice(**options: Any) -> int:
    """An XNAT to practise on, in the foreground: admin/admin, state in a folder.

    Example: xnat-bootstrap practice --port 8080 --state .practice
    """
    from bootstrap.ops.practising import serve_practice

    _console(options)
    return serve_practice(**{key: options[key] for key in _PRACTICE_OPTIONS})


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


def _not_built(name: str, what: str) -> None:
    """A verb of the interface whose part is not built yet says so and fails."""

    @cli.command(name, context_settings={"ignore_unknown_options": True}, help=f"Not built yet: {what}.")
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def verb(arguments: tuple[str, ...]) -> int:
        raise BootstrapError(f"`{name}` is not built yet: {what}", hint="nothing was done")


_not_built("plugins", "plugins are not managed yet")
_not_built("anon", "the DicomEdit tools are not there yet")
_not_built("verify", "the proof with a synthetic study is not there yet")
_not_built("runs", "the list of container runs is not there yet")
