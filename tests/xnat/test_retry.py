from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.retry import ATTEMPTS, LONGEST_PAUSE, Retry
from bootstrap.xnat.transport import NoAnswer, NotSent, Request, Response, TlsFailure, TransportFailure

NOW = datetime(2026, 11, 26, 10, 0, 0, tzinfo=UTC)
CUT, SILENT, REFUSED = NoAnswer("cut"), NoAnswer("silent", timed_out=True), NotSent("refused")


class Tried:
    """A retry over scripted answers, with a clock that stands and dice that fall on 1."""

    def __init__(self, *answers: Answer) -> None:
        self.pauses: list[float] = []
        self.inner = FakeTransport()
        for method in ("GET", "PUT", "POST", "DELETE"):
            self.inner.on(method, "/x", *answers)
        self.retry = Retry(self.inner, pause=self.pauses.append, chance=lambda: 1.0, now=lambda: NOW)

    def send(self, method: str = "GET", patient: bool = True, creates: bool = False) -> Response | TransportFailure:
        try:
            return self.retry.send(Request(method, "/x", patient=patient, creates=creates))
        except TransportFailure as failure:
            return failure


@pytest.mark.parametrize("failure", [CUT, SILENT, REFUSED, reply(502), reply(503), reply(504), reply(429)])
def test_a_read_is_repeated(failure: Answer) -> None:
    tried = Tried(failure, reply(200))
    answer = tried.send()
    assert isinstance(answer, Response)
    assert answer.status == 200
    assert tried.pauses == [0.5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 501, 302])
def test_an_answer_that_would_not_change_is_not_asked_for_again(status: int) -> None:
    tried = Tried(reply(status), reply(200))
    answer = tried.send()
    assert isinstance(answer, Response)
    assert answer.status == status
    assert len(tried.inner.asked) == 1


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("failure", [CUT, SILENT, reply(502), reply(503), reply(504), reply(429)])
def test_a_write_that_may_have_happened_is_not_repeated(method: str, failure: Answer) -> None:
    tried = Tried(failure, reply(200))
    assert tried.send(method, creates=True) == failure
    assert len(tried.inner.asked) == 1


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_write_that_never_left_is_repeated(method: str) -> None:
    tried = Tried(REFUSED, REFUSED, reply(200))
    answer = tried.send(method, creates=True)
    assert isinstance(answer, Response)
    assert len(tried.inner.asked) == 3


@pytest.mark.parametrize("failure", [CUT, REFUSED, reply(503)])
def test_it_gives_up_after_some_attempts(failure: Answer) -> None:
    tried = Tried(failure)
    assert tried.send() == failure
    assert len(tried.inner.asked) == ATTEMPTS
    assert tried.pauses == [0.5, 1.0, 2.0]


def test_silence_is_waited_for_twice_only() -> None:
    tried = Tried(SILENT)
    assert tried.send() is SILENT
    assert len(tried.inner.asked) == 2


@pytest.mark.parametrize("failure", [CUT, REFUSED, reply(503)])
def test_an_impatient_request_is_sent_once(failure: Answer) -> None:
    tried = Tried(failure, reply(200))
    assert tried.send(patient=False) == failure
    assert tried.pauses == []


def test_a_certificate_does_not_get_better() -> None:
    failure = TlsFailure("not trusted")
    tried = Tried(failure, reply(200))
    assert tried.send() is failure


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("7", 7.0),
        ("3600", LONGEST_PAUSE),
        ("Thu, 26 Nov 2026 10:00:05 GMT", 5.0),
        ("Thu, 26 Nov 2026 10:00:05 -0000", 5.0),
        ("Thu, 26 Nov 2026 09:00:00 GMT", 0.5),
        ("0", 0.5),
        ("soon", 0.5),
        ("", 0.5),
        ("-3", 0.5),
    ],
)
def test_retry_after_is_heeded_within_bounds(retry_after: str, pause: float) -> None:
    tried = Tried(reply(503, headers={"Retry-After": retry_after}), reply(200))
    tried.send()
    assert tried.pauses == [pause]


def test_the_pauses_are_spread() -> None:
    pauses: list[float] = []
    Retry(FakeTransport().on("GET", "/x", CUT, reply()), pause=pauses.append, chance=lambda: 0.0).send(
        Request("GET", "/x")
    )
    assert pauses == [0.25]
