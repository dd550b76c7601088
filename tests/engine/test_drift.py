"""Drift: what moved on the server since the last apply, whatever the file says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bootstrap.engine.accept import Acceptance
from bootstrap.engine.drift import AS_APPLIED, Drift, find_drift, watched
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Entry, Ledger
from bootstrap.engine.options import Options
from bootstrap.engine.planner import gone_resources
from bootstrap.errors import NotFound
from bootstrap.kinds.kind import UNREADABLE, Resource, State
from bootstrap.values import Secret
from bootstrap.xnat.connection import Connection
from tests.engine.test_planner import applied, ledger_of, one_kind
from tests.engine.toy import DAY, ToyKind, World, connection, inputs, resource


def given(kind: ToyKind, world: World, ledger: Ledger, options: Options | None = None, **more: Any) -> Inputs:
    """As `drift_inputs` gathers it: everything that the ledger names is watched."""
    xnat = connection(world)
    gone = gone_resources(inputs([kind], xnat).order, kind.resources, ledger, ())
    looked_at = watched(kind.resources, gone, ledger.entries)
    found = inputs([kind], xnat, ledger=ledger, extra=looked_at, options=options, **more)
    return replace(found, desired=looked_at)


def moved(drift: Drift) -> list[tuple[str, str, str, Any, Any, str]]:
    return [
        (change.ref, change.action, field.path, field.before, field.after, field.moved)
        for change in drift.changes
        for field in change.fields
    ]


def test_nothing_was_ever_applied() -> None:
    kind, world = one_kind(resource("toy:a", size=1), a={"size": 2})
    found = find_drift(given(kind, world, Ledger(salt="pepper")))
    assert (found.changes, found.never_applied) == ((), True)


def test_what_is_as_it_was_applied_has_not_moved_whatever_the_file_says() -> None:
    kind, world = one_kind(resource("toy:a", size=9), resource("toy:new", size=1), a={"size": 1})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size=1))))
    assert (found.changes, found.never_applied) == ((), False)


def test_the_server_moved() -> None:
    kind, world = one_kind(resource("toy:a", size={"w": 1, "h": 2}), a={"size": {"w": 1, "h": 3}})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size={"w": 1, "h": 2}))))
    assert moved(found) == [("toy:a", "update", "size.h", 2, 3, "server")]


class PointingKind(ToyKind):
    """What its things point to, or belong to, is gone."""

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        found = super().read(xnat, wanted)
        more: dict[str, Any] = {"lost": "its door is gone"} if self.name == "switch" else {"broken": True}
        return {name: replace(state, notes=("it points at nothing",), **more) for name, state in found.items()}


@pytest.mark.parametrize(
    ("name", "action", "note"), [("switch", "delete", "its door is gone"), ("sign", "update", "it points at nothing")]
)
def test_what_lost_what_it_stands_for_is_told_so(name: str, action: str, note: str) -> None:
    kind, ref = PointingKind(name), f"{name}:a"
    kind.resources = [resource(ref, on=True)]
    found = find_drift(given(kind, World({ref: {"on": False}}), ledger_of(applied(ref, on=True))))
    assert [(change.action, change.notes) for change in found.changes] == [(action, (note,))]
    unmoved = find_drift(given(kind, World({ref: {"on": True}}), ledger_of(applied(ref, on=True))))
    assert unmoved.changes == ()


def test_both_moved() -> None:
    kind, world = one_kind(resource("toy:a", size=3), a={"size": 2})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size=1))))
    assert moved(found) == [("toy:a", "update", "size", AS_APPLIED, 2, "both")]


def test_what_the_file_does_not_name_any_more_is_watched_too() -> None:
    kind, world = one_kind(a={"size": 2})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size=1))))
    assert moved(found) == [("toy:a", "update", "size", AS_APPLIED, 2, "server")]


def test_a_field_that_the_file_does_not_name_any_more_is_watched_too() -> None:
    kind, world = one_kind(resource("toy:a", size=1), a={"size": 1, "colour": "blue"})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size=1, colour="red"))))
    assert moved(found) == [("toy:a", "update", "colour", AS_APPLIED, "blue", "server")]


def test_what_is_gone_from_the_server_is_drift() -> None:
    kind, world = one_kind(resource("toy:a", size=1))
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", size=1))))
    assert moved(found) == [("toy:a", "delete", "size", AS_APPLIED, None, "server")]
    assert found.changes[0].notes == ("gone from the server",)


def test_what_was_never_given_back_cannot_be_seen_to_move() -> None:
    kind, world = one_kind(resource("toy:a", password=Secret("x")), a={"password": UNREADABLE})
    assert find_drift(given(kind, world, ledger_of(applied("toy:a", password=Secret("y"))))).changes == ()


def test_a_secret_that_moved_is_masked() -> None:
    kind, world = one_kind(resource("toy:a", password=Secret("x")), a={"password": Secret("canary")})
    found = find_drift(given(kind, world, ledger_of(applied("toy:a", password=Secret("x")))))
    assert moved(found) == [("toy:a", "update", "password", "***", "***", "server")]


def test_ignored_fields_are_not_looked_at() -> None:
    kind, world = one_kind(replace(resource("toy:a", size=1), ignore=frozenset({"size"})), a={"size": 2})
    assert find_drift(given(kind, world, ledger_of(applied("toy:a", size=1)))).changes == ()


def test_accepted_drift_is_counted_apart_until_its_day() -> None:
    kind, world = one_kind(resource("toy:a", size=1, colour="red"), a={"size": 2, "colour": "blue"})
    ledger = ledger_of(applied("toy:a", size=1, colour="red"))
    accepted = [Acceptance(what="toy:a", field="size", reason="by hand", until=DAY)]
    found = find_drift(given(kind, world, ledger, accepted=accepted))
    assert (found.accepted, [line[2] for line in moved(found)]) == (1, ["colour"])
    everything = [Acceptance(what="toy:a", field="*", reason="by hand", until=DAY)]
    found = find_drift(given(kind, world, ledger, accepted=everything))
    assert (found.accepted, found.changes) == (2, ())
    later = Options(today=DAY + timedelta(days=1))
    found = find_drift(given(kind, world, ledger, options=later, accepted=everything))
    assert (found.accepted, len(moved(found))) == (0, 2)


def test_what_could_not_be_read_has_not_moved() -> None:
    kind, world = one_kind(resource("toy:a", size=1), a={"size": 2})
    world.unreadable["toy"] = NotFound("no list")
    found = given(kind, world, ledger_of(applied("toy:a", size=1)))
    assert find_drift(found).changes == ()
    assert set(found.current.unread) == {"toy"}


def test_only_what_was_applied_is_watched_of_what_is_gone() -> None:
    entries = {"toy:a": Entry({"size": "t"})}
    looked_at = watched([], [Resource("toy", "a", {}), Resource("toy", "announced", {})], entries)
    assert [(found.ref, dict(found.fields)) for found in looked_at] == [("toy:a", {"size": UNREADABLE})]
