from __future__ import annotations

from threading import Barrier, Lock
from typing import Any

import pytest

from bootstrap.errors import (
    Denied,
    NotFound,
    NotJson,
    OutcomeUnknown,
    SignInRefused,
    Starting,
    ToLogin,
    Unreachable,
    XnatError,
)
from bootstrap.values import Secret, Source
from bootstrap.xnat.answers import Asked
from bootstrap.xnat.client import REFUSALS, UNSET, Client
from bootstrap.xnat.counter import Counts
from bootstrap.xnat.fake import Answer, FakeTransport, reply
from bootstrap.xnat.guard import WriteForbidden
from bootstrap.xnat.transport import NoAnswer, NotSent, Request, Response

BASIC = "Basic YW5uOnB3"  # ann:pw
SESSION = {"JSESSIONID": "S1"}
TO_LOGIN = reply(302, headers={"Location": "/app/template/Login.vm"})


def client_of(fake: FakeTransport, parallel: int = 4, signed_in: bool = True) -> Client:
    client = Client(fake, url="http://xnat", parallel=parallel, pause=lambda _seconds: None)
    if signed_in:
        client.use_account("ann", Secret("pw"))
    return client


def answering(*answers: Answer, method: str = "GET", path: str = "/x") -> FakeTransport:
    return FakeTransport().on(method, path, *answers)


class TestReading:
    @pytest.mark.parametrize("value", [{"a": "ä"}, [], False, 0, None, "text"])
    def test_json(self, value: Any) -> None:
        assert client_of(answering(reply(json=value))).read_json("/x", doing="reading x") == value

    def test_text(self) -> None:
        assert client_of(answering(reply(text="version 6\nä"))).read_text("/x", doing="reading x") == "version 6\nä"

    def test_an_empty_text_is_a_text(self) -> None:
        assert client_of(answering(reply())).read_text("/x", doing="reading x") == ""

    @pytest.mark.parametrize("status", [404, 204, 304])
    def test_absent_where_that_is_no_error(self, status: int) -> None:
        client = client_of(answering(reply(status)))
        assert client.read_json("/x", doing="reading x", absent_ok=True) is None
        assert client.read_text("/x", doing="reading x", absent_ok=True) is None

    def test_absent_where_it_is_one(self) -> None:
        client = client_of(answering(reply(404)))
        with pytest.raises(NotFound):
            client.read_json("/x", doing="reading x", accept_empty=True)
        with pytest.raises(NotFound):
            client.read_text("/x", doing="reading x")

    @pytest.mark.parametrize("answer", [reply(200), reply(204), reply(304), reply(200, text=" \n")])
    def test_empty_where_that_is_no_error(self, answer: Response) -> None:
        assert client_of(answering(answer)).read_json("/x", doing="reading x", accept_empty=True) is None

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (reply(200), "an empty answer came where JSON was due"),
            (reply(204), "an empty answer came where JSON was due"),
            (reply(200, text="busy"), "something else came where JSON was due"),
            (reply(200, body=b"\xff\xfe\xfd"), "something else came where JSON was due"),
            (reply(200, text="<html><h1>Hello</h1></html>"), "an HTML page came"),
        ],
    )
    def test_something_else_where_json_is_due(self, answer: Response, message: str) -> None:
        with pytest.raises(NotJson, match=message):
            client_of(answering(answer)).read_json("/x", doing="reading x")

    def test_a_page_where_a_text_is_due(self) -> None:
        with pytest.raises(NotJson, match="the server said: Hello"):
            client_of(answering(reply(text="<html><h1>Hello</h1></html>"))).read_text("/x", doing="reading x")

    def test_what_is_asked_for(self) -> None:
        fake = answering(reply(json=1))
        client = client_of(fake)
        client.read_json("/x", doing="reading x", params={"format": "json"}, timeout=5)
        client.read_text("/x", doing="reading x")
        assert fake.lines == ["GET /x?format=json", "GET /x"]
        assert [request.timeout for request in fake.asked] == [5, None]
        accepts = [request.headers["Accept"].split(",")[0] for request in fake.asked]
        assert accepts == ["application/json", "text/plain;charset=UTF-8"]

    def test_an_error_knows_the_place_in_the_file(self) -> None:
        with pytest.raises(NotFound, match=r"^site\.yaml:4:2: reading x: "):
            client_of(answering(reply(404))).read_text("/x", doing="reading x", source=Source("site.yaml", 4, 2))


