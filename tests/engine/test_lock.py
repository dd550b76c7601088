"""The lock: the earliest row that is still held wins, ties by owner; expired, dead and garbled ones do not count."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bootstrap.engine import lock as lock_module
from bootstrap.engine.lock import EXPIRES, SETTLE_SECONDS, Holder, Lock, holder_ahead, holders, release
from bootstrap.engine.store import Row, Store
from bootstrap.errors import LockHeld, OutcomeUnknown, ServerFailed, XnatError

START = datetime(2026, 11, 26, 12, 0, 0)


def row(token: str, seconds: float, state: str = "held", owner: str = "default", **more: object) -> Row:
    document = {"format": "xnat-bootstrap/lock", "state": state, "token": token, "owner": owner, **more}
    return Row("lock", json.dumps(document), "1", "enabled", START + timedelta(seconds=seconds))


@dataclass
class Rows:
    """A store of locks; `before` and `after` are raised in place of, or behind, the next writes."""

    rows: list[Row] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    meanwhile: Callable[[Rows], None] = lambda _rows: None

    def lock_rows(self) -> list[Row]:
        return list(self.rows)

    def write_lock(self, text: str) -> None:
        if self.before:
            raise self.before.pop(0)
        self.rows.append(Row("lock", text, "1", "enabled", START + timedelta(seconds=len(self.rows) + 1)))
        if self.after:
            raise self.after.pop(0)

    def pause(self, seconds: float) -> None:
        assert seconds == SETTLE_SECONDS
        self.meanwhile(self)

    @property
    def states(self) -> list[str]:
        return [json.loads(row.contents)["state"] for row in self.rows]

    def lock(self, owner: str = "default", now: datetime | None = None) -> Lock:
        moment = now or datetime.now(UTC)
        return Lock(cast(Store, self), owner, self.pause, lambda: moment)


def test_it_is_held_within_and_free_afterwards() -> None:
    rows = Rows()
    with rows.lock():
        assert [holder.owner for holder in holders(rows.rows)] == ["default"]
    assert rows.states == ["held", "released"]
    assert holders(rows.rows) == []


def test_it_is_let_go_when_what_is_done_within_fails() -> None:
    rows = Rows()
    with pytest.raises(KeyError), rows.lock():
        raise KeyError("within")
    assert rows.states[-1] == "released"


def test_a_release_that_fails_is_told_unless_something_else_went_wrong_first() -> None:
    rows = Rows()
    with pytest.raises(ServerFailed), rows.lock():
        rows.before = [ServerFailed("down")]
    rows = Rows(after=[])
    lock = rows.lock()
    lock.__enter__()
    rows.before = [ServerFailed("down")]
    lock.__exit__(KeyError, KeyError("within"), None)
    assert rows.states[-1] == "held"


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer"), ServerFailed("500"), KeyboardInterrupt()])
def test_taking_it_in_vain_leaves_nothing_behind(error: BaseException) -> None:
    rows = Rows(after=[error])
    with pytest.raises(type(error)):
        rows.lock().__enter__()
    assert rows.states == ["held", "released"]


def test_a_server_that_is_gone_while_it_is_taken_is_told_by_its_first_error() -> None:
    rows = Rows(before=[OutcomeUnknown("first"), ServerFailed("second")])
    with pytest.raises(XnatError, match="first"):
        rows.lock().__enter__()


def test_somebody_who_holds_it_is_named_before_anything_is_written() -> None:
    rows = Rows()
    with rows.lock("radiology"), pytest.raises(LockHeld, match="owner `radiology`") as held:
        rows.lock().__enter__()
    assert "unlock" in held.value.hint
    assert rows.states == ["held", "released"]


def test_of_two_who_come_at_once_the_first_row_wins() -> None:
    def comes_first(rows: Rows) -> None:
        rows.rows.insert(0, row("other", 0, owner="radiology", since=datetime.now(UTC).isoformat()))

    rows = Rows(meanwhile=comes_first)
    with pytest.raises(LockHeld, match="radiology"):
        rows.lock().__enter__()
    assert rows.states == ["held", "held", "released"]

    def comes_later(rows: Rows) -> None:
        rows.rows.append(row("other", 99, owner="radiology"))

    with Rows(meanwhile=comes_later).lock():
        pass


def test_a_tie_is_decided_by_the_owner() -> None:
    rows = [row("2", 5, owner="beta"), row("1", 5, owner="alpha")]
    assert [holder.owner for holder in holders(rows)] == ["alpha", "beta"]
    assert holder_ahead(rows, "1") is None
    ahead = holder_ahead(rows, "2")
    assert ahead
    assert ahead.owner == "alpha"


def test_an_expired_one_does_not_count() -> None:
    old = row("old", -EXPIRES.total_seconds() - 60, since=(datetime.now(UTC) - 2 * EXPIRES).isoformat())
    rows = Rows([old])
    with rows.lock():
        pass
    assert holder_ahead([old, row("mine", 0)], "mine") is None
    assert holder_ahead([row("old", -60, since="x"), row("mine", 0)], "mine") is not None


def test_one_that_was_renewed_is_as_young_as_its_last_row() -> None:
    rows = [row("old", -EXPIRES.total_seconds() - 60), row("old", -5), row("mine", 0)]
    ahead = holder_ahead(rows, "mine")
    assert ahead
    assert (ahead.token, ahead.taken) == ("old", START - EXPIRES - timedelta(seconds=60))


def test_a_row_of_ours_that_does_not_show_leaves_the_place_to_who_does() -> None:
    ahead = holder_ahead([row("other", 0)], "mine")
    assert ahead
    assert ahead.token == "other"
    assert holder_ahead([], "mine") is None


@pytest.mark.parametrize(
    "contents", ["", "not JSON", "[]", "{}", '{"format": "xnat-bootstrap/lock"}', '{"format": "x", "token": "1"}']
)
def test_garbage_holds_nothing(contents: str) -> None:
    assert holders([Row("lock", contents, "1", "enabled", START)]) == []


def test_what_a_newer_or_broken_document_lacks_is_made_up() -> None:
    (holder,) = holders([row("1", 0, expires_seconds="soon", since="yesterday")])
    assert (holder.host, holder.user, holder.expires) == ("?", "?", EXPIRES)
    with pytest.raises(LockHeld):  # a moment that cannot be read counts as now
        Rows([row("1", 0, since="yesterday")]).lock().__enter__()
    with pytest.raises(LockHeld):  # and one without a zone as UTC
        Rows([row("1", 0, since=datetime.now(UTC).replace(tzinfo=None).isoformat())]).lock().__enter__()


def test_what_a_dead_process_of_this_machine_left_is_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "surely_dead", lambda process: process == "dead")
    now = datetime.now(UTC).isoformat()
    rows = Rows([row("1", 0, process="dead", since=now)])
    with rows.lock():
        assert [holder.token == "1" for holder in holders(rows.rows)] == [False]
    assert holders(rows.rows) == []
    assert holder_ahead([row("1", 0, process="dead"), row("mine", 1)], "mine") is None
    with pytest.raises(LockHeld):
        Rows([row("1", 0, process="alive", since=now)]).lock().__enter__()


def test_it_is_renewed_only_when_a_quarter_of_its_time_is_over() -> None:
    moments = iter([START] * 4 + [START + EXPIRES / 4 - timedelta(seconds=1), START + EXPIRES / 2] + [START] * 9)
    rows = Rows()
    held = Lock(cast(Store, rows), "default", lambda _seconds: None, lambda: next(moments).replace(tzinfo=UTC))
    held.__enter__()
    count = len(rows.rows)
    while len(rows.rows) == count:
        held.renew_if_due()
    assert rows.states == ["held", "held"]
    assert len(holders(rows.rows)) == 1


def test_release_ends_somebody_elses() -> None:
    rows = Rows([row("1", 0), row("2", 1)])
    release(cast(Store, rows), holders(rows.rows)[0])
    assert [holder.token for holder in holders(rows.rows)] == ["2"]


def test_it_says_who_holds_it_since_when() -> None:
    holder = Holder("1", "default", "far-away", "ada", "2026-11-26T12:00:00+00:00", START, START)
    assert str(holder) == "owner `default`, ada on far-away, since 2026-11-26T12:00:00+00:00"


def test_a_user_without_a_name_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("bootstrap.engine.lock.getpass.getuser", nobody)
    rows = Rows()
    with rows.lock():
        written: Any = json.loads(rows.rows[0].contents)
    assert written["user"] == "?"


@pytest.mark.parametrize(
    ("more", "dead", "blocks", "said"),
    [
        ({"renewed": "2026-11-26T12:00:00+00:00", "expires_seconds": 60}, False, True, "until 2026-11-26T12:01:00"),
        ({"renewed": "2026-11-26T11:00:00+00:00", "expires_seconds": 60}, False, False, "has expired"),
        (
            {"since": "2026-11-26T09:00:00+00:00", "renewed": "2026-11-26T11:59:00+00:00"},
            False,
            True,
            "until 2026-11-26T13:59",
        ),
        ({"renewed": "2026-11-26T12:00:00+00:00"}, True, False, "was killed"),
    ],
    ids=["held", "expired", "renewed", "dead"],
)
def test_what_has_become_of_a_lock(
    more: dict[str, Any], dead: bool, blocks: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "surely_dead", lambda _process: dead)
    [holder] = holders([row("t", 0, **more)])
    now = START.replace(tzinfo=UTC)
    assert holder.blocks(now) is blocks
    assert said in holder.state(now)


def test_one_that_was_renewed_is_respected_however_long_ago_it_was_taken() -> None:
    now = START.replace(tzinfo=UTC)
    long_ago, lately = (now - EXPIRES * 2).isoformat(), (now - EXPIRES / 8).isoformat()
    rows = Rows([row("t", 0, since=long_ago, renewed=lately)])
    with pytest.raises(LockHeld), rows.lock(now=now):
        raise AssertionError("it was taken")
    assert rows.states == ["held"]
