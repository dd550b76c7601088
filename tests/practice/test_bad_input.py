"""Every route against hostile requests: a known kind of answer, nothing written elsewhere, and the server lives on."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import requests

from bootstrap.practice import rooms
from bootstrap.practice.admin import settings
from bootstrap.practice.containers import engine
from bootstrap.practice.containers.problems import Broken
from bootstrap.practice.containers.server import Server
from bootstrap.practice.http.rooms import Body as Reads
from bootstrap.practice.http.rooms import Route
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice import hostile
from tests.practice.conftest import Asker
from tests.practice.hostile import BODIES, LARGE, OUTSIDE, QUERIES, TARGETS, Body, Reply

KNOWN = {200, 201, 202, 204, 302, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 417, 422, 424, 500, 501}
NOT_OURS = ("Traceback (most recent call last)", "<title>500 Internal Server Error</title>\n<h1>", 'File "')


def representatives() -> list[Route]:
    """Of routes that one function answers, because they differ only in what they hang on, the shortest of each kind."""
    found: dict[object, Route] = {}
    for route in (route for room in rooms.ROOMS for route in room.routes):
        kind = (route.method, route.handler, "{RESOURCE_ID}" in route.path, "{SCAN_ID}" in route.path)
        if kind not in found or len(route.path) < len(found[kind].path):
            found[kind] = route
    return list(found.values())


ROUTES = representatives()
LIMITED = ("http.media", "admin.config_body", "data.submitted")
HOSTILE_VALUES = ("9" * 5000, "9" * 400 + " minutes", "[" * 500 + "]" * 500, '["(", "[", "*"]', "\x00", "../..", "")


class Failures(logging.Handler):
    """Exceptions that nobody expected: the application logs them before it answers 500."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.seen.append(f"{record.getMessage()}: {record.exc_info[1]!r}")