class TestWriting:
    @pytest.mark.parametrize(
        ("given", "body", "content_type"),
        [
            ({"json": {"a": "ä"}}, '{"a": "ä"}'.encode(), "application/json"),
            ({"json": None}, b"null", "application/json"),
            ({"json": [], "content_type": "application/x"}, b"[]", "application/x"),
            ({"text": "ä"}, "ä".encode(), "text/plain; charset=UTF-8"),
            ({"text": "true", "content_type": "application/json"}, b"true", "application/json"),
            ({"body": b"\x00", "content_type": "application/zip"}, b"\x00", "application/zip"),
            ({}, None, None),
        ],
    )
    def test_content(self, given: dict[str, Any], body: bytes | None, content_type: str | None) -> None:
        fake = answering(reply(), method="PUT")
        client = client_of(fake)
        with client.writing():
            client.write("PUT", "/x", doing="writing x", params={"a": "1"}, **given)
        sent = fake.asked[0]
        assert (sent.line, sent.body, sent.headers.get("Content-Type")) == ("PUT /x?a=1", body, content_type)

    def test_one_content_only(self) -> None:
        with pytest.raises(ValueError, match="one of json, text and body"):
            client_of(FakeTransport()).write("PUT", "/x", doing="writing x", text="a", json={})

    def test_not_in_read_mode(self) -> None:
        fake = FakeTransport()
        client = client_of(fake)
        with pytest.raises(WriteForbidden):
            client.write("PUT", "/x", doing="writing x")
        with client.writing(), client.reading(), pytest.raises(WriteForbidden):
            client.write("PUT", "/x", doing="writing x")
        assert fake.asked == []

    @pytest.mark.parametrize("status", [200, 201, 204, 304])
    def test_a_success_is_given_back(self, status: int) -> None:
        client = client_of(answering(reply(status), method="PUT"))
        with client.writing():
            assert client.write("PUT", "/x", doing="writing x").status == status

    def test_other_statuses_may_be_a_success_too(self) -> None:
        client = client_of(answering(reply(404), method="DELETE"))
        with client.writing():
            assert client.write("DELETE", "/x", doing="removing x", accept=(200, 404)).status == 404

    def test_an_empty_answer_where_one_is_due_means_that_nothing_was_done(self) -> None:
        client = client_of(answering(reply(201), reply(201, json={"id": 4}), method="POST"))
        with client.writing():
            with pytest.raises(Denied, match="an empty answer: nothing was done"):
                client.write("POST", "/x", doing="making x", answers=True)
            assert client.write("POST", "/x", doing="making x", answers=True).json() == {"id": 4}

    @pytest.mark.parametrize("creates", [False, True])
    def test_a_write_that_may_have_happened_is_sent_once(self, creates: bool) -> None:
        """Invariant 11."""
        fake = answering(NoAnswer("cut"), method="POST")
        client = client_of(fake)
        with client.writing(), pytest.raises(OutcomeUnknown):
            client.write("POST", "/x", doing="making x", creates=creates)
        assert len(fake.asked) == 1

    def test_a_write_that_never_left_is_repeated_and_then_given_up(self) -> None:
        fake = answering(NotSent("refused"), method="POST")
        client = client_of(fake)
        with client.writing(), pytest.raises(Unreachable):
            client.write("POST", "/x", doing="making x", creates=True)
        assert len(fake.asked) == 4


