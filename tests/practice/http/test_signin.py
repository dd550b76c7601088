"""Basic credentials, cookies, tokens, locks, and what becomes of sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bootstrap.practice.clock import HandClock
from bootstrap.practice.http.sessions import Sessions
from bootstrap.practice.server import PracticeServer
from tests.practice.conftest import ADMIN, Asker


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ask(tmp_path: Path, clock: HandClock) -> Iterator[Asker]:
    with PracticeServer(tmp_path / "state", clock=clock) as server:
        yield Asker(server)


def whoami(ask: Asker, user: tuple[str, str]) -> int:
    return ask("GET", "/xapi/users/username", as_user=user).status_code


HEADERS = [
    ("Basic YWRtaW46YWRtaW4=", 200),
    ("basic YWRtaW46YWRtaW4=", 200),
    ("Basic ???", 401),
    ("Basic YWRtaW4=", 401),
    ("Bearer YWRtaW46YWRtaW4=", 401),
]


@pytest.mark.parametrize(("header", "status"), HEADERS)
def test_a_header(ask: Asker, header: str, status: int) -> None:
    assert ask("GET", "/data/auth", as_user=None, headers={"Authorization": header}).status_code == status


@pytest.mark.parametrize(("name", "status"), [("localdb/admin", 200), ("nosuch/admin", 200), ("Admin", 401)])
def test_a_provider_in_front_of_the_name_does_not_matter(ask: Asker, name: str, status: int) -> None:
    assert whoami(ask, (name, "admin")) == status


def test_twenty_wrong_passwords_lock_and_an_hour_or_an_administrator_unlocks(ask: Asker, clock: HandClock) -> None:
    user = ask.make_user("u1")
    for _ in range(20):
        assert whoami(ask, ("u1", "wrong")) == 401
    assert whoami(ask, user) == 401
    assert ask("GET", "/xapi/users/u1/enabled").text == "true"
    clock.advance(3700)
    assert whoami(ask, user) == 200
    ask.set(maxFailedLogins=2)
    assert [whoami(ask, ("u1", "wrong")) for _ in range(2)] == [401, 401]
    assert whoami(ask, user) == 401
    assert ask("PUT", "/data/user/actions/u1/reset").status_code == 200
    assert whoami(ask, user) == 200
    ask.set(maxFailedLogins=-1)
    assert [whoami(ask, ("u1", "wrong")) for _ in range(3)] == [401, 401, 401]
    assert whoami(ask, user) == 200


def test_a_right_password_makes_the_failures_forgotten(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask.set(maxFailedLogins=2)
    for password in ("wrong", user[1], "wrong", user[1]):
        whoami(ask, ("u1", password))
    assert whoami(ask, user) == 200


def test_a_limit_that_is_no_number_breaks_every_sign_in_until_a_number_is_posted(ask: Asker) -> None:
    with requests.Session() as client:
        url = ask.server.url + "/xapi/siteConfig"
        assert client.post(url, auth=ADMIN, json={"maxFailedLogins": "abc"}).status_code == 500
        assert client.get(url + "/maxFailedLogins").text == "20"
        assert whoami(ask, ADMIN) == 500
        form = {"username": "admin", "password": "admin"}
        assert ask("PUT", "/data/services/auth", as_user=None, data=form).status_code == 500
        assert client.post(url, json={"maxFailedLogins": 20}).status_code == 200
        assert whoami(ask, ADMIN) == 200


def test_accounts_that_cannot_sign_in(ask: Asker) -> None:
    disabled = ask.make_user("off", enabled=False, verified=True)
    unverified = ask.make_user("unverified", enabled=True, verified=False)
    assert (whoami(ask, disabled), whoami(ask, unverified), whoami(ask, ("guest", ""))) == (401, 401, 401)
    ask.set(emailVerification=False)
    assert whoami(ask, unverified) == 200
    without = {"username": "bare", "firstName": "A", "lastName": "B", "email": "a@b.org"}
    assert ask("POST", "/xapi/users", json=without).status_code == 201
    assert whoami(ask, ("bare", "x")) == 500
    assert ask("PUT", "/xapi/users/bare", json={"password": "x"}).status_code == 500


def test_sixty_four_characters_are_never_a_password(ask: Asker) -> None:
    long = "x" * 64
    ask.make_user("u1", password=long)
    assert whoami(ask, ("u1", long)) == 401
    assert ask("PUT", "/xapi/users/u1", json={"password": long}).status_code == 200
    assert whoami(ask, ("u1", long)) == 401
    assert ask("PUT", "/xapi/users/u1", json={"password": "short"}).status_code == 200
    assert whoami(ask, ("u1", "short")) == 200


def test_a_session_ends_when_it_was_not_used_for_its_time(ask: Asker, clock: HandClock) -> None:
    with requests.Session() as client:
        url = ask.server.url + "/data/auth"
        assert client.get(url, auth=ADMIN).status_code == 200
        clock.advance(800)
        assert client.get(url).status_code == 200
        clock.advance(800)
        assert client.get(url).status_code == 200
        clock.advance(901)
        assert client.get(url).status_code == 401


def test_another_user_takes_over_the_session_or_ends_it(ask: Asker) -> None:
    user = ask.make_user("u1")
    with requests.Session() as client:
        url = ask.server.url + "/data/JSESSION"
        first = client.get(url, auth=ADMIN).text
        second = client.get(url, auth=user).text
        assert first != second
        assert ask("GET", "/data/auth", as_user=None, cookies={"JSESSIONID": first}).status_code == 401
        assert client.get(url, auth=("admin", "wrong")).status_code == 401
        assert ask("GET", "/data/auth", as_user=None, cookies={"JSESSIONID": second}).status_code == 401


def test_a_token_keeps_the_session_of_its_owner(ask: Asker) -> None:
    token = ask("GET", "/data/services/tokens/issue").json()
    with requests.Session() as client:
        url = ask.server.url + "/data/JSESSION"
        first = client.get(url, auth=ADMIN).text
        assert client.get(url, auth=(token["alias"], "whatever")).text == first


def test_tokens_expire_and_die_with_their_owner(ask: Asker, clock: HandClock) -> None:
    user = ask.make_user("u1")
    token = ask("GET", "/data/services/tokens/issue", as_user=user).json()
    pair = (token["alias"], token["secret"])
    assert whoami(ask, pair) == 200
    ask("PUT", "/xapi/users/u1/enabled/false")
    assert whoami(ask, pair) == 401
    ask("PUT", "/xapi/users/u1/enabled/true")
    assert whoami(ask, pair) == 200
    ask("PUT", "/xapi/users/u1", json={"enabled": False})
    ask("PUT", "/xapi/users/u1", json={"enabled": True})
    assert whoami(ask, pair) == 401
    fresh = ask("GET", "/data/services/tokens/issue", as_user=user).json()
    clock.advance(3 * 86400)
    assert whoami(ask, (fresh["alias"], fresh["secret"])) == 401


def test_more_sessions_than_allowed_are_refused_after_a_restart(ask: Asker) -> None:
    ask.set(concurrentMaxSessions=2)
    assert [whoami(ask, ADMIN) for _ in range(3)] == [200, 200, 200]
    ask.server.restart()
    assert [whoami(ask, ADMIN) for _ in range(3)] == [200, 200, 401]


def test_sessions_of_nobody_are_forgotten_before_those_of_users(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bootstrap.practice.http.sessions._MOST_SESSIONS", 3)
    sessions = Sessions(clock)
    kept = sessions.begin("u1", 900)
    nobody = [sessions.begin("guest", 900).id for _ in range(3)]
    assert sessions.find(kept.id) is kept
    assert [sessions.find(one) for one in nobody] == [None, None, None]
    assert sessions.by_user() == {"u1": [kept.id]}
    assert not sessions.end("nosuch")
