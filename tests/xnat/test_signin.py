from __future__ import annotations

import pytest

from bootstrap.errors import Denied, NotAnXnat, Redirected, ServerFailed, SignInRefused, Unreachable, XnatError
from bootstrap.values import Secret
from bootstrap.xnat.client import Client
from bootstrap.xnat.counter import Counts
from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.signin import PROBE, Credentials, SignedIn, sign_in
from bootstrap.xnat.transport import NotSent, Request, Response

NEW, FIRST = Secret("new-password"), Secret("first-password")
BASIC = {"Basic YW5uOm5ldy1wYXNzd29yZA==": "new", "Basic YW5uOmZpcnN0LXBhc3N3b3Jk": "first"}


class Account:
    """A server with one account, whose sign-in record appears only after some requests."""

    def __init__(self, password: str, after: int = 0) -> None:
        self.password, self.after = password, after
        self.tried: list[str] = []

    def send(self, request: Request) -> Response:
        assert request.path == PROBE
        assert "Cookie" not in request.headers
        self.tried.append(BASIC[request.headers["Authorization"]])
        right = self.tried[-1] == self.password and len(self.tried) > self.after
        return reply(json=True, cookies={"JSESSIONID": "S"}) if right else reply(401)

    def close(self) -> None:
        """Nothing to close."""


CASES = [
    ("new", 0, ["new"], 0.0),
    ("first", 0, ["new", "first"], 0.0),
    ("first", 4, ["new", *["first"] * 4], 3.0),
    ("first", 11, ["new", *["first"] * 11], 10.0),
]


@pytest.mark.parametrize(("password", "after", "tried", "waited"), CASES)
def test_passwords_are_tried_in_their_order(password: str, after: int, tried: list[str], waited: float) -> None:
    server, pauses = Account(password, after), list[float]()
    result = sign_in(Client(server), Credentials("ann", NEW, FIRST), pauses.append)
    assert result == SignedIn("ann", used_first_password=password == "first", initialized=True)
    assert server.tried == tried
    assert sum(pauses) == waited


@pytest.mark.parametrize(
    ("first", "tries", "message"),
    [
        (FIRST, 12, r"user name or password not accepted \(12 tries\)"),
        (NEW, 11, r"user name or password not accepted \(11 tries\)"),
        (None, 1, r"user name or password not accepted \(1 try\)"),
    ],
)
def test_a_wrong_password_never_locks_the_account(first: Secret | None, tries: int, message: str) -> None:
    server = Account("another")
    with pytest.raises(SignInRefused, match=message) as caught:
        sign_in(Client(server), Credentials("ann", NEW, first), lambda _seconds: None)
    assert len(server.tried) == tries
    assert ("first_password: admin" in caught.value.hint) == (first is None)


def signed_in_to(*answers: Answer) -> tuple[SignedIn, Client]:
    client = Client(FakeTransport().on("GET", PROBE, *answers), url="http://xnat", pause=lambda _seconds: None)
    return sign_in(client, Credentials("ann", NEW, None), lambda _seconds: None), client


@pytest.mark.parametrize("initialized", [True, False])
def test_one_request_tells_whether_the_site_is_set_up(initialized: bool) -> None:
    result, client = signed_in_to(reply(json=initialized))
    assert result.initialized is initialized
    assert client.counts == Counts(requests=1, reads=0, writes=0)


def test_a_text_will_do_as_xnat_writes_it() -> None:
    result, _client = signed_in_to(reply(text="false\n", content_type="application/json"))
    assert result.initialized is False


ERRORS: list[tuple[Answer, type[XnatError], str, str]] = [
    (reply(403), Denied, "this account is no site administrator", "roles/Administrator"),
    (reply(500, text="<html>"), ServerFailed, "the server failed over this sign-in", "maxFailedLogins"),
    (reply(text="perhaps"), NotAnXnat, "neither true nor false came", ""),
    (
        reply(302, headers={"Location": "/app/template/XDATScreen_UpdateUser.vm"}),
        Redirected,
        "the password of this account has expired",
        "non_expiring",
    ),
    (NotSent("Connection refused"), Unreachable, "no connection to http://xnat", "wait"),
]


@pytest.mark.parametrize(("answer", "kind", "message", "hint"), ERRORS)
def test_what_else_can_happen(answer: Answer, kind: type[XnatError], message: str, hint: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        signed_in_to(answer)
    assert type(caught.value) is kind
    assert hint in caught.value.hint
    assert str(caught.value).startswith("signing in as `ann`: ")
