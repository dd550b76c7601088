"""Bodies in chunks, large bodies, and where they are kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bootstrap.practice.server import PracticeServer
from tests.practice.conftest import Asker

CONFIG = "/data/config/tool/path"


def test_what_comes_in_chunks_is_a_body_too(ask: Asker) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"uiDateFormat": '
        yield b'"chunks"}'

    answer = ask("POST", "/xapi/siteConfig", data=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert ask("GET", "/xapi/siteConfig/uiDateFormat").text == "chunks"


def test_a_large_body_is_spooled_below_the_state_folder_and_gone_afterwards(ask: Asker) -> None:
    large = "x" * (9 * 1024 * 1024)
    assert ask("PUT", CONFIG, data=large, headers={"Content-Type": "text/plain"}).status_code == 201
    assert ask("GET", CONFIG, params={"contents": "true"}).text == large
    assert list(ask.server.folder.spool.iterdir()) == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/xapi/siteConfig"), ("PUT", CONFIG)])
def test_a_body_that_is_too_large_to_be_read_is_413(
    ask: Asker, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    for module in ("bootstrap.practice.http.media", "bootstrap.practice.admin.config_body"):
        monkeypatch.setattr(f"{module}.TEXT_LIMIT", 1000)
    assert ask(method, path, data="x" * 1001, headers={"Content-Type": "application/json"}).status_code == 413


def test_garbage_is_400_and_the_server_goes_on(ask: Asker, server: PracticeServer) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.")
    assert ask("GET", "/data/auth").status_code == 200


def test_clients_that_do_not_read_their_answers_do_not_keep_others_waiting(
    ask: Asker, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bootstrap.practice.http.wire._LONGEST_SILENCE", 0.2)
    large = "/data/projects/P/resources/R/files/large.bin"
    ask("PUT", "/data/projects/P")
    assert ask("PUT", large, params={"inbody": "true"}, data=bytes(40 << 20)).status_code == 200
    head = f"GET {large} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n"
    place = urlsplit(server.url)
    with ExitStack() as stack:
        for _ in range(8):
            line = stack.enter_context(socket.create_connection((place.hostname, place.port), timeout=20))
            line.sendall(head.encode())
        assert ask("GET", "/data/auth").status_code == 200
        assert ask("GET", "/data/auth").status_code == 200


def test_nothing_is_written_outside_the_state_folder(ask: Asker, tmp_path: Path) -> None:
    for path in ("/data/config/..%2f/x", "/data/config/%2e%2e/x", "/data/projects/%2e%2e"):
        assert ask("PUT", path, data="x", headers={"Content-Type": "text/plain"}).status_code in (400, 405)
    ask("PUT", "/data/config/a/b", params={"inbody": "true"}, data="../../x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]
