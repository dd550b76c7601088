"""Undo: the before-images of a journal become what is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bootstrap.engine.ledger import Entry, Ledger
from bootstrap.engine.order import KindOrder
from bootstrap.engine.undo import Undo, undo_from_json, undo_plan
from bootstrap.errors import UsageError
from tests.engine.test_planner import summary
from tests.engine.toy import ToyKind, World, connection, inputs

PLACE = Path("run.undo.json")


def document(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"run": "run", "server": "https://x", "files": ["sites/x"], "changes": list(changes)}


def restore(name: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "toy", "name": name, "action": "restore", "fields": fields}


def delete(name: str, kind: str = "toy") -> dict[str, Any]:
    return {"kind": kind, "name": name, "action": "delete"}


def read(*changes: dict[str, Any], **traits: Any) -> Undo:
    return undo_from_json(document(*changes), KindOrder([ToyKind("toy", **traits)]), PLACE)


def planned(undo: Undo, world: World, ledger: Ledger | None = None) -> Any:
    kind = ToyKind("toy")
    kind.resources = list(undo.restore)
    return undo_plan(undo, inputs([kind], connection(world), ledger=ledger, extra=undo.remove))


def test_the_oldest_image_of_a_thing_is_the_one_to_put_back() -> None:
    undo = read(restore("a", size=2), restore("a", size=1))
    assert [dict(resource.fields) for resource in undo.restore] == [{"size": 1}]


def test_what_no_kind_makes_any_more_and_what_is_never_remembered_stays() -> None:
    assert read(delete("a", "nonsense")).remove == ()
    once = read(restore("a", size=1), delete("b"), remembered=False)
    assert replace(once, notes=()) == Undo("run", "https://x", ("sites/x",), (), (), ())
    assert [(note.rule, note.message[:5]) for note in once.notes] == [
        ("never-removed", "toy:a"),
        ("never-removed", "toy:b"),
    ]


def test_what_is_never_removed_is_told() -> None:
    undo = read(delete("a"), removable=False)
    assert undo.remove == ()
    assert [(note.rule, note.message[:5]) for note in undo.notes] == [("never-removed", "toy:a")]


def test_a_secret_that_was_not_kept_is_told() -> None:
    undo = read(restore("a", size=1) | {"cannot_restore": ["key", "password"]})
    assert [note.rule for note in undo.notes] == ["not-in-journal"]
    assert "key, password" in undo.notes[0].message


@pytest.mark.parametrize("part", ["run", "server", "files", "changes"])
def test_a_part_that_is_missing_is_wrong_usage(part: str) -> None:
    broken = document()
    del broken[part]
    with pytest.raises(UsageError, match=f"lacks a part of an undo document: '{part}'"):
        undo_from_json(broken, KindOrder([ToyKind("toy")]), PLACE)


@pytest.mark.parametrize("step", [{}, {"kind": "toy", "name": "a"}, 7, None])
def test_a_step_that_is_none_is_wrong_usage(step: Any) -> None:
    with pytest.raises(UsageError, match="lacks a part"):
        undo_from_json(document(step), KindOrder([ToyKind("toy")]), PLACE)


def test_what_was_changed_is_put_back_and_what_was_made_goes() -> None:
    undo = read(delete("made"), restore("a", size=1), restore("same", size=5))
    world = World({"toy:a": {"size": 2}, "toy:made": {"size": 9}, "toy:same": {"size": 5}, "toy:other": {"size": 1}})
    ledger = Ledger(entries={"toy:made": Entry({}), "toy:other": Entry({})}, salt="x")
    plan = planned(undo, world, ledger)
    assert summary(plan) == [("toy:a", "update"), ("toy:same", "none"), ("toy:made", "delete")]
    assert (plan.refusals, plan.notes, plan.files) == ((), (), ("sites/x",))


def test_what_the_ledger_does_not_name_is_not_removed() -> None:
    plan = planned(read(delete("made")), World({"toy:made": {"size": 9}}))
    assert [problem.rule for problem in plan.refusals] == ["not-in-ledger"]
    assert plan.exit_code == 3


def test_what_is_gone_already_need_not_be_removed() -> None:
    plan = planned(read(delete("made")), World())
    assert (summary(plan), plan.exit_code) == ([], 0)


def test_a_thing_that_was_made_and_is_put_back_is_not_removed_as_well() -> None:
    undo = Undo("run", "https://x", (), read(restore("a", size=1)).restore, read(delete("a")).remove, ())
    assert summary(planned(undo, World({"toy:a": {"size": 2}}))) == [("toy:a", "update")]
