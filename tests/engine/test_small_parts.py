"""Tokens, order, settling, options, accepted drift, outcomes: the small parts of the engine."""

from __future__ import annotations

from datetime import date
from graphlib import CycleError
from typing import Any

import pytest
from pydantic import ValidationError

from bootstrap.engine.accept import Acceptance
from bootstrap.engine.options import ALLOW_RULES, checked_rules
from bootstrap.engine.order import KindOrder
from bootstrap.engine.outcome import Done, Outcomes, exit_code
from bootstrap.engine.plan import Change
from bootstrap.engine.settle import settled
from bootstrap.engine.tokens import Sealer
from bootstrap.errors import UsageError
from bootstrap.kinds.kind import UNREADABLE
from bootstrap.values import Secret
from tests.conftest import QUICK_COST, SHIPPED_COST
from tests.engine.toy import ToyKind

# Tokens


def test_equal_values_have_equal_tokens_and_others_have_others() -> None:
    sealer = Sealer("salt")
    assert sealer.token("a", {"x": [1, 2]}) == sealer.token("b", {"x": [1, 2]})
    assert sealer.token("a", {"x": [1, 2]}) != sealer.token("a", {"x": [2, 1]})
    assert sealer.token("a", UNREADABLE) == "unreadable"
    assert list(sealer.tokens("a", {"b": 1, "a": 2})) == ["a", "b"]


def test_a_secret_is_sealed_with_salt_and_place() -> None:
    token = Sealer("salt").token("a", Secret("hush"))
    assert token.startswith("s:")
    assert "hush" not in token
    assert Sealer("salt").token("a", Secret("hush")) == token
    assert Sealer("salt").token("b", Secret("hush")) != token
    assert Sealer("other").token("a", Secret("hush")) != token


@pytest.mark.parametrize("value", [{"x": Secret("hush")}, [Secret("hush")], {"x": ({"y": Secret("hush")},)}])
def test_a_secret_within_a_value_is_sealed_too(value: Any) -> None:
    token = Sealer("salt").token("a", value)
    assert token.startswith("v:")
    assert token == Sealer("salt").token("a", value)
    assert token != Sealer("other").token("a", value)


def test_the_program_seals_slowly() -> None:
    assert SHIPPED_COST >= 2**14 > QUICK_COST


def test_sealing_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sealer = Sealer("salt")
    first = sealer.token("a", Secret("hush"))
    monkeypatch.setattr("bootstrap.engine.tokens.hashlib.scrypt", None)
    assert sealer.token("a", Secret("hush")) == first


# Order


def change(ref: str, action: Any = "update", needs: tuple[str, ...] = ()) -> Change:
    kind, _, name = ref.partition(":")
    return Change(kind, name, action, needs=needs)


def order() -> KindOrder:
    return KindOrder(
        [ToyKind("top", needs=("middle", "elsewhere")), ToyKind("middle", needs=("base",)), ToyKind("base")]
    )


def test_kinds_are_read_in_rounds_along_their_needs() -> None:
    assert [[kind.name for kind in kinds] for kinds in order().reading_rounds()] == [["base"], ["middle"], ["top"]]
    assert order().all_needs("top") == {"middle", "base"}
    assert order().level("top") == 2


def test_removals_come_last_and_the_other_way_round() -> None:
    changes = [change("base:x", "delete"), change("top:y"), change("top:x", "delete"), change("base:y")]
    assert [f"{c.action} {c.ref}" for c in order().sorted(changes)] == [
        "update base:y",
        "update top:y",
        "delete top:x",
        "delete base:x",
    ]


def test_what_needs_a_thing_of_its_own_kind_comes_after_it() -> None:
    changes = [change("base:a", needs=("base:z",)), change("base:z"), change("base:b", needs=("base:gone",))]
    assert [c.name for c in order().sorted(changes)] == ["b", "z", "a"]


def test_kinds_that_need_each_other_are_a_mistake() -> None:
    with pytest.raises(CycleError):
        KindOrder([ToyKind("a", needs=("b",)), ToyKind("b", needs=("a",))])


# Settling


@pytest.mark.parametrize(
    ("enough_at", "seconds", "reads", "pauses"),
    [
        (0, 5.0, 1, []),
        (2, 5.0, 3, [0.1, 0.2]),
        (99, 0.0, 1, []),
        (99, 4.0, 8, [0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]),
    ],
)
def test_it_is_read_until_it_is_enough_or_the_time_is_over(
    enough_at: int, seconds: float, reads: int, pauses: list[float]
) -> None:
    seen: list[int] = []
    waited: list[float] = []

    def read() -> int:
        seen.append(len(seen))
        return seen[-1]

    assert settled(read, lambda found: found >= enough_at, seconds, waited.append) == reads - 1
    assert waited == pauses


# Options


def test_rules_that_there_are_are_taken() -> None:
    assert checked_rules(ALLOW_RULES) == frozenset(ALLOW_RULES)
    assert checked_rules([]) == frozenset()


def test_a_misspelt_rule_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--allow foriegn") as error:
        checked_rules(["foreign", "foriegn"])
    assert "foreign" in error.value.hint


# Accepted drift


@pytest.mark.parametrize(
    ("field", "ref", "path", "day", "covered"),
    [
        ("value", "a:b", "value", 30, True),
        ("value", "a:b", "value", 31, True),
        ("value", "a:b", "value.deep.in", 30, True),
        ("value", "a:b", "values", 30, False),
        ("*", "a:b", "anything", 30, True),
        ("value", "a:c", "value", 30, False),
    ],
)
def test_what_an_acceptance_covers(field: str, ref: str, path: str, day: int, covered: bool) -> None:
    accepted = Acceptance(what="a:b", field=field, reason="so", until=date(2026, 12, 31))
    assert accepted.covers(ref, path, date(2026, 12, day)) is covered
    assert not accepted.covers(ref, path, date(2027, 1, 1))


def test_an_acceptance_without_a_day_is_none() -> None:
    with pytest.raises(ValidationError):
        Acceptance.model_validate({"what": "a:b", "field": "value", "reason": "so"})


# Outcomes

DONE, FAILED, STALE, GONE, UNKNOWN = (
    Done(change("a:1"), "done"),
    Done(change("a:2"), "failed", "no"),
    Done(change("a:3"), "skipped", "moved on", stale=True),
    Done(change("a:4"), "skipped", "gone", unreachable=True),
    Done(change("a:5"), "unknown", "?"),
)


@pytest.mark.parametrize(
    ("items", "stopped", "code"),
    [
        ([], False, 0),
        ([DONE], False, 0),
        ([DONE, FAILED], False, 5),
        ([DONE, STALE], False, 5),
        ([STALE], False, 3),
        ([STALE, FAILED], False, 1),
        ([FAILED], False, 1),
        ([FAILED, GONE], False, 4),
        ([UNKNOWN], False, 5),
        ([], True, 1),
        ([DONE], True, 5),
        ([STALE], True, 3),
    ],
)
def test_exit_code(items: list[Done], stopped: bool, code: int) -> None:
    assert exit_code(items, stopped) == code


def test_outcomes_know_what_blocks_what() -> None:
    outcomes = Outcomes([DONE, FAILED])
    assert outcomes.blocking(["a:1", "a:9"]) is None
    assert outcomes.blocking(["a:1", "a:2"]) is FAILED
    assert (outcomes.count("failed"), outcomes.refs("done"), outcomes.server_gone) == (1, ["a:1"], False)
    outcomes.add(GONE)
    assert outcomes.server_gone
    assert DONE.noting("seen").change.notes == ("seen",)
