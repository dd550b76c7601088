"""Applying: in order, checked again, written, read back, journalled; failures stay local."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Entry, Ledger, read_ledger
from bootstrap.engine.options import Options
from bootstrap.engine.order import KindOrder
from bootstrap.engine.outcome import exit_code
from bootstrap.engine.plan import Plan
from bootstrap.engine.planner import gone_resources, make_plan
from bootstrap.engine.run import Applied, ApplyRun, Talk
from bootstrap.engine.saved import load_document
from bootstrap.engine.tokens import Sealer
from bootstrap.engine.undo import undo_from_json
from bootstrap.errors import LocalFileError, LockHeld, OutcomeUnknown, Refused, Rejected, ServerFailed, Unreachable
from bootstrap.kinds.kind import UNREADABLE, Resource, State
from bootstrap.values import Secret
from bootstrap.xnat.connection import Connection
from tests.engine.toy import DAY, ToyKind, World, connection, inputs, resource, toy


@dataclass
class Bench:
    """Plans and applies one after another, as separate runs against the same server."""

    folder: Path
    kinds: list[ToyKind]
    world: World = field(default_factory=World)
    options: Options = field(default_factory=lambda: Options(today=DAY))
    confirm: bool = True

    def __post_init__(self) -> None:
        self.xnat: Connection = connection(self.world)

    def given(self) -> Inputs:
        ledger = self.ledger()
        order = inputs(self.kinds, self.xnat).order
        wanted = [r for kind in self.kinds for r in kind.resources]
        gone = gone_resources(order, wanted, ledger, ()) if self.options.prune else []
        return inputs(self.kinds, self.xnat, ledger=ledger, options=self.options, extra=gone)

    def ledger(self) -> Ledger:
        texts = [row["contents"] for row in toy(self.xnat).rows if row["path"] == "ledger/default"]
        return read_ledger("default", texts[-1] if texts else None)

    def apply(self, plan: Plan | None = None, given: Inputs | None = None) -> Applied:
        given = given or self.given()
        chosen = plan or make_plan(given)
        return ApplyRun(given, chosen, self.xnat, self.folder, Talk(confirm=lambda _question: self.confirm)).run()


def outcomes(done: Applied) -> list[tuple[str, str, str]]:
    return [(item.change.ref, item.change.action, item.outcome) for item in done.items]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    kind = ToyKind("toy")
    kind.resources = [resource("toy:a", size=1), resource("toy:b", size=2)]
    return Bench(tmp_path, [kind])


def test_the_second_run_writes_nothing_and_leaves_ledger_and_lock_alone(bench: Bench) -> None:
    assert outcomes(bench.apply()) == [("toy:a", "create", "done"), ("toy:b", "create", "done")]
    kept = list(toy(bench.xnat).rows)
    bench.world.log.clear()
    again = bench.apply()
    assert again.items == []
    assert bench.world.log == []
    assert toy(bench.xnat).rows == kept


def test_the_ledger_names_what_was_applied_and_no_values(bench: Bench) -> None:
    bench.kinds[0].resources = [resource("toy:a", password=Secret("canary-in-the-ledger"))]
    bench.apply()
    text = json.dumps(toy(bench.xnat).ledger())
    assert "toy:a" in text
    assert "canary-in-the-ledger" not in text
    assert bench.ledger().underway == frozenset()


def test_what_was_right_already_becomes_ours_when_something_is_written(bench: Bench) -> None:
    bench.world.things["toy:a"] = {"size": 1}
    bench.apply()
    assert set(bench.ledger().entries) == {"toy:a", "toy:b"}


def test_the_lock_is_taken_and_released_around_the_writes(bench: Bench) -> None:
    bench.apply()
    lines = [line.rsplit("/", 2)[-2:] for line in toy(bench.xnat).bookkeeping]
    assert [line[-1] for line in lines] == ["lock", "default", "default", "lock"]
    states = [json.loads(row["contents"])["state"] for row in toy(bench.xnat).rows if row["path"] == "lock"]
    assert states == ["held", "released"]


def test_a_held_lock_stops_before_anything_is_written(bench: Bench) -> None:
    from bootstrap.engine.lock import Lock
    from bootstrap.engine.store import Store

    other = Lock(Store(toy(bench.xnat)), "radiology", lambda _s: None)  # type: ignore[arg-type]
    with toy(bench.xnat).writing(), other:
        with pytest.raises(LockHeld, match="radiology"):
            bench.apply()
        assert bench.world.log == []


def test_a_failure_stays_local_and_its_dependents_are_skipped_with_the_causes_name(tmp_path: Path) -> None:
    low, high = ToyKind("low"), ToyKind("high", needs=("low",))
    low.resources = [resource("low:a", size=1), resource("low:b", size=1)]
    high.resources = [resource("high:x", needs=("low:a",), size=1), resource("high:y", needs=("low:b",), size=1)]
    bench = Bench(tmp_path, [low, high], World(before={"low:a": [Rejected("no")]}))
    done = bench.apply()
    assert outcomes(done) == [
        ("low:a", "create", "failed"),
        ("low:b", "create", "done"),
        ("high:x", "create", "skipped"),
        ("high:y", "create", "done"),
    ]
    assert "low:a" in str(done.items[2].error)
    assert exit_code(done.items) == 5


def test_a_500_after_the_write_is_looked_up_and_not_sent_again(bench: Bench) -> None:
    bench.world.after["toy:a"] = [ServerFailed("500")]
    assert outcomes(bench.apply())[0] == ("toy:a", "create", "done")
    assert bench.world.log.count("create toy:a") == 1


def test_a_write_without_an_answer_that_did_not_happen_is_sent_once_more(bench: Bench) -> None:
    bench.world.before["toy:a"] = [OutcomeUnknown("cut")]
    assert outcomes(bench.apply())[0] == ("toy:a", "create", "done")
    assert bench.world.log.count("create toy:a") == 1


def test_a_write_that_keeps_failing_is_failed_after_the_second_try(bench: Bench) -> None:
    bench.world.before["toy:a"] = [ServerFailed("first"), ServerFailed("second")]
    done = bench.apply()
    assert outcomes(done)[0] == ("toy:a", "create", "failed")
    assert "second" in str(done.items[0].error)


def test_what_fails_twice_alike_is_told_once(bench: Bench) -> None:
    bench.world.before["toy:a"] = [ServerFailed("the disk is full"), ServerFailed("the disk is full")]
    done = bench.apply()
    error = next(item.error for item in done.items if item.change.ref == "toy:a") or ""
    assert error.count("the disk is full") == 1
    assert "the same once more" in error


def test_an_outcome_that_cannot_be_looked_up_is_unknown_and_stays_ours(bench: Bench) -> None:
    bench.world.before["toy:a"] = [OutcomeUnknown("cut"), Unreachable("gone")]
    done = bench.apply()
    assert outcomes(done) == [("toy:a", "create", "unknown"), ("toy:b", "create", "skipped")]
    assert exit_code(done.items) == 5
    assert bench.ledger().owns("toy:a")


def test_what_reads_back_otherwise_is_failed_with_both_values(bench: Bench) -> None:
    bench.world.stored_otherwise["toy:a"] = 60
    done = bench.apply()
    assert outcomes(done)[0] == ("toy:a", "create", "failed")
    assert "sent 1, stored 60" in str(done.items[0].error)
    assert outcomes(done)[1][2] == "done"


def test_a_write_only_field_counts_as_stored_when_the_server_took_it(tmp_path: Path) -> None:
    class Vault(ToyKind):
        def read(self, xnat: Connection, wanted: Any) -> Any:
            return {name: State({"password": UNREADABLE}) for name in super().read(xnat, wanted)}

    vault = Vault("vault")
    vault.resources = [resource("vault:a", password=Secret("p"))]
    bench = Bench(tmp_path, [vault])
    assert outcomes(bench.apply()) == [("vault:a", "create", "done")]
    assert bench.apply().items == []
    vault.resources = [resource("vault:a", password=Secret("q"))]
    assert outcomes(bench.apply()) == [("vault:a", "update", "done")]


def test_a_stale_saved_plan_skips_just_the_stale_thing(bench: Bench) -> None:
    bench.apply()
    bench.kinds[0].resources = [resource("toy:a", size=10), resource("toy:b", size=20)]
    saved = make_plan(bench.given())
    bench.world.things["toy:a"]["size"] = 5
    done = bench.apply(saved)
    assert outcomes(done) == [("toy:a", "update", "skipped"), ("toy:b", "update", "done")]
    assert bench.world.things["toy:a"] == {"size": 5}
    assert exit_code(done.items) == 5


def test_a_saved_plan_that_is_all_stale_is_refused(bench: Bench) -> None:
    saved = make_plan(bench.given())
    bench.world.things = {"toy:a": {"size": 7}, "toy:b": {"size": 7}}
    done = bench.apply(saved)
    assert {outcome for _ref, _action, outcome in outcomes(done)} == {"skipped"}
    assert exit_code(done.items) == 3


def gated(folder: Path, **behind: Any) -> Bench:
    gate, kind = ToyKind("gate"), ToyKind("toy", needs=("gate",))
    gate.resources = [resource("gate:door", open=True)]
    kind.resources = [resource("toy:a", size=1)]
    world = World({"gate:door": {"open": False}, **({"toy:a": behind} if behind else {})})
    return Bench(folder, [gate, kind], world)


def test_pending_things_are_read_and_diffed_after_their_cause(tmp_path: Path) -> None:
    assert outcomes(gated(tmp_path / "1").apply())[1] == ("toy:a", "create", "done")
    assert outcomes(gated(tmp_path / "2", size=3).apply())[1] == ("toy:a", "update", "done")


def test_a_pending_thing_that_is_right_needs_no_write_and_is_ours_afterwards(tmp_path: Path) -> None:
    bench = gated(tmp_path, size=1)
    assert outcomes(bench.apply()) == [("gate:door", "update", "done")]
    assert bench.ledger().owns("toy:a")


def test_a_pending_thing_is_skipped_when_its_cause_fails(tmp_path: Path) -> None:
    bench = gated(tmp_path)
    bench.world.before["gate:door"] = [Rejected("no")]
    assert outcomes(bench.apply()) == [("gate:door", "update", "failed"), ("toy:a", "pending", "skipped")]


def test_a_pending_thing_that_turns_out_refused_is_failed(tmp_path: Path) -> None:
    bench = gated(tmp_path, script="server")
    bench.kinds[1].refuse_both_moved = True  # type: ignore[misc]
    bench.kinds[1].resources = [resource("toy:a", script="file")]
    tokens = Sealer("pepper").tokens("toy:a", {"script": "old"})
    before = Ledger(entries={"toy:a": Entry(tokens)}, salt="pepper", ever_applied=True)
    done = bench.apply(given=inputs(bench.kinds, bench.xnat, ledger=before))
    assert outcomes(done)[1] == ("toy:a", "update", "failed")


def test_first_run_things_are_written_before_the_lock(tmp_path: Path) -> None:
    gate, kind = ToyKind("gate", before_lock=True, remembered=False), ToyKind("toy", needs=("gate",))
    gate.resources, kind.resources = [resource("gate:door", open=True)], [resource("toy:a", size=1)]
    bench = Bench(tmp_path, [gate, kind], World({"gate:door": {"open": False}}))
    seen: list[list[str]] = []
    toy(bench.xnat).on_row.append(lambda _path, _text: seen.append(list(bench.world.log)))
    bench.apply()
    assert seen[0] == ["update gate:door"]
    assert set(bench.ledger().entries) == {"toy:a"}


def test_without_a_lock_nothing_else_is_written_when_the_first_run_fails(tmp_path: Path) -> None:
    gate, kind = ToyKind("gate", before_lock=True, remembered=False), ToyKind("toy", needs=("gate",))
    gate.resources, kind.resources = [resource("gate:door", open=True)], [resource("toy:a", size=1)]
    world = World({"gate:door": {"open": False}}, before={"gate:door": [Rejected("no")]})
    bench = Bench(tmp_path, [gate, kind], world)
    assert [o for _r, _a, o in outcomes(bench.apply())] == ["failed", "skipped"]
    assert toy(bench.xnat).bookkeeping == []


def test_refusals_keep_a_plan_from_being_applied(bench: Bench) -> None:
    given = replace(bench.given(), foreign={"toy:a": "radiology"})
    done = bench.apply(given=given)
    assert done.refused
    assert bench.world.log == []


def test_removals_are_confirmed_and_leave_the_ledger(bench: Bench) -> None:
    bench.apply()
    bench.kinds[0].resources = bench.kinds[0].resources[:1]
    bench.options = Options(today=DAY, prune=True)
    bench.confirm = False
    with pytest.raises(Refused):
        bench.apply()
    bench.confirm = True
    assert outcomes(bench.apply()) == [("toy:b", "delete", "done")]
    assert set(bench.ledger().entries) == {"toy:a"}


def test_a_rename_moves_the_ledgers_entry(bench: Bench) -> None:
    bench.apply()
    bench.kinds[0].resources = [resource("toy:c", was="a", size=1), resource("toy:b", size=2)]
    assert outcomes(bench.apply()) == [("toy:c", "rename", "done")]
    assert set(bench.ledger().entries) == {"toy:b", "toy:c"}
    assert bench.apply().items == []


def test_accepted_fields_do_not_fail_the_read_back(bench: Bench) -> None:
    from bootstrap.engine.accept import Acceptance

    bench.world.things = {"toy:a": {"size": 9, "colour": "blue"}, "toy:b": {"size": 2}}
    bench.kinds[0].resources = [resource("toy:a", size=1, colour="red"), resource("toy:b", size=2)]
    given = replace(bench.given(), accepted=[Acceptance(what="toy:a", field="size", reason="by hand", until=DAY)])
    assert outcomes(bench.apply(given=given)) == [("toy:a", "update", "done")]
    assert bench.world.things["toy:a"] == {"size": 9, "colour": "red"}


def test_ctrl_c_leaves_the_lock_free_and_a_ledger_that_the_next_run_finishes(bench: Bench) -> None:
    class Interrupting(ToyKind):
        def create(self, xnat: Connection, wanted: Resource) -> None:
            super().create(xnat, wanted)
            if wanted.name == "a":
                raise KeyboardInterrupt

    kind = Interrupting("toy")
    kind.resources = bench.kinds[0].resources
    bench.kinds = [kind]
    done = bench.apply()
    assert "interrupted" in done.problems[-1].message
    assert exit_code(done.items) != 0
    states = [json.loads(row["contents"])["state"] for row in toy(bench.xnat).rows if row["path"] == "lock"]
    assert states[-1] == "released"
    assert bench.ledger().owns("toy:a")
    assert outcomes(bench.apply()) == [("toy:b", "create", "done")]


def test_a_full_disk_stops_the_run_before_the_write_that_could_not_be_journalled(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bootstrap.engine.journal import Journal

    real = Journal.intend

    def full(self: Journal, change: Any, before: Any) -> None:
        if change.name == "b":
            raise LocalFileError("writing the journal: No space left on device")
        real(self, change, before)

    monkeypatch.setattr(Journal, "intend", full)
    done = bench.apply()
    assert bench.world.log == ["create toy:a"]
    assert [(ref, outcome) for ref, _action, outcome in outcomes(done)][-1] == ("toy:b", "skipped")
    assert "No space left" in done.problems[-1].message


def test_what_needs_a_deferred_thing_is_made_all_the_same(tmp_path: Path) -> None:
    class Late(ToyKind):
        def defers(self, xnat: object, wanted: object, current: object) -> str | None:
            return "no engine here"

    late, kind = Late("late"), ToyKind("toy", needs=("late",))
    late.resources, kind.resources = [resource("late:a", size=1)], [resource("toy:x", needs=("late:a",), size=1)]
    bench = Bench(tmp_path, [late, kind])
    done = bench.apply()
    assert outcomes(done) == [("toy:x", "create", "done")]
    assert (done.plan.deferred, set(bench.ledger().entries)) == (1, {"toy:x"})


def test_many_pending_things_of_a_kind_are_read_together(tmp_path: Path) -> None:
    class Counting(ToyKind):
        reads = 0

        def read(self, xnat: Connection, wanted: Any) -> Any:
            self.reads += 1
            return super().read(xnat, wanted)

    gate, kind = ToyKind("gate"), Counting("toy", needs=("gate",))
    gate.resources = [resource("gate:door", open=True)]
    kind.resources = [resource(f"toy:n{i}", size=1) for i in range(50)]
    bench = Bench(tmp_path, [gate, kind], World({"gate:door": {"open": False}}))
    assert {outcome for _r, _a, outcome in outcomes(bench.apply())} == {"done"}
    assert kind.reads == 2  # before the writes, and after them


def test_pruning_in_the_same_run_does_not_refuse_pending_things(tmp_path: Path) -> None:
    bench = gated(tmp_path)
    tokens = Sealer("pepper").tokens("toy:x", {"size": 1})
    gone = {f"toy:g{i}": Entry(tokens) for i in range(4)}
    before = Ledger(entries=gone, salt="pepper", ever_applied=True)
    given = inputs(bench.kinds, bench.xnat, ledger=before, options=Options(today=DAY, prune=True))
    assert outcomes(bench.apply(given=given))[1] == ("toy:a", "create", "done")


def test_a_rename_is_undone_by_a_rename_and_never_by_a_removal(bench: Bench) -> None:
    bench.apply()
    bench.kinds[0].resources = [resource("toy:c", was="a", size=5), resource("toy:b", size=2)]
    done = bench.apply()
    assert done.undo is not None
    steps = json.loads(done.undo.read_text())["changes"]
    assert [(step["action"], step["name"], step["was"]) for step in steps] == [("restore", "a", "c")]
    undo = undo_from_json(load_document(done.undo), KindOrder(bench.kinds), done.undo)
    assert [(each.name, each.was, each.fields["size"]) for each in undo.restore] == [("a", "c", 1)]


def test_a_rename_that_got_no_answer_is_sent_once_more_only_if_it_did_not_happen(bench: Bench) -> None:
    class Silent(ToyKind):
        silent = True

        def rename(self, xnat: Connection, wanted: Resource, current: State) -> None:
            assert current.fields == {"size": 1}
            if Silent.silent:
                Silent.silent = False
                raise OutcomeUnknown("no answer", doing="renaming")
            super().rename(xnat, wanted, current)

    bench.apply()
    kind = Silent("toy")
    kind.resources = [resource("toy:c", was="a", size=5), resource("toy:b", size=2)]
    bench.kinds = [kind]
    assert outcomes(bench.apply()) == [("toy:c", "rename", "done")]
    assert bench.world.things["toy:c"]["size"] == 5


def test_what_our_own_change_moved_along_is_looked_at_anew_and_not_stale(bench: Bench) -> None:
    class Moving(ToyKind):
        def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
            super().update(xnat, wanted, current, changed)
            bench.world.things["later:b"] = {"size": 77, "colour": "green"}

    first, later = Moving("toy"), ToyKind("later", needs=("toy",))
    first.resources = [resource("toy:a", size=5)]
    later.resources = [replace(resource("later:b", size=2, colour="red"), needs=("toy:a",))]
    bench.kinds = [first, later]
    bench.world.things = {"toy:a": {"size": 1}, "later:b": {"size": 1, "colour": "red"}}
    done = bench.apply()
    assert outcomes(done) == [("toy:a", "update", "done"), ("later:b", "update", "done")]
    assert sorted(field.path for field in done.items[1].change.fields) == ["colour", "size"]
    assert bench.world.things["later:b"] == {"size": 2, "colour": "red"}
