from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from bootstrap.errors import NotAnXnat, SignInRefused, Unreachable, UsageError, XnatError
from bootstrap.values import Secret
from bootstrap.xnat.connection import Connection, connect
from bootstrap.xnat.counter import Counts
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.server import BUILD_INFO
from bootstrap.xnat.signin import PROBE
from bootstrap.xnat.transport import NotSent
from tests.xnat.loopback import Loopback, Seen, write

OUT = "DELETE /data/JSESSION"
NEW, FIRST = Secret("new-password"), Secret("first-password")


def xnat(*probes: int) -> FakeTransport:
    """An XNAT that answers the sign-ins with these statuses."""
    answers = [reply(json=True, cookies={"JSESSIONID": "S"}) if status == 200 else reply(status) for status in probes]
    return (
        FakeTransport()
        .on("GET", BUILD_INFO, reply(json={"version": "1.9.2.1"}))
        .on("GET", PROBE, *answers)
        .on("DELETE", "/data/JSESSION", reply())
        .on("GET", "/xapi/plugins", reply(json={}))
    )


def connected(fake: FakeTransport, first: Secret | None = FIRST) -> Connection:
    return connect(
        "http://xnat/",
        username="ann",
        password=NEW,
        first_password=first,
        pause=lambda _seconds: None,
        transport=fake,
    )


def test_a_run_looks_signs_in_and_signs_out() -> None:
    fake = xnat(200)
    with connected(fake) as connection:
        assert connection.server.version == "1.9.2.1"
        assert connection.initialized is True
        assert connection.url == "http://xnat"
        assert (connection.username, connection.password) == ("ann", NEW)
    assert fake.lines == [f"GET {BUILD_INFO}", f"GET {PROBE}", OUT]
    assert connection.client.counts == Counts(requests=3, reads=1, writes=0)
    assert fake.closed


def test_the_password_is_not_given_to_what_is_no_xnat() -> None:
    fake = FakeTransport().on("GET", BUILD_INFO, reply(text="hello"))
    with pytest.raises(NotAnXnat):
        connected(fake)
    assert "Authorization" not in fake.asked[0].headers
    assert len(fake.asked) == 1
    assert fake.closed


def test_it_signs_out_on_failure_too() -> None:
    fake = xnat(200)
    with pytest.raises(KeyError), connected(fake):
        raise KeyError
    assert fake.lines[-1] == OUT
    assert fake.closed


@pytest.mark.parametrize("statuses", [(401,), (403,), (500,)])
def test_a_sign_in_that_fails_closes_the_transport(statuses: tuple[int, ...]) -> None:
    fake = xnat(*statuses)
    with pytest.raises(XnatError):
        connected(fake, first=None)
    assert fake.closed


def test_which_password_let_us_in() -> None:
    with connected(xnat(401, 200)) as connection:
        assert connection.password == FIRST
        connection.use_password(NEW)
        assert connection.password == NEW
        assert connection.signed_in.used_first_password is False


def test_a_changed_password_is_used_for_a_new_session() -> None:
    fake = xnat(401, 200)
    with connected(fake) as connection:
        connection.use_password(Secret("newest-password"))
        assert connection.server.plugins == {}
    before, after = fake.asked[2].headers["Authorization"], fake.asked[-1].headers["Authorization"]
    assert fake.lines[2:] == [f"GET {PROBE}", OUT, "GET /xapi/plugins"]
    assert before != after


def test_a_site_that_was_just_set_up_is_asked_anew() -> None:
    fake = xnat(200)
    with connected(fake) as connection:
        connection.server.initialized = False
        connection.set_initialized()
        assert connection.initialized is True
        assert connection.server.version == "1.9.2.1"
    assert fake.lines.count(f"GET {BUILD_INFO}") == 2


def test_after_a_restart_it_signs_in_again() -> None:
    fake = xnat(200)
    with connected(fake) as connection:
        connection.server.initialized = False
        connection.sign_in_again()
        assert connection.initialized is True
    assert fake.lines == [f"GET {BUILD_INFO}", f"GET {PROBE}", OUT, f"GET {PROBE}", OUT]


def test_nothing_listens() -> None:
    with pytest.raises(Unreachable) as caught:
        connected(FakeTransport().on("GET", BUILD_INFO, NotSent("Connection refused")))
    assert caught.value.exit_code == 4


def test_a_wrong_url_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        connect("xnat.example.org", username="ann", password=NEW)


def test_over_the_wire(server: Loopback) -> None:
    answers = {
        f"GET {BUILD_INFO}": b'{"version": "1.9.2.1"}',
        f"GET {PROBE}": b"true",
        "GET /xapi/plugins": b"{}",
        OUT: b"",
    }

    def answer(seen: Seen, handler: BaseHTTPRequestHandler) -> None:
        body = answers[f"{seen.method} {seen.path}"]
        write(handler, 200, body, (("Set-Cookie", "JSESSIONID=S; Path=/; HttpOnly"),))

    server.answer = answer
    with connect(server.url, username="ann", password=NEW) as connection:
        connection.client.parallel(
            lambda _n: connection.client.read_json("/xapi/plugins", doing="listing the plugins"), range(20)
        )
    assert [seen.headers.get("Cookie") for seen in server.seen] == [None, None, *["JSESSIONID=S"] * 21]
    assert server.seen[-1].method == "DELETE"


def test_over_the_wire_with_a_wrong_password(server: Loopback) -> None:
    def answer(seen: Seen, handler: BaseHTTPRequestHandler) -> None:
        status, body = (200, b'{"version": "1.9.2.1"}') if seen.path == BUILD_INFO else (401, b"")
        write(handler, status, body)

    server.answer = answer
    with pytest.raises(SignInRefused, match="signing in as `ann`"):
        connect(server.url, username="ann", password=NEW)
    assert len(server.seen) == 2
