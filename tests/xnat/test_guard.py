"""Invariant 1: planning cannot write."""

from __future__ import annotations

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.xnat.fake import FakeTransport, reply
from bootstrap.xnat.guard import ReadGuard, WriteForbidden
from bootstrap.xnat.transport import Request

FORBIDDEN = [
    ("POST", "/xapi/siteConfig"),
    ("PUT", "/data/config/xnat-bootstrap/lock"),
    ("DELETE", "/xapi/events/subscription/1"),
    ("PATCH", "/xapi/x"),
    ("DELETE", "/data/JSESSION/x"),
    ("PUT", "/data/JSESSION"),
    ("POST", "/xapi/events/subscription"),
    ("POST", "/xapi/projects/a/b/events/delivered"),
    ("POST", "/xapi/containers/1/kill"),
    ("get", "/xapi/plugins"),
]
ALLOWED = [
    ("GET", "/xapi/siteConfig"),
    ("HEAD", "/"),
    ("DELETE", "/data/JSESSION"),
    ("POST", "/xapi/events/subscription/filter/validate"),
    ("POST", "/xapi/events/delivered"),
    ("POST", "/xapi/projects/BRAIN/events/delivered"),
    ("POST", "/xapi/containers"),
]


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_planning_cannot_write(method: str, path: str) -> None:
    inner = FakeTransport()
    with pytest.raises(WriteForbidden, match=f"a write in read mode: {method} {path}"):
        ReadGuard(inner).send(Request(method, path))
    assert inner.asked == []


@pytest.mark.parametrize(("method", "path"), ALLOWED)
def test_what_changes_nothing_passes(method: str, path: str) -> None:
    inner = FakeTransport().on(method, path, reply())
    assert ReadGuard(inner).send(Request(method, path)).status == 200


def test_the_mode_opens_closes_and_comes_back() -> None:
    inner = FakeTransport().on("PUT", "/x", reply())
    guard = ReadGuard(inner)
    with guard.mode(True):
        guard.send(Request("PUT", "/x"))
        with guard.mode(False), pytest.raises(WriteForbidden):
            guard.send(Request("PUT", "/x"))
        guard.send(Request("PUT", "/x"))
    with pytest.raises(WriteForbidden):
        guard.send(Request("PUT", "/x"))
    assert inner.lines == ["PUT /x", "PUT /x"]


def test_the_mode_comes_back_after_a_failure() -> None:
    guard = ReadGuard(FakeTransport())
    with pytest.raises(KeyError), guard.mode(True):
        raise KeyError
    assert not guard.open


def test_no_handler_for_errors_of_the_server_swallows_it() -> None:
    assert not issubclass(WriteForbidden, BootstrapError)