class TestSession:
    def test_every_request_carries_the_account_and_the_session(self) -> None:
        fake = answering(reply(json=1, cookies={**SESSION, "SESSION_EXPIRATION_TIME": "1,2"}))
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        client.read_json("/x", doing="reading x")
        assert [request.headers.get("Authorization") for request in fake.asked] == [BASIC, BASIC]
        assert [request.headers.get("Cookie") for request in fake.asked] == [None, "JSESSIONID=S1"]

    def test_without_an_account_nothing_is_carried_or_kept(self) -> None:
        fake = answering(reply(json=1, cookies=SESSION))
        client = client_of(fake, signed_in=False)
        client.read_json("/x", doing="reading x")
        client.read_json("/x", doing="reading x")
        assert all({"Authorization", "Cookie"}.isdisjoint(request.headers) for request in fake.asked)

    @pytest.mark.parametrize("ended", [reply(401), TO_LOGIN])
    def test_an_ended_session_is_renewed_once(self, ended: Response) -> None:
        fake = answering(reply(json=1, cookies=SESSION), ended, reply(json=2, cookies={"JSESSIONID": "S2"}))
        client = client_of(fake)
        answers = [client.read_json("/x", doing="reading x") for _ in range(3)]
        assert answers == [1, 2, 2]
        cookies = [request.headers.get("Cookie") for request in fake.asked]
        assert cookies == [None, "JSESSIONID=S1", None, "JSESSIONID=S2"]

    def test_a_write_that_met_an_ended_session_is_repeated(self) -> None:
        fake = answering(reply(json=1, cookies=SESSION)).on("POST", "/y", reply(401), reply(201))
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        with client.writing():
            assert client.write("POST", "/y", doing="making y", creates=True).status == 201

    @pytest.mark.parametrize(("ended", "kind"), [(reply(401), SignInRefused), (TO_LOGIN, ToLogin)])
    def test_refused_again_is_refused(self, ended: Response, kind: type[XnatError]) -> None:
        fake = answering(reply(json=1, cookies=SESSION), ended)
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        with pytest.raises(kind):
            client.read_json("/x", doing="reading x")
        assert len(fake.asked) == 3

    def test_without_a_session_there_is_nothing_to_renew(self) -> None:
        fake = answering(reply(401))
        with pytest.raises(SignInRefused):
            client_of(fake).read_json("/x", doing="reading x")
        assert len(fake.asked) == 1

    def test_several_threads_renew_it_once(self) -> None:
        server = EndedSession(threads=4)
        client = Client(server, parallel=4)
        client.use_account("ann", Secret("pw"))
        client.read_json("/first", doing="reading")
        assert client.parallel(lambda _n: client.read_json("/x", doing="reading"), range(4)) == [1, 1, 1, 1]
        assert server.sessions == 2

    def test_an_account_that_is_refused_is_not_locked(self) -> None:
        fake = answering(reply(401))
        client = client_of(fake)
        for _ in range(REFUSALS + 5):
            with pytest.raises(SignInRefused) as caught:
                client.read_json("/x", doing="reading x")
        assert len(fake.asked) == REFUSALS
        assert "not sent: the server refused this account 12 times already" in str(caught.value)

    def test_a_right_that_is_lacking_is_no_refused_sign_in(self) -> None:
        lacking = reply(401, text="There was an error in the request : User ann is not a Container Manager.")
        fake = answering(reply(json=1, cookies=SESSION), lacking)
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        for _ in range(REFUSALS + 5):
            with pytest.raises(Denied, match="not a Container Manager"):
                client.read_json("/x", doing="reading x")
        assert len(fake.asked) == REFUSALS + 6

    def test_a_session_that_is_renewed_is_no_refusal(self) -> None:
        fake = answering(*[reply(json=1, cookies=SESSION), reply(401)] * REFUSALS, reply(json=1))
        client = client_of(fake)
        for _ in range(REFUSALS + 1):
            assert client.read_json("/x", doing="reading x") == 1

    def test_signing_out_ends_the_session(self) -> None:
        fake = answering(reply(json=1, cookies=SESSION)).on("DELETE", "/data/JSESSION", reply())
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        client.sign_out()
        client.sign_out()
        assert fake.lines == ["GET /x", "DELETE /data/JSESSION"]
        assert fake.asked[1].headers == {"Cookie": "JSESSIONID=S1"}
        assert client.counts == Counts(requests=2, reads=1, writes=0)

    @pytest.mark.parametrize("answer", [NoAnswer("cut"), NotSent("refused"), reply(500), reply(302)])
    def test_signing_out_never_fails(self, answer: Answer) -> None:
        fake = answering(reply(json=1, cookies=SESSION)).on("DELETE", "/data/JSESSION", answer)
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        client.sign_out()
        assert len(fake.asked) == 2

    def test_a_new_password_begins_a_new_session(self) -> None:
        fake = answering(reply(json=1, cookies=SESSION)).on("DELETE", "/data/JSESSION", reply())
        client = client_of(fake)
        client.read_json("/x", doing="reading x")
        client.use_password(Secret("pw2"))
        client.read_json("/x", doing="reading x")
        assert fake.lines == ["GET /x", "DELETE /data/JSESSION", "GET /x"]
        assert fake.asked[2].headers["Authorization"] == "Basic YW5uOnB3Mg=="
        assert "Cookie" not in fake.asked[2].headers

    def test_a_new_password_is_somebodys(self) -> None:
        with pytest.raises(ValueError, match="nobody is signed in"):
            client_of(FakeTransport(), signed_in=False).use_password(Secret("pw2"))

    def test_silence_before_the_sign_in_is_a_starting_xnat(self) -> None:
        client = client_of(answering(NoAnswer("no answer within 5 s", timed_out=True)))
        asked = Asked("looking", Request("GET", "/x", patient=False), client.redactor)
        with pytest.raises(Starting, match="http://xnat takes connections, but does not answer yet"):
            client.exchange(asked, anonymous=True)
        with pytest.raises(Unreachable, match="no answer from http://xnat"):
            client.exchange(asked)


