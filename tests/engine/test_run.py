"""The life of one apply, where it does not go to its end: what the ledger keeps, and what the report says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine import lock as lock_module
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.outcome import exit_code
from bootstrap.errors import (
    BootstrapError,
    EngineUnreachable,
    LockHeld,
    OutcomeUnknown,
    ServerFailed,
    Unreachable,
    XnatError,
)
from bootstrap.kinds.kind import Resource, State
from bootstrap.values import errors_among
from bootstrap.xnat.connection import Connection
from tests.engine.test_apply import Bench, outcomes
from tests.engine.toy import ToyKind, resource, toy, world_of

LEDGER, LOCK = "/data/config/xnat-bootstrap/ledger/default", "/data/config/xnat-bootstrap/lock"
BOTH = {"toy:a": {"size": 1}, "toy:b": {"size": 2}}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    kind = ToyKind("toy")
    kind.resources = [resource("toy:a", size=1), resource("toy:b", size=2)]
    return Bench(tmp_path, [kind])


def announce(bench: Bench, *refs: str) -> None:
    toy(bench.xnat).add_row(LEDGER, Ledger().salted().announcing(refs).text())


def hold(bench: Bench) -> None:
    document = {"format": "xnat-bootstrap/lock", "state": "held", "token": "t", "owner": "other"}
    toy(bench.xnat).add_row(LOCK, json.dumps(document | {"since": datetime.now(UTC).isoformat()}))


def fail_when(bench: Bench, wanted: Callable[[str, str], bool], error: BaseException) -> None:
    """The writes of our own documents that are wanted fail, and nothing is stored."""
    client = toy(bench.xnat)
    real = client.write

    def write(method: str, path: str, *, text: str, **more: Any) -> None:
        if wanted(path, text):
            raise error
        real(method, path, text=text, **more)

    client.write = write  # type: ignore[method-assign]


def state_of_lock(bench: Bench) -> str:
    states = [json.loads(row["contents"])["state"] for row in toy(bench.xnat).rows if row["path"] == "lock"]
    return str(states[-1])


# What a cut run left


def test_what_a_cut_run_had_done_is_learnt_though_nothing_is_left_to_do(bench: Bench) -> None:
    bench.world.things = {name: dict(fields) for name, fields in BOTH.items()}
    announce(bench, "toy:a", "toy:b")
    done = bench.apply()
    assert (done.items, bench.world.log) == ([], [])
    assert set(bench.ledger().entries) == set(BOTH)
    assert bench.ledger().underway == frozenset()
    assert state_of_lock(bench) == "released"
    before = list(toy(bench.xnat).bookkeeping)
    assert bench.apply().items == []
    assert toy(bench.xnat).bookkeeping == before


def test_what_it_announced_and_the_file_does_not_name_any_more_stays_ours(bench: Bench) -> None:
    bench.world.things = {"toy:a": {"size": 1}, "toy:old": {"size": 9}}
    announce(bench, "toy:a", "toy:old")
    assert outcomes(bench.apply()) == [("toy:b", "create", "done")]
    assert bench.ledger().underway == {"toy:old"}
    bench.options = replace(bench.options, prune=True)
    assert outcomes(bench.apply()) == [("toy:old", "delete", "done")]
    assert bench.ledger().underway == frozenset()


def test_a_lock_that_is_held_puts_that_off(bench: Bench) -> None:
    bench.world.things = {name: dict(fields) for name, fields in BOTH.items()}
    announce(bench, "toy:a")
    hold(bench)
    done = bench.apply()
    assert [(problem.severity, problem.rule) for problem in done.problems] == [("note", "cut-run")]
    assert bench.ledger().underway == {"toy:a"}


def test_a_kind_that_cannot_be_read_puts_that_off(bench: Bench) -> None:
    announce(bench, "toy:a")
    bench.world.unreadable["toy"] = ServerFailed("no list")
    done = bench.apply()
    assert [problem.rule for problem in errors_among(done.problems)] == ["unread"]
    assert toy(bench.xnat).bookkeeping == []


def test_an_interrupted_run_keeps_everything_announced(bench: Bench) -> None:
    class Interrupting(ToyKind):
        def create(self, xnat: Connection, wanted: Resource) -> None:
            raise KeyboardInterrupt

    kind = Interrupting("toy")
    kind.resources, calm = bench.kinds[0].resources, bench.kinds[0]
    bench.kinds = [kind]
    done = bench.apply()
    assert [outcome for _ref, _action, outcome in outcomes(done)] == ["unknown", "skipped"]
    assert bench.ledger().underway == set(BOTH)
    assert state_of_lock(bench) == "released"
    bench.kinds = [calm]
    assert [outcome for _ref, _action, outcome in outcomes(bench.apply())] == ["done", "done"]
    assert bench.ledger().underway == frozenset()


# Where ledger and lock fail


def test_a_ledger_that_cannot_be_saved_in_the_end_leaves_the_report(bench: Bench) -> None:
    fail_when(bench, lambda path, text: path == LEDGER and '"toy:a":' in text, ServerFailed("disk full"))
    done = bench.apply()
    assert [outcome for _ref, _action, outcome in outcomes(done)] == ["done", "done"]
    assert [problem.rule for problem in errors_among(done.problems)] == ["stopped"]
    assert exit_code(done.items, stopped=True) == 5
    assert bench.ledger().underway == set(BOTH)
    assert state_of_lock(bench) == "released"
    assert done.undo


def test_a_lock_that_cannot_be_released_is_told(bench: Bench) -> None:
    fail_when(bench, lambda path, text: path == LOCK and "released" in text, ServerFailed("down"))
    done = bench.apply()
    assert [outcome for _ref, _action, outcome in outcomes(done)] == ["done", "done"]
    assert "down" in done.problems[-1].message


def test_why_a_run_was_stopped_is_told_once(tmp_path: Path) -> None:
    first, rest = ToyKind("first", before_lock=True, remembered=False), ToyKind("rest")
    first.resources = [resource("first:a", size=1)]
    rest.resources = [resource(f"rest:{name}", size=1) for name in "bcd"]
    bench = Bench(tmp_path, [first, rest])
    fail_when(bench, lambda path, _text: path == LOCK, OutcomeUnknown("the lock: no answer"))
    done = bench.apply()
    assert [outcome for _ref, _action, outcome in outcomes(done)] == ["done", "skipped", "skipped", "skipped"]
    told = [*(problem.message for problem in done.problems), *(item.error or "" for item in done.items)]
    assert sum("no answer" in text for text in told) == 1
    assert exit_code(done.items, stopped=True) == 5


@pytest.mark.parametrize("error", [EngineUnreachable("no engine"), BootstrapError("odd")])
def test_whatever_reading_fails_of_the_rest_goes_on(error: BootstrapError, tmp_path: Path) -> None:
    """Also where it is no answer of the XNAT that keeps a kind from being read."""

    class Lacking(ToyKind):
        planned = False

        def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
            if self.planned:
                raise error
            return super().read(xnat, wanted)

    lacking, rest = Lacking("lacking"), ToyKind("rest", needs=("lacking",))
    lacking.resources, rest.resources = [resource("lacking:a", size=1)], [resource("rest:b", size=1)]
    bench = Bench(tmp_path, [lacking, rest])
    given = bench.given()
    lacking.planned = True
    done = bench.apply(given=given)
    assert outcomes(done) == [("lacking:a", "create", "failed"), ("rest:b", "create", "done")]


def test_a_write_that_cannot_be_read_back_for_want_of_something_else_is_in_doubt(tmp_path: Path) -> None:
    class Lacking(ToyKind):
        def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
            if world_of(xnat).log:
                raise EngineUnreachable("no engine")
            return super().read(xnat, wanted)

    kind = Lacking("toy")
    kind.resources = [resource("toy:a", size=1)]
    bench = Bench(tmp_path, [kind])
    assert outcomes(bench.apply()) == [("toy:a", "create", "unknown")]
    assert state_of_lock(bench) == "released"


def test_a_lock_of_a_run_that_was_killed_is_taken_over_and_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(bench)
    monkeypatch.setattr(lock_module, "surely_dead", lambda process: not process)
    done = bench.apply()
    assert [outcome for _ref, _action, outcome in outcomes(done)] == ["done", "done"]
    assert [(p.severity, "owner `other`" in p.message) for p in done.problems if p.rule == "dead-lock"] == [
        ("note", True)
    ]


@pytest.mark.parametrize("error", [ServerFailed("down"), Unreachable("gone")])
def test_where_nothing_was_done_the_error_itself_is_told(error: XnatError, bench: Bench) -> None:
    fail_when(bench, lambda _path, _text: True, error)
    with pytest.raises(type(error)):
        bench.apply()
    assert bench.world.log == []


def test_what_was_done_before_the_lock_is_not_forgotten_when_the_lock_is_held(tmp_path: Path) -> None:
    first, rest = ToyKind("first", before_lock=True, remembered=False), ToyKind("rest", needs=("first",))
    first.resources, rest.resources = [resource("first:a", size=1)], [resource("rest:b", size=1)]
    bench = Bench(tmp_path, [first, rest])
    hold(bench)
    done = bench.apply()
    assert outcomes(done) == [("first:a", "create", "done"), ("rest:b", "create", "skipped")]
    assert "owner `other`" in done.problems[-1].message
    assert exit_code(done.items, stopped=True) == 5


def test_without_anything_done_a_held_lock_is_a_refusal(bench: Bench) -> None:
    hold(bench)
    with pytest.raises(LockHeld):
        bench.apply()


def test_pending_things_that_are_right_are_not_skipped_when_the_run_is_stopped(tmp_path: Path) -> None:
    door, kind = ToyKind("door"), ToyKind("toy", needs=("door",))
    door.resources, kind.resources = [resource("door:door", open=True)], [resource("toy:a", size=1)]
    bench = Bench(tmp_path, [door, kind])
    bench.world.things = {"toy:a": {"size": 1}}
    fail_when(bench, lambda path, text: path == LEDGER and '"door:door":' in text, ServerFailed("disk full"))
    done = bench.apply()
    assert outcomes(done) == [("door:door", "create", "done")]
    assert [problem.rule for problem in errors_among(done.problems)] == ["stopped"]
