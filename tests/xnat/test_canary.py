"""Invariant 6: a secret leaves only in the request it is for. Over every way in which a request can end."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from urllib.parse import quote

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.values import Secret
from bootstrap.xnat.client import Client
from bootstrap.xnat.connection import connect
from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.log import LOGGER
from bootstrap.xnat.server import BUILD_INFO
from bootstrap.xnat.signin import PROBE
from bootstrap.xnat.transport import NoAnswer, NotSent, TlsFailure
from bootstrap.xnat.wait import wait_until_ready
from bootstrap.xnat.wire import RequestsTransport
from tests.xnat.loopback import Loopback, cut, cut_in_the_middle, write

CANARY = "cänary/in the=mine"
DRESSES = [CANARY, quote(CANARY), quote(CANARY, safe=""), b64encode(f"ann:{CANARY}".encode()).decode(), "nary/in"]
ECHO = f'{{"password": "{CANARY}", "said": "{CANARY} was wrong"}}'
PAGE = f"<html><h1>{CANARY}</h1><p>Authorization: Basic {DRESSES[3]}</p></html>"

ENDINGS: list[Answer] = [
    NotSent("refused"),
    TlsFailure("not trusted"),
    NoAnswer("cut"),
    NoAnswer("silent", timed_out=True),
    reply(200, text=ECHO),
    reply(200, text=PAGE),
    reply(200),
    reply(202, text=ECHO),
    *[reply(302, headers={"Location": f"/{place}?x={CANARY}"}) for place in ("setup", "else", CANARY)],
    *[reply(status, text=text) for status in (400, 401, 403, 404, 409, 500, 502, 503) for text in (ECHO, PAGE)],
]


def everything(error: BaseException | None, caplog: pytest.LogCaptureFixture) -> str:
    """All that a person, a log file or a bug report could get to see."""
    shown = [caplog.text]
    if error:
        shown += [str(error), repr(error), *traceback.format_exception(error)]
        shown += [f"{name}={value!r}" for name, value in vars(error).items()]
    return "\n".join(shown)


def assert_unseen(text: str) -> None:
    for dress in DRESSES:
        assert dress not in text


@pytest.fixture(autouse=True)
def _most_talkative(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, LOGGER.name)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_canary_is_seen_nowhere(method: str, ending: Answer, caplog: pytest.LogCaptureFixture) -> None:
    fake = FakeTransport().on(method, f"/xapi/{quote(CANARY)}", ending)
    client = Client(fake, url="http://xnat", pause=lambda _seconds: None)
    client.use_account("ann", Secret(CANARY))
    path, doing, params = f"/xapi/{quote(CANARY)}", f"trying {CANARY}", {"q": CANARY}
    error: BootstrapError | None = None
    try:
        if method == "GET":
            client.read_json(path, doing=doing, params=params)
        else:
            with client.writing():
                client.write("PUT", path, doing=doing, params=params, json={"smtp": CANARY}, answers=True)
    except BootstrapError as caught:
        error = caught
    assert fake.asked
    assert_unseen(everything(error, caplog))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("where", [BUILD_INFO, PROBE])
def test_a_canary_is_not_seen_while_signing_in(where: str, ending: Answer, caplog: pytest.LogCaptureFixture) -> None:
    answers: dict[str, Answer] = {BUILD_INFO: reply(json={"version": "1.9.2.1"}), PROBE: reply(json=True), "/": ending}
    fake = FakeTransport()
    for path, answer in {**answers, where: ending}.items():
        fake.on("GET", path, answer)
    told: list[str] = []
    clock = iter(range(0, 10_000, 10))
    errors: list[BootstrapError] = []
    try:
        connect(
            "http://xnat", username="ann", password=Secret(CANARY), pause=lambda _seconds: None, transport=fake
        ).close()
    except BootstrapError as caught:
        errors.append(caught)
    try:
        wait_until_ready(
            "http://xnat",
            username="ann",
            password=Secret(CANARY),
            limit_seconds=60,
            tell=told.append,
            clock=lambda: float(next(clock)),
            pause=lambda _seconds: None,
            transport=fake,
        )
    except BootstrapError as caught:
        errors.append(caught)
    assert len(errors) == 2
    assert_unseen("\n".join([*told, *(everything(error, caplog) for error in errors)]))


@pytest.mark.parametrize("answer", [cut, cut_in_the_middle, lambda _s, handler: write(handler, 400, ECHO.encode())])
def test_a_canary_is_not_seen_over_the_wire(server: Loopback, answer: object, caplog: pytest.LogCaptureFixture) -> None:
    server.answer = answer  # type: ignore[assignment]
    client = Client(RequestsTransport(server.url), url=server.url, pause=lambda _seconds: None)
    client.use_account("ann", Secret(CANARY))
    with client.writing(), pytest.raises(BootstrapError) as caught:
        client.write("PUT", "/x", doing="writing", json={"value": CANARY})
    client.close()
    assert CANARY.encode() in server.seen[0].body
    assert_unseen(everything(caught.value, caplog))


def test_the_log_is_as_talkative_as_it_is_meant_to_be(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(FakeTransport().on("GET", "/xapi/x", reply(json={"a": CANARY})))
    client.use_account("ann", Secret(CANARY))
    assert client.read_json("/xapi/x", doing="reading x") == {"a": CANARY}
    assert "GET /xapi/x -> 200" in caplog.text
    assert 'got body: {"a": "***"}' in caplog.text
