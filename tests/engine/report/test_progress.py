"""What a person sees while waiting, and what stays behind: nothing."""

from __future__ import annotations

import io
import threading

import pytest

from bootstrap.engine.report.progress import Progress

NEVER = 3600.0
LONG_ENOUGH = 30.0  # seconds; only a failing test waits for them


class Terminal(io.StringIO):
    """A stream that says when a text has come."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._changed:
            written = super().write(text)
            self._changed.notify_all()
        return written

    def wait_for(self, text: str) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: text in self.getvalue(), LONG_ENOUGH)


@pytest.fixture(autouse=True)
def _a_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "progress"]


def test_work_that_takes_long_is_shown_with_its_step(capsys: pytest.CaptureFixture[str]) -> None:
    stream = Terminal()
    progress = Progress(stream, delay=0)
    with progress.task("applying", 3) as task:
        assert stream.wait_for("applying 0/3")
        task.advance()
        progress.tell("update \x1b[2Jthing")
        assert stream.wait_for("applying 1/3")
        assert stream.wait_for("update \\x1b[2Jthing")
    assert not ours()
    assert stream.getvalue().endswith("\x1b[2K")
    assert capsys.readouterr().out == ""


def test_work_that_is_soon_over_shows_nothing() -> None:
    stream = Terminal()
    with Progress(stream, delay=NEVER).task("applying"):
        assert len(ours()) == 1
    assert stream.getvalue() == ""
    assert not ours()


def test_no_thread_stays_when_the_work_fails() -> None:
    stream = Terminal()

    def interrupted() -> None:
        with Progress(stream, delay=0).task("applying"):
            assert stream.wait_for("applying")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not ours()
    assert stream.getvalue().endswith("\x1b[2K")


def test_lines_stand_above_what_is_shown() -> None:
    stream = Terminal()
    progress = Progress(stream, verbose=True, delay=0)
    with progress.task("applying"):
        assert stream.wait_for("applying")
        progress.tell("update [bold]thing")
        assert stream.wait_for("update [bold]thing\n")


def test_nothing_is_drawn_while_a_question_is_asked() -> None:
    stream = Terminal()
    progress = Progress(stream, delay=0)
    with progress.task("applying") as task:
        assert stream.wait_for("applying")
        with progress.paused():
            asked = len(stream.getvalue())
            task.title = "asked"
            stream.write("Remove it? ")
            assert stream.getvalue()[asked:] == "Remove it? "
        assert stream.wait_for("asked")


def test_what_begins_while_a_question_is_asked_waits_for_its_end() -> None:
    stream = Terminal()
    progress = Progress(stream, delay=0)
    with progress.paused(), progress.task("applying"):
        assert ours()
    assert "applying" not in stream.getvalue()


def test_a_task_within_a_task_takes_its_place_for_a_while() -> None:
    stream = Terminal()
    progress = Progress(stream, delay=0)
    with progress.task("outer"):
        with progress.task("inner", 2):
            assert stream.wait_for("inner 0/2")
            assert len(ours()) == 1
        length = len(stream.getvalue())
        assert stream.wait_for("outer")
        assert length > 0


@pytest.mark.parametrize(
    ("verbose", "quiet", "expected"), [(False, False, ""), (True, False, "reading\\x07\n"), (True, True, "")]
)
def test_without_a_terminal_there_are_plain_lines_or_nothing(verbose: bool, quiet: bool, expected: str) -> None:
    stream = io.StringIO()
    progress = Progress(stream, verbose=verbose, quiet=quiet, delay=0)
    with progress.task("planning"):
        assert not ours()
        progress.tell("reading\x07")
    assert stream.getvalue() == expected


def test_a_step_without_a_task_is_told_as_well() -> None:
    stream = io.StringIO()
    Progress(stream, verbose=True).tell("reading")
    assert stream.getvalue() == "reading\n"


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_be_drawn_on_is_left_alone(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    with Progress(Terminal(), delay=0).task("applying"):
        assert not ours()


def test_quiet_is_quiet_on_a_terminal_too() -> None:
    with Progress(Terminal(), quiet=True, delay=0).task("applying"):
        assert not ours()
