"""However a run ends, there is an exit code and at most one message, and no traceback."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bootstrap import __version__
from bootstrap.cli import cli, main
from bootstrap.cli.plumbing import console_of, reported, talk_of
from bootstrap.engine.report.report import Report
from bootstrap.errors import BootstrapError, LockHeld, SiteFileError, UsageError
from bootstrap.ops.console import Console, report_of_error
from bootstrap.values import Problem
from tests.live.conftest import SITE
from tests.live.processes import run_program
from tests.ops.conftest import Program

TALK = {"format": "text", "output": None, "verbosity": 0, "quiet": False, "no_colour": False}


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), 1, "xnat-bootstrap: interrupted\n"),
        (BootstrapError("no", hint="do"), 1, "xnat-bootstrap: no\n  -> do\n"),
        (LockHeld("held"), 3, "xnat-bootstrap: held\n"),
        (UsageError("wrong"), 64, "xnat-bootstrap: wrong\n"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x"), 1, "xnat-bootstrap: x: No space left on device\n"),
        (OSError("odd"), 1, "xnat-bootstrap: the operating system: odd\n"),
    ],
)
def test_what_is_raised_becomes_one_message(
    raised: BaseException, code: int, said: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise raised

    monkeypatch.setattr(cli.commands["explain"], "callback", fail)
    ending = program("explain")
    assert (ending.code, ending.out, ending.err.lstrip("\n")) == (code, "", said)


def test_a_reader_that_goes_away_ends_it_quietly(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []

    class Stderr:
        def close(self) -> None:
            closed.append(True)

    def fail(*_arguments: Any, **_options: Any) -> None:
        monkeypatch.setattr("sys.stderr", Stderr())
        raise BrokenPipeError

    monkeypatch.setattr(cli.commands["explain"], "callback", fail)
    assert program("explain").code == 1
    assert closed


def test_main_ends_with_the_code_and_takes_sigterm_for_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as ending:
            main(["--version"])
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ending.value.code == 0
    assert capsys.readouterr().out == f"xnat-bootstrap, version {__version__}\n"


def test_it_is_a_module_too() -> None:
    assert run_program("--version").stdout == f"xnat-bootstrap, version {__version__}\n"


# Reports of errors


@pytest.mark.parametrize(
    ("error", "rule", "code"),
    [(LockHeld("x"), "lock-held", 3), (BootstrapError("x"), "bootstrap-error", 1)],
)
def test_an_error_becomes_a_report(error: BootstrapError, rule: str, code: int) -> None:
    report = report_of_error("plan", error)
    assert [(problem.rule, problem.severity) for problem in report.problems] == [(rule, "error")]
    assert report.exit_code == code


def test_all_problems_of_a_site_file_are_in_its_report() -> None:
    problems = [Problem("error", "a", "one"), Problem("error", "b", "two")]
    assert list(report_of_error("plan", SiteFileError(problems)).problems) == problems


def failing(error: BootstrapError) -> Callable[[], Report]:
    def make() -> Report:
        raise error

    return make


def test_text_tells_an_error_on_stderr_and_a_file_gets_a_report(tmp_path: Path) -> None:
    with pytest.raises(LockHeld):
        reported("plan", Console(quiet=True), failing(LockHeld("held")))
    place = tmp_path / "report.txt"
    assert reported("plan", Console(output=place, quiet=True), failing(LockHeld("held"))) == 3
    assert "held" in place.read_text(encoding="utf-8")
    with pytest.raises(UsageError):
        reported("plan", Console("json", quiet=True), failing(UsageError("wrong")))


# How it talks


def terminal(monkeypatch: pytest.MonkeyPatch, is_one: bool = True) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: is_one)


@pytest.mark.parametrize(
    ("is_one", "console", "colour"),
    [
        (True, Console(environ={}), True),
        (False, Console(environ={}), False),
        (True, Console(environ={"NO_COLOR": ""}), False),
        (True, Console(environ={}, no_colour=True), False),
        (True, Console(environ={}, output=Path("x")), False),
    ],
)
def test_colours_are_for_terminals(
    is_one: bool, console: Console, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(monkeypatch, is_one)
    assert console.colour is colour


def test_it_asks_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def confirm(question: str, err: bool) -> bool:
        asked.append(question)
        return not err

    monkeypatch.setattr(click, "confirm", confirm)
    terminal(monkeypatch, False)
    assert talk_of(Console(environ={})).confirm("Sure?") is True
    terminal(monkeypatch)
    assert talk_of(Console(environ={})).confirm("Sure?") is False
    assert asked == ["Sure?"]


@pytest.mark.parametrize(("verbosity", "level"), [(0, logging.WARNING), (1, logging.INFO), (2, logging.DEBUG), (3, 10)])
@pytest.mark.usefixtures("program")
def test_how_much_is_logged(verbosity: int, level: int) -> None:
    console_of({**TALK, "verbosity": verbosity})
    assert logging.getLogger("bootstrap").level == level


def test_quiet_says_nothing_but_the_result(tmp_path: Path, program: Program) -> None:
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    said = program("render", str(tmp_path), "-q")
    assert (said.code, said.err) == (0, "")
    Console(quiet=True).tell("nothing")


def test_what_is_no_report_is_text_or_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Console().json_or({"a": 1}, "one")
    assert capsys.readouterr().out == "one\n"
    Console("json").json_or({"a": "é"}, "one")
    assert json.loads(capsys.readouterr().out) == {"a": "é"}
    Console(output=tmp_path / "out").data("text\n")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "text\n"


def test_who_asked_to_go_on_without_a_terminal_goes_on() -> None:
    """As `nohup` does."""
    heard = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        for before, after in ((signal.SIG_IGN, signal.SIG_IGN), (signal.SIG_DFL, signal.default_int_handler)):
            signal.signal(signal.SIGHUP, before)
            with pytest.raises(SystemExit):
                main(["--version"])
            assert signal.getsignal(signal.SIGHUP) == after
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
