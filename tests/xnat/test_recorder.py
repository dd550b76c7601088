from __future__ import annotations

import pytest

from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.recorder import Exchange, Recorder
from bootstrap.xnat.transport import NoAnswer, Request


def test_questions_and_answers_are_kept() -> None:
    answer, cut = reply(json=[1]), NoAnswer("cut")
    inner = FakeTransport().on("GET", "/x", answer, cut)
    recorder = Recorder(inner)
    request = Request("GET", "/x")
    recorder.send(request)
    with pytest.raises(NoAnswer):
        recorder.send(request)
    recorder.close()
    assert recorder.exchanges == [Exchange(request, answer), Exchange(request, cut)]
    assert inner.closed


def test_what_nobody_scripted_is_a_mistake_of_the_test() -> None:
    with pytest.raises(AssertionError, match=r"nobody scripted an answer to GET /y\?a=1"):
        FakeTransport().send(Request("GET", "/y", {"a": "1"}))