class EndedSession:
    """A server that has forgotten the first session when several threads come with it at once."""

    def __init__(self, threads: int) -> None:
        self.sessions = 0
        self._together = Barrier(threads)
        self._lock = Lock()

    def send(self, request: Request) -> Response:
        cookie = request.headers.get("Cookie")
        if cookie == "JSESSIONID=1":
            self._together.wait()
            return reply(401)
        if cookie:
            return reply(json=1)
        with self._lock:
            self.sessions += 1
            return reply(json=1, cookies={"JSESSIONID": str(self.sessions)})

    def close(self) -> None:
        """Nothing to close."""


class TestParallel:
    def test_several_at_a_time_in_their_order(self) -> None:
        together = Barrier(3)

        def work(item: int) -> int:
            together.wait()  # only passed if three run at once
            return item * item

        assert client_of(FakeTransport(), parallel=3).parallel(work, range(3)) == [0, 1, 4]

    @pytest.mark.parametrize("parallel", [1, 4])
    def test_the_first_error_after_all_have_ended(self, parallel: int) -> None:
        done: list[int] = []

        def work(item: int) -> None:
            done.append(item)
            if item in (1, 2):
                raise NotFound(str(item))

        with pytest.raises(NotFound, match="1"):
            client_of(FakeTransport(), parallel=parallel).parallel(work, range(4))
        assert sorted(done) == ([0, 1] if parallel == 1 else [0, 1, 2, 3])

    @pytest.mark.parametrize("items", [[], [7]])
    def test_few_need_no_threads(self, items: list[int]) -> None:
        assert client_of(FakeTransport()).parallel(lambda item: item, items) == items

    def test_one_inside_the_other(self) -> None:
        client = client_of(FakeTransport(), parallel=2)

        def work(n: int) -> list[int]:
            return client.parallel(lambda m: n * m, range(3))

        assert client.parallel(work, range(3)) == [[0, 0, 0], [0, 1, 2], [0, 2, 4]]

    def test_interrupted_it_begins_nothing_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(_futures: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("bootstrap.xnat.client.wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            client_of(FakeTransport()).parallel(lambda item: item, range(100))


def test_closing_closes_the_transport() -> None:
    fake = FakeTransport()
    client_of(fake).close()
    assert fake.closed


def test_no_value_has_a_name() -> None:
    assert repr(UNSET) == "UNSET"