class Victim:
    """A server with something on it, alone in its folder. It starts afresh for each route that writes."""

    def __init__(self, folder: Path) -> None:
        self._prepared, self._running, self._number = folder / "prepared", folder / "running", 0
        self._server: PracticeServer | None = None
        with PracticeServer(self._prepared, clock=FAST) as server:
            _fill(Asker(server))

    def begin(self, *, afresh: bool) -> None:
        if self._server and afresh:
            self.end()
        if self._server is None:
            self._number += 1
            shutil.copytree(self._prepared, self.folder / "state")
            self._server = PracticeServer(self.folder / "state", clock=FAST).start()

    @property
    def folder(self) -> Path:
        return self._running / str(self._number)

    def end(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None

    def send(self, method: str, target: str, body: Body | None = None) -> Reply | None:
        """As an administrator who has just signed in."""
        assert self._server
        assert self._server.site
        session = self._server.site.sessions.begin("admin", 900)
        if body:
            body = Body(body.type, body.content.replace(OUTSIDE.encode(), str(self.folder / "escaped").encode()))
        return hostile.send(self._server.url, method, target, body, Cookie=f"JSESSIONID={session.id}")

    def lives(self) -> bool:
        assert self._server
        return requests.get(self._server.url + "/xapi/siteConfig/buildInfo", timeout=20).ok

    def everything(self) -> set[str]:
        """What lies where the server was put, and next to it."""
        return {entry.name for folder in (self.folder, self._running.parent) for entry in folder.iterdir()}


def _fill(ask: Asker) -> None:
    """Things that are called 1, so that requests get past `not found`."""
    for path in ("/data/projects/1", "/data/config/1/1?inbody=true"):
        assert ask("PUT", path, data="text", headers={"Content-Type": "text/plain"}).status_code in (200, 201)
    session = {"xsiType": "xnat:mrSessionData", "ID": "1"}
    for path, more in (
        ("/data/projects/1/subjects/1", {"ID": "1"}),
        ("/data/projects/1/subjects/1/experiments/1", session),
        ("/data/experiments/1/scans/1", {"xsiType": "xnat:mrScanData"}),
        ("/data/experiments/1/scans/1/resources/R/files/1", {"inbody": "true"}),
        ("/data/subjects/1/resources/R/files/1", {"inbody": "true"}),
    ):
        answer = ask("PUT", path, params=more, data="text" if "inbody" in more else None)
        assert answer.status_code in (200, 201), answer.text
    ask.make_user("u1")
    wrapper = {"name": "w", "contexts": ["site"], "external-inputs": [{"name": "s", "type": "Session"}]}
    command = {"name": "c", "version": "1", "image": "a:1", "xnat": [wrapper]}
    assert ask("POST", "/xapi/commands", json=command).text == "1"


def _no_engine(server: Server, _read_seconds: float) -> NoReturn:
    raise Broken(f"the engine at {server.host} is out of reach of this test")


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """Without any Docker engine: a real one takes `1` for the beginning of an id, and deletes that image."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_connected", _no_engine)
        made = Victim(tmp_path_factory.mktemp("victim"))
        yield made
        made.end()


@pytest.mark.parametrize("host", ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"])
def test_no_engine_is_ever_spoken_to_here(victim: Victim, host: str) -> None:
    victim.begin(afresh=True)
    victim.send("POST", "/xapi/docker/server", Body("application/json", f'{{"host":"{host}"}}'.encode()))
    with pytest.raises(Broken, match="out of reach"):
        engine.delete_image(Server(1, {"host": host}), "1", force=False)
    reply = victim.send("DELETE", "/xapi/docker/images/no-such-image-of-this-test")
    assert reply
    assert "out of reach" in reply.body


@pytest.fixture
def failures() -> Iterator[Failures]:
    handler = Failures()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def fault(reply: Reply | None) -> str | None:
    """What is wrong with an answer; None if nothing is."""
    if reply is None:
        return "no answer"
    if reply.status not in KNOWN:
        return f"status {reply.status}"
    if "\r\nX-Evil" in reply.head:
        return "a header of the caller's making"
    return next((f"{sign!r} in the answer" for sign in NOT_OURS if sign in reply.body), None)


def requests_for(route: Route) -> Iterator[tuple[str, Body | None]]:
    plain = hostile.plain_path(route)
    yield from ((path, None) for path in hostile.paths(route))
    yield from ((f"{plain}?{query}", None) for query in QUERIES)
    if route.method != "GET":
        yield from ((plain, body) for body in BODIES)
    if route.method != "GET" and route.path.startswith("/data"):
        yield from ((f"{plain}?inbody=true", body) for body in BODIES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_hostile_requests(victim: Victim, failures: Failures, route: Route) -> None:
    victim.begin(afresh=route.method != "GET")
    before = victim.everything()
    found = [
        (target[:200], body, wrong)
        for target, body in requests_for(route)
        if (wrong := fault(victim.send(route.method, target, body)))
    ]
    assert not found
    assert not failures.seen
    assert victim.everything() == before
    assert victim.lives()


@pytest.mark.parametrize("route", [one for one in ROUTES if one.method in ("POST", "PUT")], ids=lambda one: one.path)
def test_a_body_beyond_the_limit(
    victim: Victim, failures: Failures, monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    """Whoever reads the body answers 413; the others do not look at it."""
    for module in LIMITED:
        monkeypatch.setattr(f"bootstrap.practice.{module}.TEXT_LIMIT", 1000)
    victim.begin(afresh=False)
    replies = [victim.send(route.method, hostile.plain_path(route) + more, LARGE) for more in ("", "?inbody=true")]
    assert [wrong for reply in replies if (wrong := fault(reply))] == []
    if route.body is not Reads.NONE:
        assert {reply.status for reply in replies if reply} <= {404, 413, 415}
    assert not failures.seen


@pytest.mark.parametrize("target", TARGETS)
def test_raw_targets(victim: Victim, failures: Failures, target: str) -> None:
    victim.begin(afresh=False)
    for method in ("GET", "PUT", "OPTIONS", "HEAD", "PATCH", "TRACE"):
        assert fault(victim.send(method, target)) is None
    assert not failures.seen
    assert victim.lives()


def _request(line: str, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([line.encode(), b"Host: x", b"Connection: close", *headers, b"", body])


RAW = {
    "a body of terabytes": _request("PUT /data/projects/1 HTTP/1.1", b"Content-Length: 9999999999999"),
    "a negative length": _request("PUT /data/projects/1 HTTP/1.1", b"Content-Length: -5", body=b"xxxxx"),
    "a length in words": _request("PUT /data/projects/1 HTTP/1.1", b"Content-Length: five", body=b"xxxxx"),
    "two lengths": _request("PUT /data/x HTTP/1.1", b"Content-Length: 1", b"Content-Length: 2", body=b"xx"),
    "broken chunks": _request("PUT /data/x HTTP/1.1", b"Transfer-Encoding: chunked", body=b"zz\r\nx\r\n0\r\n\r\n"),
    "an unknown encoding": _request("PUT /data/x HTTP/1.1", b"Transfer-Encoding: gzip", body=b"x"),
    "endless headers": _request("GET / HTTP/1.1", b"X: " + b"x" * 400_000),
    "no method": _request(" / HTTP/1.1"),
    "a version of its own": _request("GET / HTTP/9.9"),
    "a broken cookie": _request("GET /data/auth HTTP/1.1", b'Cookie: JSESSIONID="\xff;;='),
    "broken credentials": _request("GET /data/auth HTTP/1.1", b"Authorization: Basic \xff\xfe=="),
    "a host of nonsense": _request("GET / HTTP/1.1", b"Host: ../..:x@["),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW.keys())
def test_raw_requests(victim: Victim, failures: Failures, raw: bytes) -> None:
    victim.begin(afresh=False)
    assert victim._server
    reply = hostile.exchange(victim._server.url, raw)
    assert reply is None or fault(reply) is None or reply.status == 431
    assert not failures.seen
    assert victim.lives()


@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=lambda value: repr(value[:12]))
def test_hostile_settings_do_not_stop_the_site(server: PracticeServer, failures: Failures, value: str) -> None:
    ask = Asker(server)
    left_out = {"initialized", "enabledProviders", "securityChannel", "maxFailedLogins"}  # these stop XNAT too
    for name in settings.known().keys() - left_out:
        assert ask("POST", "/xapi/siteConfig", json={name: value}).status_code in (200, 400, 401, 500)
    ask.settle()
    assert ask("GET", "/xapi/siteConfig").status_code == 200
    assert ask("GET", "/data/auth", as_user=None).status_code in (200, 401)
    server.restart()
    assert ask("GET", "/data/auth", as_user=None, headers={"User-Agent": "Mozilla/5.0"}).status_code in (
        200,
        302,
        401,
        404,
    )
    assert not failures.seen
