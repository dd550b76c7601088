"""A run that is killed or interrupted at any of its writes: the next one understands what it left, and finishes."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootstrap.engine.lock import Lock
from bootstrap.engine.store import Store
from bootstrap.errors import LockHeld, Refused
from bootstrap.ops.console import Console
from bootstrap.ops.session import load, opened, target_of
from bootstrap.ops.unlock import unlock_site
from tests.live.conftest import SITE, Bench, serving
from tests.live.processes import Ended, SignalAt, run_signalled
from tests.live.test_faults import PLACES, converges, lock_is_free, nothing_doubled_nothing_lost, run


@contextmanager
def interrupted(folder: Path, rule: SignalAt) -> Iterator[tuple[Bench, Ended]]:
    (folder / "site").mkdir()
    with serving(folder / "state", faults=[rule]) as server:
        bench = Bench(folder / "site", server)
        bench.write()
        ending = run_signalled(rule, "apply", str(bench.folder), "--url", server.url)
        yield bench, ending


def every_journal_has_its_undo(bench: Bench) -> None:
    for journal in (bench.folder / ".xnat-bootstrap/journal").glob("*.jsonl"):
        wrote = any("about_to" in json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines())
        assert journal.with_suffix(".undo.json").exists() == wrote, journal


# What a write that was cut leaves is what the one before it leaves: each third is enough for those.
@pytest.mark.parametrize(
    ("place", "written"),
    [(place, True) for place in PLACES] + [(place, False) for place in PLACES[::3]],
    ids=str,
)
def test_kill_9_at_a_write(place: int, written: bool, tmp_path: Path) -> None:
    with interrupted(tmp_path, SignalAt(signal.SIGKILL, place, written)) as (bench, ending):
        assert ending.code == -signal.SIGKILL
        converges(bench)
        nothing_doubled_nothing_lost(bench)


@pytest.mark.parametrize("place", PLACES[::2])
def test_ctrl_c_at_a_write(place: int, tmp_path: Path) -> None:
    with interrupted(tmp_path, SignalAt(signal.SIGINT, place)) as (bench, ending):
        assert "Traceback" not in ending.stderr
        assert ending.code in (0, 1, 5)
        told = ending.stdout + ending.stderr
        assert "interrupted" in told or (place == max(PLACES) and "Done: " in told)  # all was done but signing out
        every_journal_has_its_undo(bench)
        converges(bench)
        nothing_doubled_nothing_lost(bench)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_cancelled_pipeline_and_a_closed_terminal_are_as_ctrl_c(number: signal.Signals, tmp_path: Path) -> None:
    with interrupted(tmp_path, SignalAt(number, 6)) as (bench, ending):
        assert (ending.code, "Traceback" in ending.stderr) == (5, False)
        assert lock_is_free(bench)
        every_journal_has_its_undo(bench)
        converges(bench)


def test_a_killed_run_gets_its_undo_document_from_the_next_one(tmp_path: Path) -> None:
    with interrupted(tmp_path, SignalAt(signal.SIGKILL, 6)) as (bench, _ending):
        assert not list((bench.folder / ".xnat-bootstrap/journal").glob("*.undo.json"))
        assert run(bench).code == 0
        every_journal_has_its_undo(bench)


def test_a_lock_of_another_machine_stands_until_it_is_removed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.apply()
    leave_a_lock_of_another_machine(bench, monkeypatch)
    bench.write(SITE.replace("30 minutes", "45 minutes"))
    ending = run(bench)
    assert isinstance(ending.error, LockHeld)
    assert "on far-away, since" in ending.error.message
    assert "unlock" in ending.error.hint
    assert bench.admin().setting("sessionTimeout") == "30 minutes"
    said = Console("json")
    assert unlock_site(bench.folder, bench.job().asked, bench.tools, said, lambda _question: True) == 0
    told = capsys.readouterr()
    assert "it counts until" in told.err
    assert json.loads(told.out)["removed"][0]["host"] == "far-away"
    assert "locked by owner `default`" in told.err
    assert run(bench).code == 0
    assert bench.admin().setting("sessionTimeout") == "45 minutes"


def test_unlock_asks_before_it_removes_a_lock_whose_run_may_live(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def refusing(question: str) -> bool:
        asked.append(question)
        return False

    def unlock() -> int:
        return unlock_site(bench.folder, bench.job().asked, bench.tools, Console("json"), refusing)

    bench.apply()
    leave_a_lock_of_another_machine(bench, monkeypatch)
    with pytest.raises(Refused, match="not confirmed"):
        unlock()
    assert not lock_is_free(bench)
    assert len(asked) == 1
    monkeypatch.setattr("bootstrap.engine.lock.surely_dead", lambda _process: True)
    assert unlock() == 0  # nobody is asked about the dead
    assert len(asked) == 1
    assert "its run was killed" in capsys.readouterr().err
    assert lock_is_free(bench)


def leave_a_lock_of_another_machine(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, tools = bench.job().asked, bench.tools
    with (
        monkeypatch.context() as there,
        opened(target_of(asked, tools, load(bench.folder, asked, tools)), tools) as xnat,
        xnat.client.writing(),
    ):
        there.setattr("bootstrap.engine.lock.socket.gethostname", lambda: "far-away")
        there.setattr("bootstrap.engine.lock.this_process", lambda: "0123456789abcdef/1/1")
        Lock(Store(xnat.client), "default", tools.pause).__enter__()
