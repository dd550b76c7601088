"""Which route answers, and what the answer is where none does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from bootstrap.practice.http.call import Call, Refusal
from bootstrap.practice.http.listed import data_routes, xapi_routes
from bootstrap.practice.http.router import Router
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

# method, path, headers, body, status, a part of the answer
CASES: list[tuple[str, str, dict[str, str], str, int, str]] = [
    ("GET", "/xapi/siteConfig/siteId", {}, "", 200, "XNAT"),
    ("GET", "/xapi/siteConfig.json", {}, "", 200, '"siteId"'),
    ("GET", "/admin/siteConfig/siteId", {}, "", 200, "XNAT"),
    ("GET", "/xapi/plugins/", {}, "", 200, "containers"),
    ("GET", "/data/projects/", {}, "", 200, "totalRecords"),
    ("GET", "/REST/projects", {}, "", 200, "totalRecords"),
    ("GET", "/data/archive/projects", {}, "", 200, "totalRecords"),
    ("GET", "/data/archive/config", {}, "", 404, "Status page"),
    ("GET", "/data/JSESSIONID", {}, "", 200, ""),
    ("GET", "/xapi", {}, "", 404, "HTTP Status 404"),
    ("GET", "/xapi/no/such", {}, "", 404, "HTTP Status 404"),
    ("GET", "/data/nosuch", {}, "", 404, "The server has not found anything"),
    ("GET", "/nosuch", {}, "", 404, "HTTP Status 404"),
    ("PATCH", "/xapi/siteConfig", {}, "", 405, "HTTP Status 405"),
    ("PUT", "/data/JSESSION", {}, "", 405, "not allowed for the resource"),
    ("OPTIONS", "/xapi/siteConfig", {}, "", 200, ""),
    ("POST", "/xapi/siteConfig", {"Content-Type": "text/plain"}, "x", 415, "HTTP Status 415"),
    ("POST", "/xapi/siteConfig", {}, "x", 415, "HTTP Status 415"),
    ("GET", "/xapi/siteConfig/siteId", {"Accept": "text/plain"}, "", 406, "HTTP Status 406"),
    ("GET", "/xapi/siteConfig/siteId", {"Accept": "application/*"}, "", 200, "XNAT"),
    ("POST", "/xapi/users", {"Content-Type": "text/plain"}, "x", 500, "Content type 'text/plain' not supported"),
    ("POST", "/xapi/users", {"Content-Type": "text/plain;charset=UTF-8"}, "x", 500, "'text/plain;charset=UTF-8'"),
    ("POST", "/xapi/users", {}, "x", 500, "Content type 'application/octet-stream' not supported"),
    ("POST", "/xapi/users", {}, "", 500, "Required request body is missing"),
    ("POST", "/xapi/users", {"Content-Type": "application/json"}, "7", 500, "from Integer value"),
    ("POST", "/xapi/users", {"Content-Type": "application/json"}, "'x'", 500, "from String value"),
    ("GET", "/", {}, "", 200, "Practice XNAT"),
    ("GET", "/app/template/Login.vm", {}, "", 302, ""),
    ("GET", "/app/template/Reports.vm", {}, "", 501, "web interface"),
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    with PracticeServer(tmp_path_factory.mktemp("router") / "state", clock=FAST) as server:
        yield Asker(server)


@pytest.mark.parametrize(("method", "path", "headers", "body", "status", "said"), CASES)
def test_an_answer(
    ask: Asker, method: str, path: str, headers: dict[str, str], body: str, status: int, said: str
) -> None:
    answer = ask(method, path, headers=headers, data=body or None)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:300]


NOT_BUILT = [
    ("GET", "/xapi/events/prefs", 501, b"GET /xapi/events/prefs"),
    ("GET", "/xapi/dicom_mappings", 501, b"GET /xapi/dicom_mappings"),
    ("POST", "/xapi/access/permissions/group/P", 501, b"* /xapi/access/permissions/group/{projectId}"),
    ("GET", "/data/subjects", 501, b"GET /data/subjects"),
    ("GET", "/REST/archive/subjects/S1/files", 501, b"GET /data/subjects/{SUBJECT_ID}/files"),
    ("DELETE", "/data/subjects", 405, b"not allowed for the resource"),
    ("DELETE", "/xapi/events/prefs", 405, b"HTTP Status 405"),
    ("GET", "/xapi/commands", 404, b"HTTP Status 404"),
]


@pytest.mark.parametrize(("method", "path", "status", "said"), NOT_BUILT)
def test_what_is_listed_and_not_built_names_itself(method: str, path: str, status: int, said: bytes) -> None:
    """A router of no rooms at all: what it answers is what the facts alone make it answer."""
    call = Call(cast("Site", None), Request(EnvironBuilder(path).get_environ()), method, path)
    try:
        found = Router([]).find(call)
    except Refusal as refusal:
        answer = refusal.answer
    else:
        answer = found.route.handler(call)
    assert isinstance(answer.body, bytes)
    assert (answer.status, said in answer.body) == (status, True), answer.body


def test_every_listed_route_is_answered_or_named_as_not_built(ask: Asker) -> None:
    """No route of 1.9.2.1 is a 404 by mistake."""
    assert ask.server.site
    router_says = {}
    for listed in xapi_routes():
        path = listed.path
        if listed.method == "GET" and "{" not in path and "*" not in path and path.count("/") > 1:
            router_says[path] = ask("GET", path, headers={"Accept": "*/*"}).status_code
    missing = {path: status for path, status in router_says.items() if status in (404, 405, 406)}
    assert missing == {"/xapi/themes/current": 404}  # a site without a theme says so
    assert len(router_says) > 100


def test_the_facts_name_methods_of_data_routes() -> None:
    assert all(route.methods for route in data_routes())
    assert {"/data/projects", "/data/config"} <= {route.path for route in data_routes()}


def test_an_answer_without_a_body_has_no_type(ask: Asker) -> None:
    answer = ask("PUT", "/data/projects/TYPELESS")
    assert (answer.status_code, answer.text, answer.headers.get("Content-Type")) == (200, "", None)


def test_head_is_a_get_without_a_body(ask: Asker) -> None:
    answer = ask("HEAD", "/xapi/siteConfig/siteId")
    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "4")


def test_without_the_plugin_its_routes_are_404(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, plugins=[]) as server:
        assert Asker(server)("GET", "/xapi/commands").status_code == 404
