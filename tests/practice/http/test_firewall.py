"""Raw request lines, sent over a plain socket so that no client tidies them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from bootstrap.practice.server import FAST, PracticeServer

CASES = [
    ("/xapi/siteConfig/siteId", 200),
    ("/xapi/users/a%2Fb", 400),
    ("/xapi/users/a%5Cb", 400),
    ("/xapi/users/a\\b", 400),
    ("/xapi/users/a%00b", 400),
    ("/xapi/users/a%zz", 400),
    ("/xapi/users/a;b", 405),
    ("/xapi/users/a%3Bb", 405),
    ("/xapi/users/a%25b", 405),
    ("/data/projects/%2e%2e/b", 405),
    ("/data/projects/%2E./b", 405),
    ("/data/projects/../b", 405),
    ("/data/projects/./b", 405),
    ("/xapi/..", 405),
    ("/xapi//siteConfig", 500),
    ("//xapi/siteConfig", 500),
    ("/data/projects//P", 500),
    ("/data/projects/..a", 401),
    ("/xapi/siteConfig/siteId?x=//;..", 200),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    with PracticeServer(tmp_path_factory.mktemp("raw") / "state", clock=FAST) as running:
        yield running


def raw(server: PracticeServer, target: str) -> bytes:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer


@pytest.mark.parametrize(("target", "status"), CASES)
def test_a_raw_path(server: PracticeServer, target: str, status: int) -> None:
    assert int(raw(server, target).split()[1]) == status


def test_the_firewall_has_no_words(server: PracticeServer) -> None:
    head, _, body = raw(server, "/data/%2e%2e/x").partition(b"\r\n\r\n")
    assert body == b""
    assert b"Content-Type" not in head
