"""Ledger and lock in the config service: rows in their order, and writes that may have happened looked up first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bootstrap.engine.ledger import Entry, Ledger
from bootstrap.engine.store import Store, server_time
from bootstrap.errors import BootstrapError, ServerFailed, Unreachable
from bootstrap.xnat.client import Client
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.transport import NoAnswer

PATH = "/data/config/xnat-bootstrap"
LEDGER = f"{PATH}/ledger/default"


def row(path: str, contents: str, moment: str = "2026-11-26 10:00:00.5", version: str = "1") -> dict[str, str]:
    return {"path": path, "contents": contents, "version": version, "status": "enabled", "create_date": moment}


def rows(*given: dict[str, str]) -> Any:
    return reply(json={"ResultSet": {"Result": list(given)}})


@pytest.fixture
def server() -> FakeTransport:
    return FakeTransport()


@pytest.fixture
def store(server: FakeTransport) -> Store:
    return Store(Client(server, pause=lambda _seconds: None))


def saving(store: Store, ledger: Ledger) -> None:
    with store._client.writing():
        store.save_ledger(ledger)


def test_an_owner_without_a_ledger_has_an_empty_one(store: Store, server: FakeTransport) -> None:
    server.on("GET", LEDGER, reply(404))
    assert store.ledger("default") == Ledger()


def test_the_newest_row_is_the_ledger(store: Store, server: FakeTransport) -> None:
    old, new = Ledger(salt="old"), Ledger(salt="new")
    late = row("ledger/default", new.text(), "2026-11-26 10:00:01.0")
    server.on("GET", LEDGER, rows(late, row("ledger/default", old.text())))
    assert store.ledger("default").salt == "new"


def test_rows_of_one_moment_are_ordered_by_version_as_a_number(store: Store, server: FakeTransport) -> None:
    server.on("GET", f"{PATH}/lock", rows(row("lock", "b", version="10"), row("lock", "a", version="9")))
    assert [row.contents for row in store.lock_rows()] == ["a", "b"]


def test_a_ledger_that_cannot_be_read_is_an_error_unless_a_new_one_is_wanted(
    store: Store, server: FakeTransport
) -> None:
    server.on("GET", LEDGER, rows(row("ledger/default", "garbage")))
    with pytest.raises(BootstrapError, match="it is not JSON") as error:
        store.ledger("default")
    assert "--allow new-ledger" in error.value.hint
    assert store.ledger("default", start_anew=True) == Ledger(anew=True)


def test_other_owners_ledgers_name_what_is_theirs(store: Store, server: FakeTransport) -> None:
    theirs = Ledger("radiology", {"site_setting:a": Entry({})}, underway=frozenset({"site_setting:cut"})).text()
    earlier = Ledger("radiology", {"site_setting:gone": Entry({})}).text()
    server.on(
        "GET",
        PATH,
        rows(
            row("ledger/radiology", earlier),
            row("ledger/radiology", theirs, "2026-11-26 10:00:02.0"),
            row("ledger/default", Ledger("default", {"site_setting:b": Entry({})}).text()),
            row("ledger/broken", "garbage"),
            row("lock", "{}"),
        ),
    )
    assert store.foreign("default") == dict.fromkeys(("site_setting:a", "site_setting:cut"), "radiology")


def test_a_write_that_was_refused_by_nobody_is_sent_once(store: Store, server: FakeTransport) -> None:
    server.on("PUT", LEDGER, reply(200))
    saving(store, Ledger(salt="x"))
    assert server.lines == [f"PUT {LEDGER}?inbody=true&unversioned=true"]


@pytest.mark.parametrize("failure", [reply(500), NoAnswer("cut")])
def test_a_write_that_happened_all_the_same_is_not_sent_again(
    failure: Any, store: Store, server: FakeTransport
) -> None:
    ledger = Ledger(salt="x")
    server.on("PUT", LEDGER, failure).on("GET", LEDGER, rows(row("ledger/default", ledger.text())))
    saving(store, ledger)
    assert [line.split()[0] for line in server.lines] == ["PUT", "GET"]


def test_a_write_that_did_not_happen_is_sent_again(store: Store, server: FakeTransport) -> None:
    server.on("PUT", LEDGER, NoAnswer("cut"), reply(200)).on("GET", LEDGER, reply(404))
    saving(store, Ledger(salt="x"))
    assert [line.split()[0] for line in server.lines] == ["PUT", "GET", "PUT"]


def test_it_is_given_up_in_the_end(store: Store, server: FakeTransport) -> None:
    server.on("PUT", LEDGER, reply(500)).on("GET", LEDGER, reply(404))
    with pytest.raises(ServerFailed, match="saving the ledger"):
        saving(store, Ledger(salt="x"))
    assert [line.split()[0] for line in server.lines] == ["PUT", "GET"] * 3


def test_a_server_that_is_gone_is_told_so(store: Store, server: FakeTransport) -> None:
    server.on("PUT", LEDGER, NoAnswer("cut")).on("GET", LEDGER, NoAnswer("cut"))
    with pytest.raises(Unreachable, match="saving the ledger"):
        saving(store, Ledger(salt="x"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-26 10:04:45.51", datetime(2026, 11, 26, 10, 4, 45, 510_000)),
        ("2026-11-26 10:04:45.0", datetime(2026, 11, 26, 10, 4, 45)),
        ("2026-11-26 10:04:45", datetime(2026, 11, 26, 10, 4, 45)),
        ("2026-11-26 10:04:45.123456789", datetime(2026, 11, 26, 10, 4, 45, 123_456)),
    ],
)
def test_the_servers_way_of_writing_a_moment(text: str, moment: datetime) -> None:
    assert server_time(text) == moment
