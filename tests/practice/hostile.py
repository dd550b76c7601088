"""Requests that no decent client sends, and how they are sent: over a plain socket, so that nobody tidies them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bootstrap.practice.http.rooms import Route

_VARIABLE = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})+)?\}")
OUTSIDE = "@OUTSIDE@"  # stands for a path next to the state folder

NAMES = (
    *("..", "%2e%2e", "%2E.", ".%2e", "../../escaped", "..%2f..%2fescaped", "..%5cescaped", "..\\escaped"),
    *("a;b", "a%3bb", "a//b", "a/", ".", "%00", "a%00b", "%zz", "%25", "%ff%fe", "%ed%a0%80", "%f0%9f%92%a9"),
    *("%0d%0aX-Evil:1", "%20", "%09", "*", "{x}", "-1", "0", "1", "9" * 30, "1e9", "NaN", "%c2%b2", "%d9%a1"),
    *("%27%20OR%201=1--", "%22", "%3cscript%3e", "a" * 5000, "..a", "null", "true", "admin"),
)
QUERIES = (
    "format=../../escaped&inbody=true&req_format=xml",
    "%ff=%fe&a=%00&format=%00&contents=%ff",
    "format=csv&columns=%00,..,ID,*&sortBy=%ff&sortOrder=x",
    "project=../..&accessibility=../..&status=..&enable=maybe&enabled=..&action=%2e%2e&reason=%00",
    "timestamp=99999999999999999999&version=99999999999999999999&offset=-1&limit=x&count=NaN&size=-1&id=%00&page=9e9",
    "&&=&=x&;;&%&%zz",
    "format=xml&title=%0d%0aX-Evil:1&name=" + "n" * 5000,
)
_XML = "text/xml"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_ENTITIES = b'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><Project ID="P1"><name>&b;</name></Project>'
_FILE = b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project ID="P1"><name>&x;</name></Project>'
_ESCAPE = (
    '{"id":"../../escaped","name":"../../escaped","path":"@OUTSIDE@","label":"..","url":"file://@OUTSIDE@",'
    '"archivePath":"@OUTSIDE@","cachePath":"../../escaped","contents":"../..","title":"../..","image":"../..",'
    '"command-line":"../..","host":"unix://@OUTSIDE@","username":"../../escaped","type":"..","version":".."}'
)
_WRONG = (
    '{"id":{"a":[]},"name":[1],"label":{},"type":7,"image":{},"enabled":"perhaps","active":[],"version":true,'
    '"xnat":5,"mounts":{},"inputs":7,"outputs":"x","event-filter":9,"action-key":{},"project-ids":3,"url":[],'
    '"host":{},"default":"x","username":{},"password":[],"email":{},"contents":{},"attributes":1,"statuses":{},'
    '"wrapperIds":"x","wrapper-ids":[{}],"aeTitle":{},"port":"x","smtpEnabled":{},"hostname":[],"scopes":9}'
)


@dataclass(frozen=True)
class Body:
    type: str | None
    content: bytes


BODIES = (
    *(
        Body(_JSON, text)
        for text in (b'{"a":', b"[" * 100_000, b'{"a":' * 50_000, b"nonsense", b"", b"\xff\xfe{}", b"{}")
    ),
    *(Body(_JSON, text) for text in (b"[]", b"null", b"true", b'"text"', b"1e999", b"9" * 5000, b"NaN", b'{"":""}')),
    *(Body(_JSON, text) for text in (b'{"\\ud800":"\\udfff"}', b'["\\ud800",{},[],null,7]', b'[{"id":{}},[[]]]')),
    *(
        Body(_JSON, text.encode())
        for text in (_ESCAPE, f"[{_ESCAPE}]", _WRONG, f"[{_WRONG}]", '["..", "../../escaped"]')
    ),
    *(Body(_JSON, re.sub(r":[^,}]+", ":null", text).encode()) for text in (_ESCAPE, _WRONG)),
    *(
        Body(_XML, text)
        for text in (b"<a", b"", b"<a/>", b"{}", _ENTITIES, _FILE, b"<Project><name>\x00</name></Project>")
    ),
    Body(_XML, b'<Project ID="../../escaped"><name>..</name></Project>'),
    Body(_XML, b'<?xml version="1.0" encoding="nonsense"?><Project ID="X"/>'),
    Body(_XML, b"<a>" * 20_000),
    *(Body(kind, b"../../escaped") for kind in ("text/plain", "text/csv", "application/octet-stream", None, "", "x")),
    *(
        Body(kind, b'{"a":1}')
        for kind in ("text/plain; charset=nonsense", f"{_JSON}; charset=nonsense", f"{_JSON}; charset=\xff")
    ),
    *(Body("multipart/form-data" + more, b"--x\r\nbroken") for more in ("", "; boundary=x", "; boundary=")),
    *(Body(_FORM, text) for text in (b"%ff=%fe&a=%zz", b"", b"&&=", b"username=../..&password=%00", b"\x00\xff")),
    Body("text/plain", b"\x00\xff\xfe" * 100),
)
LARGE = Body(_JSON, b'{"a":"' + b"x" * 2000 + b'"}')

TARGETS = (
    *("*", "", "?", "/..", "/../..", "/%2e%2e/%2e%2e/etc/passwd", "//", "///", "/;", "/;/..;/", "/.;/x", "/\xff", "/%"),
    *(
        "http://elsewhere.example/data/projects",
        "data/projects",
        "/data/projects/..;/x",
        "/xapi/%2e%2e;x/users",
        "/\\x",
    ),
    *(
        "/data/../xapi/users",
        "/xapi//users",
        "/data//",
        "/xapi/",
        "/xapi",
        "/data",
        "/REST/..",
        "/admin/../x",
        "/#",
        "/ x",
    ),
)


@dataclass(frozen=True)
class Reply:
    status: int
    head: str
    body: str


def paths(route: Route) -> Iterator[str]:
    """Its path with each name in all of its places, and each in the last place alone."""
    for name in NAMES if _VARIABLE.search(route.path) else ():
        yield _VARIABLE.sub(lambda _found, name=name: name, route.path)  # type: ignore[misc]
    plain = plain_path(route)
    yield from (
        plain + tail for tail in ("/..", "/%2e%2e", "//", ";x", "/..;/", "%00", "/%2e", "/a;b/c", "/", "?", "#")
    )
    yield "/" + plain
    yield plain.replace("/", "//", 2)
    yield plain.replace("/", "/./", 2)


def plain_path(route: Route) -> str:
    return _VARIABLE.sub("1", route.path)


def send(url: str, method: str, target: str, body: Body | None = None, **headers: str) -> Reply | None:
    """None if the connection was closed without an answer."""
    place = urlsplit(url)
    lines = [f"{method} {target} HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += [f"Content-Length: {len(body.content)}"]
        lines += [f"Content-Type: {body.type}"] if body.type is not None else []
    content = body.content if body else b""
    return exchange(url, "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + content)


def exchange(url: str, raw: bytes) -> Reply | None:
    place = urlsplit(url)
    with socket.create_connection((str(place.hostname), place.port or 80), timeout=30) as line:
        answer = b""
        with suppress(ConnectionError):  # it may be cut before all of it was sent
            line.sendall(raw)
            while more := line.recv(65536):
                answer += more
    head, _, said = answer.decode("latin-1").partition("\r\n\r\n")
    return Reply(int(head.split()[1]), head, said) if answer else None
