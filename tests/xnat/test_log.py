from __future__ import annotations

import logging

import pytest

from bootstrap.values import Secret
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.log import LONGEST_BODY, RedactedLog
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import NoAnswer, Request, Transport

REQUEST = Request(
    "POST",
    "/xapi/x",
    {"q": "canary-password"},
    {"Authorization": "Basic xyz", "Content-Type": "application/json"},
    b'{"smtpPassword": "other", "said": "canary-password"}',
)
ANSWER = reply(200, text="canary-password", headers={"Set-Cookie": "JSESSIONID=abc"})


def logged(inner: Transport, level: int, caplog: pytest.LogCaptureFixture, request: Request = REQUEST) -> list[str]:
    redactor = Redactor()
    redactor.add(Secret("canary-password"))
    log = logging.getLogger("test.wire")
    with caplog.at_level(level, log.name):
        RedactedLog(inner, redactor, log, clock=iter([1.0, 1.25]).__next__).send(request)
    return [record.getMessage() for record in caplog.records]


def test_one_line_a_request(caplog: pytest.LogCaptureFixture) -> None:
    lines = logged(FakeTransport().on("POST", "/xapi/x", ANSWER), logging.INFO, caplog)
    assert lines == ["POST /xapi/x?q=*** -> 200 (250 ms, sent 52 B, got 15 B)"]


def test_headers_and_bodies_with_more(caplog: pytest.LogCaptureFixture) -> None:
    lines = logged(FakeTransport().on("POST", "/xapi/x", ANSWER), logging.DEBUG, caplog)
    assert lines[1:] == [
        "  sent Authorization: ***",
        "  sent Content-Type: application/json",
        '  sent body: {"smtpPassword": "***", "said": "***"}',
        "  got Content-Type: text/plain;charset=UTF-8",
        "  got Set-Cookie: ***",
        "  got body: ***",
    ]


def test_nothing_below_its_level(caplog: pytest.LogCaptureFixture) -> None:
    assert logged(FakeTransport().on("POST", "/xapi/x", ANSWER), logging.WARNING, caplog) == []


def test_a_request_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NoAnswer):
        logged(FakeTransport().on("POST", "/xapi/x", NoAnswer("cut")), logging.INFO, caplog)
    assert caplog.messages == ["POST /xapi/x?q=*** -> cut (250 ms)"]


@pytest.mark.parametrize(
    ("body", "content_type", "line"),
    [
        (b"\x00\x01", "application/zip", "  got body: 2 B of application/zip"),
        (
            b"a" * (LONGEST_BODY + 5),
            "text/plain",
            f"  got body: {'a' * LONGEST_BODY}... ({LONGEST_BODY + 5} characters)",
        ),
        # Cut only when the secrets are out.
        (b"a" * (LONGEST_BODY - 5) + b"canary-password", "text/plain", f"  got body: {'a' * (LONGEST_BODY - 5)}***"),
    ],
)
def test_bodies_are_fit_to_be_read(body: bytes, content_type: str, line: str, caplog: pytest.LogCaptureFixture) -> None:
    inner = FakeTransport().on("GET", "/x", reply(body=body, content_type=content_type))
    assert logged(inner, logging.DEBUG, caplog, Request("GET", "/x"))[-1] == line


def test_it_closes_what_is_inside() -> None:
    inner = FakeTransport()
    RedactedLog(inner, Redactor()).close()
    assert inner.closed
