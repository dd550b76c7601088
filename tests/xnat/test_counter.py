from __future__ import annotations

import pytest

from bootstrap.xnat.counter import Counts, RequestCounter
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.transport import NoAnswer, Request

CASES = [
    (Request("GET", "/x"), Counts(1, 1, 0)),
    (Request("HEAD", "/x"), Counts(1, 1, 0)),
    (Request("PUT", "/x"), Counts(1, 0, 1)),
    (Request("DELETE", "/x"), Counts(1, 0, 1)),
    (Request("PUT", "/x", bookkeeping=True), Counts(1, 0, 0)),
    (Request("GET", "/x", bookkeeping=True), Counts(1, 0, 0)),
    (Request("POST", "/xapi/events/subscription/filter/validate"), Counts(1, 1, 0)),
]


@pytest.mark.parametrize(("request_", "counts"), CASES)
def test_what_counts_as_what(request_: Request, counts: Counts) -> None:
    counter = RequestCounter(FakeTransport().on(request_.method, request_.path, reply()))
    counter.send(request_)
    assert counter.counts == counts


def test_what_got_no_answer_counts_too() -> None:
    counter = RequestCounter(FakeTransport().on("PUT", "/x", NoAnswer("cut")))
    with pytest.raises(NoAnswer):
        counter.send(Request("PUT", "/x"))
    assert counter.counts == Counts(1, 0, 1)
