"""A plan is a pure function of what is wanted, what is there, the ledger and the options."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bootstrap.engine.accept import Acceptance
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Entry, Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.plan import Plan
from bootstrap.engine.planner import gone_resources, make_plan
from bootstrap.engine.saved import plan_as_json
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import NotFound, Unreachable
from bootstrap.kinds.kind import UNREADABLE
from bootstrap.values import Problem, Secret
from tests.engine.toy import DAY, ToyKind, World, connection, inputs, resource


def applied(ref: str, salt: str = "pepper", **fields: object) -> dict[str, Entry]:
    return {ref: Entry(Sealer(salt).tokens(ref, fields))}


def ledger_of(*entries: dict[str, Entry], **more: object) -> Ledger:
    merged = {ref: entry for part in entries for ref, entry in part.items()}
    return replace(Ledger(entries=merged, salt="pepper", ever_applied=True), **more)  # type: ignore[arg-type]


def one_kind(*wanted: object, **things: dict[str, Any]) -> tuple[ToyKind, World]:
    kind = ToyKind("toy")
    kind.resources = list(wanted)  # type: ignore[arg-type]
    return kind, World({f"toy:{name}": dict(fields) for name, fields in things.items()})


def summary(plan: Plan) -> list[tuple[str, str]]:
    return [(change.ref, change.action) for change in plan.changes]


def test_what_is_missing_is_created_what_differs_updated_what_fits_left_alone() -> None:
    kind, world = one_kind(
        resource("toy:a", size=1), resource("toy:b", size=2), resource("toy:c", size=3), b={"size": 0}, c={"size": 3}
    )
    plan = make_plan(inputs([kind], connection(world)))
    assert summary(plan) == [("toy:a", "create"), ("toy:b", "update"), ("toy:c", "none")]
    assert plan.exit_code == 2
    assert plan.counted == 2


def test_same_input_same_bytes() -> None:
    kind, world = one_kind(resource("toy:a", size=1, password=Secret("canary")), a={"size": 2, "password": Secret("x")})
    plans = [json.dumps(plan_as_json(make_plan(inputs([kind], connection(world))))) for _ in range(2)]
    assert plans[0] == plans[1]
    assert "canary" not in plans[0]


def test_absent_fields_are_left_alone() -> None:
    kind, world = one_kind(resource("toy:a", size=1), a={"size": 1, "colour": "red"})
    assert make_plan(inputs([kind], connection(world))).exit_code == 0


@pytest.mark.parametrize(
    ("last", "now", "wanted", "moved"),
    [
        (1, 1, 2, "file"),
        (1, 2, 1, "server"),
        (1, 2, 3, "both"),
        (None, 2, 3, "new"),
    ],
)
def test_who_moved(last: int | None, now: int, wanted: int, moved: str) -> None:
    kind, world = one_kind(resource("toy:a", size=wanted), a={"size": now})
    ledger = ledger_of(applied("toy:a", size=last)) if last else ledger_of()
    plan = make_plan(inputs([kind], connection(world), ledger=ledger))
    assert [field.moved for field in plan.changes[0].fields] == [moved]


def test_a_write_only_secret_is_compared_with_the_ledger() -> None:
    kind, world = one_kind(resource("toy:a", password=Secret("new")), a={"password": UNREADABLE})
    same = ledger_of(applied("toy:a", password=Secret("new")))
    other = ledger_of(applied("toy:a", password=Secret("old")))
    assert make_plan(inputs([kind], connection(world), ledger=same)).exit_code == 0
    changed = make_plan(inputs([kind], connection(world), ledger=other))
    assert changed.changes[0].fields[0].as_json() == {
        "path": "password",
        "before": "***",
        "after": "***",
        "moved": "file",
    }


def test_maps_are_compared_part_by_part() -> None:
    kind, world = one_kind(resource("toy:a", doc={"x": 1, "y": {"z": 2}}), a={"doc": {"x": 1, "y": {"z": 3, "w": 4}}})
    fields = make_plan(inputs([kind], connection(world))).changes[0].fields
    assert [(f.path, f.before, f.after) for f in fields] == [("doc.y.w", 4, None), ("doc.y.z", 3, 2)]


def test_adoption_is_noted() -> None:
    kind, world = one_kind(resource("toy:a", size=2), a={"size": 1})
    assert make_plan(inputs([kind], connection(world))).changes[0].notes == ("adopts",)
    ours = ledger_of(applied("toy:a", size=1))
    assert make_plan(inputs([kind], connection(world), ledger=ours)).changes[0].notes == ()


def test_what_a_cut_run_announced_is_ours() -> None:
    kind, world = one_kind(resource("toy:a", size=2), a={"size": 1})
    cut = ledger_of(underway=frozenset({"toy:a"}))
    assert make_plan(inputs([kind], connection(world), ledger=cut)).changes[0].notes == ()


def test_another_owners_thing_is_refused_unless_allowed() -> None:
    kind, world = one_kind(resource("toy:a", size=2), a={"size": 1})
    plan = make_plan(inputs([kind], connection(world), foreign={"toy:a": "radiology"}))
    assert plan.exit_code == 3
    assert [problem.rule for problem in plan.refusals] == ["foreign"]
    assert "radiology" in plan.refusals[0].message
    allowed = Options(today=DAY, allow=frozenset({"foreign"}))
    assert make_plan(inputs([kind], connection(world), foreign={"toy:a": "radiology"}, options=allowed)).exit_code == 2


def test_a_script_that_moved_on_both_sides_is_refused_unless_allowed() -> None:
    kind, world = one_kind(resource("toy:a", script="file"), a={"script": "server"})
    kind.refuse_both_moved = True  # type: ignore[misc]
    ledger = ledger_of(applied("toy:a", script="old"))
    assert [p.rule for p in make_plan(inputs([kind], connection(world), ledger=ledger)).refusals] == ["both-moved"]
    allowed = Options(today=DAY, allow=frozenset({"both-moved"}))
    assert make_plan(inputs([kind], connection(world), ledger=ledger, options=allowed)).exit_code == 2


def test_what_is_gone_from_the_file_is_noted_and_left() -> None:
    kind, world = one_kind(a={"size": 1})
    plan = make_plan(inputs([kind], connection(world), ledger=ledger_of(applied("toy:a", size=1))))
    assert plan.exit_code == 0
    assert [note.rule for note in plan.notes] == ["gone-from-file"]


def pruned(kind: ToyKind, world: World, ledger: Ledger, **more: object) -> Inputs:
    options = Options(today=DAY, prune=True, **more)  # type: ignore[arg-type]
    gone = gone_resources(inputs([kind], connection(world)).order, kind.resources, ledger, ())
    return inputs([kind], connection(world), ledger=ledger, options=options, extra=gone)


def test_prune_removes_only_what_the_ledger_names() -> None:
    kind, world = one_kind(a={"size": 1}, stranger={"size": 1})
    plan = make_plan(pruned(kind, world, ledger_of(applied("toy:a", size=1))))
    assert summary(plan) == [("toy:a", "delete")]
    assert summary(make_plan(pruned(kind, world, Ledger()))) == []


def test_prune_does_not_remove_what_is_not_there() -> None:
    kind, world = one_kind()
    assert make_plan(pruned(kind, world, ledger_of(applied("toy:a", size=1)))).changes == ()


def test_prune_leaves_what_another_owner_names_too() -> None:
    kind, world = one_kind(a={"size": 1}, b={"size": 1})
    ours = ledger_of(applied("toy:a", size=1), applied("toy:b", size=1))
    plan = make_plan(replace(pruned(kind, world, ours), foreign={"toy:a": "radiology"}))
    assert [(change.ref, change.action) for change in plan.changes] == [("toy:b", "delete")]
    assert [(note.rule, note.hint) for note in plan.notes] == [
        ("gone-from-file", "the owner `radiology` names it, too")
    ]


def test_prune_is_bounded() -> None:
    names = [f"n{i}" for i in range(10)]
    kind, world = one_kind(**{name: {"size": 1} for name in names})
    ledger = ledger_of(*(applied(f"toy:{name}", size=1) for name in names))
    kind.resources = [resource(f"toy:{name}", size=1) for name in names[4:]]
    assert [p.rule for p in make_plan(pruned(kind, world, ledger)).refusals] == ["prune-bound"]
    assert make_plan(pruned(kind, world, ledger, allow=frozenset({"prune-bound"}))).exit_code == 2
    kind.resources = [resource(f"toy:{name}", size=1) for name in names[3:]]
    assert make_plan(pruned(kind, world, ledger)).exit_code == 2


def test_protected_things_are_never_deleted_whatever_is_allowed() -> None:
    kind, world = one_kind(a={"size": 1})
    entry = Entry(Sealer("pepper").tokens("toy:a", {"size": 1}), protected=True)
    everything = frozenset({"protected", "prune-bound", "foreign"})
    plan = make_plan(pruned(kind, world, ledger_of({"toy:a": entry}), allow=everything - {"protected"}))
    assert [p.rule for p in plan.refusals] == ["protected"]


def test_a_rename_is_told_by_was_and_harmless_once_done() -> None:
    kind, world = one_kind(resource("toy:new", was="old", size=1), old={"size": 1})
    assert summary(make_plan(inputs([kind], connection(world)))) == [("toy:new", "rename")]
    world.things = {"toy:new": {"size": 1}}
    assert summary(make_plan(inputs([kind], connection(world)))) == [("toy:new", "none")]


def test_a_renamed_thing_is_not_gone_from_the_file() -> None:
    kind, world = one_kind(resource("toy:new", was="old", size=1), old={"size": 1})
    plan = make_plan(pruned(kind, world, ledger_of(applied("toy:old", size=1))))
    assert summary(plan) == [("toy:new", "rename")]


def test_ignored_fields_are_neither_compared_nor_written() -> None:
    wanted = replace(resource("toy:a", size=2, colour="red"), ignore=frozenset({"size"}))
    kind, world = one_kind(wanted, a={"size": 1, "colour": "red"})
    assert make_plan(inputs([kind], connection(world))).exit_code == 0


def test_accepted_drift_is_counted_apart_until_its_day() -> None:
    kind, world = one_kind(resource("toy:a", size=2), a={"size": 1})
    item = Acceptance(what="toy:a", field="size", reason="by hand", until=DAY)
    plan = make_plan(inputs([kind], connection(world), accepted=[item]))
    assert (plan.exit_code, plan.accepted) == (0, 1)
    late = Options(today=DAY + timedelta(days=1))
    assert make_plan(inputs([kind], connection(world), accepted=[item], options=late)).exit_code == 2
    other = Acceptance(what="toy:b", field="*", reason="by hand", until=date(2030, 1, 1))
    assert make_plan(inputs([kind], connection(world), accepted=[other])).exit_code == 2


def test_what_cannot_be_read_yet_is_pending_with_its_cause() -> None:
    gate, behind, beyond = ToyKind("gate"), ToyKind("toy", needs=("gate",)), ToyKind("far", needs=("toy",))
    gate.resources = [resource("gate:door", open=True)]
    behind.resources, beyond.resources = [resource("toy:a", size=1)], [resource("far:b", size=1)]
    world = World({"gate:door": {"open": False}, "toy:a": {"size": 1}})
    plan = make_plan(inputs([gate, behind, beyond], connection(world)))
    assert summary(plan) == [("gate:door", "update"), ("toy:a", "pending"), ("far:b", "pending")]
    assert plan.changes[1].needs == ("gate:door",)
    assert "the door is shut" in plan.changes[1].notes[0]
    assert plan.counted == 3


def test_a_kind_that_cannot_be_read_is_a_failure_and_the_rest_goes_on() -> None:
    one, other = ToyKind("one"), ToyKind("other")
    one.resources, other.resources = [resource("one:a", size=1)], [resource("other:b", size=1)]
    world = World(unreadable={"one": NotFound("it is not there", doing="reading one")})
    plan = make_plan(inputs([one, other], connection(world)))
    assert plan.exit_code == 1
    assert summary(plan) == [("one:a", "none"), ("other:b", "create")]


def test_a_server_that_cannot_be_reached_ends_the_planning() -> None:
    kind, world = one_kind(resource("toy:a", size=1))
    world.unreadable["toy"] = Unreachable("no route")
    with pytest.raises(Unreachable):
        inputs([kind], connection(world))


def test_what_a_kind_judges_wrong_is_refused_unless_its_rule_is_allowed() -> None:
    kind, world = one_kind(resource("toy:a", size=1))
    kind.judgements = [Problem("error", "too-new", "not known"), Problem("warning", "odd", "an odd name")]
    plan = make_plan(inputs([kind], connection(world)))
    assert [p.rule for p in plan.refusals] == ["too-new"]
    assert [p.rule for p in plan.notes] == ["odd"]
    allowed = Options(today=DAY, allow=frozenset({"too-new"}))
    assert make_plan(inputs([kind], connection(world), options=allowed)).exit_code == 2


def test_order_follows_the_needs_and_removals_come_last_the_other_way_round() -> None:
    low, high = ToyKind("low"), ToyKind("high", needs=("low",))
    high.resources = [resource("high:x", size=1)]
    low.resources = [resource("low:b", needs=("low:z",), size=1), resource("low:z", size=1)]
    world = World({"low:old": {"size": 1}, "high:old": {"size": 1}})
    ledger = ledger_of(applied("low:old", size=1), applied("high:old", size=1))
    given = inputs([low, high], connection(world), ledger=ledger, options=Options(today=DAY, prune=True))
    gone = gone_resources(given.order, given.desired, ledger, ())
    plan = make_plan(
        inputs([low, high], connection(world), ledger=ledger, options=Options(today=DAY, prune=True), extra=gone)
    )
    assert [change.ref for change in plan.changes] == ["low:z", "low:b", "high:x", "high:old", "low:old"]


def test_what_is_deferred_is_counted_apart_and_leaves_the_exit_code_alone() -> None:
    class Late(ToyKind):
        def defers(self, xnat: object, wanted: object, current: object) -> str | None:
            return "no engine here" if current is None else None

    late, other = Late("late"), ToyKind("toy", needs=("late",))
    late.resources = [resource("late:a", size=1), resource("late:b", size=1)]
    other.resources = [resource("toy:x", needs=("late:a",), size=1)]
    world = World({"late:b": {"size": 1}, "toy:x": {"size": 1}})
    plan = make_plan(inputs([late, other], connection(world)))
    assert (plan.exit_code, plan.counted, plan.deferred) == (0, 0, 1)
    assert plan.wanted == ()
    assert plan.changes[0].notes == ("deferred: no engine here",)


def test_a_rename_of_what_another_owner_has_is_refused() -> None:
    kind, world = one_kind(resource("toy:new", was="old", size=1), old={"size": 1})
    plan = make_plan(inputs([kind], connection(world), foreign={"toy:old": "radiology"}))
    assert [p.rule for p in plan.refusals] == ["foreign"]


def test_what_was_renamed_along_with_something_else_is_not_gone_and_not_adopted() -> None:
    wanted = replace(resource("toy:new/part", size=2), formerly=("old/part",))
    kind, world = one_kind(wanted, **{"new/part": {"size": 1}})
    plan = make_plan(pruned(kind, world, ledger_of(applied("toy:old/part", size=1))))
    assert summary(plan) == [("toy:new/part", "update")]
    assert plan.changes[0].notes == ()


def test_what_is_made_has_no_list_of_nulls() -> None:
    kind, world = one_kind(resource("toy:a", size=1, colour=None))
    assert [f.path for f in make_plan(inputs([kind], connection(world))).changes[0].fields] == ["size"]
