"""The verbs: parse, call one function, print, exit code. What a verb does lies in ops/."""

from __future__ import annotations

import signal
import sys

import click

from bootstrap.cli import anon_verbs, other_verbs, plugin_verbs, server_verbs, site_verbs
from bootstrap.cli.group import cli
from bootstrap.errors import BootstrapError, UsageError

# Importing a module of verbs adds them to the program.
VERBS = (site_verbs, server_verbs, anon_verbs, plugin_verbs, other_verbs)


def main(arguments: list[str] | None = None) -> None:
    _hear_endings()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _hear_endings() -> None:
    """A cancelled pipeline and a closed terminal are as Ctrl-C: the lock is let go and the ledger saved."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # `nohup` asked to go on
        signal.signal(hang_up, signal.default_int_handler)


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


__all__ = ["VERBS", "cli", "main", "run"]
