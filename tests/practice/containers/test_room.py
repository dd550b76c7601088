"""The room as a whole: its plugin, its managers, bad input, and what is not built yet."""

from __future__ import annotations

import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands, wrapper


def test_without_the_plugin_there_is_nothing(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST, plugins=[]) as server:
        ask = Asker(server)
        for path in ("/xapi/commands", "/xapi/docker/server", "/xapi/orchestration", "/xapi/jms_queues"):
            assert ask("GET", path).status_code == 404
        assert ask("GET", "/xapi/users/admin/roles").json().count("ContainerManager") == 0


def test_the_first_administrator_manages_and_a_later_one_does_not(ask: Asker) -> None:
    assert "ContainerManager" in ask("GET", "/xapi/users/admin/roles").json()
    second = ask.make_user("second")
    ask("PUT", "/xapi/users/second/roles/Administrator")
    ask.server.restart()
    assert ask("GET", "/xapi/jms_queues", as_user=second).status_code == 403
    assert ask("DELETE", "/xapi/commands/1", as_user=second).status_code == 401


def test_a_site_on_which_nobody_manages_any_more_gets_managers_at_its_next_start(ask: Asker) -> None:
    ask("DELETE", "/xapi/users/admin/roles/ContainerManager")
    assert ask("GET", "/xapi/jms_queues").status_code == 403
    ask.server.restart()
    assert ask("GET", "/xapi/jms_queues").status_code == 200


def test_launches_name_themselves_as_not_built(ask: Asker, commands: Commands) -> None:
    number = commands.wrappers(commands.make(xnat=[wrapper("w")]))["w"]
    answer = ask("POST", f"/xapi/wrappers/{number}/root/session/launch", json={"session": "x"})
    assert answer.status_code == 501
    assert "/xapi/wrappers/{wrapperId}/root/{rootElement}/launch" in answer.text


@pytest.mark.parametrize("queue", [{"concurrencyMinStagingQueue": True}, {"concurrencyMinStagingQueue": "-"}])
def test_queues_take_numbers(ask: Asker, queue: dict[str, object]) -> None:
    assert ask("POST", "/xapi/jms_queues", json=queue).status_code == 500


def test_no_container_has_ever_been_launched(ask: Asker) -> None:
    assert ask("GET", "/xapi/projects/P/containers").json() == []
    assert ask("GET", "/xapi/containers/0").text == "No container with ID 0"
    assert ask("GET", "/xapi/container/name/x").text == ""


EVIL = ("../../../etc/passwd", "..", "%2e%2e", "a/../b", "a\\b", "a;b", "x" * 5000)


@pytest.mark.parametrize("name", EVIL)
def test_names_that_look_like_paths_are_only_names(ask: Asker, tmp_path: Path, name: str) -> None:
    body = {"name": name, "version": name, "image": f"{name}:1", "xnat": [wrapper(name)]}
    status = ask("POST", "/xapi/commands", json=body).status_code
    assert status == (500 if len(name) > 255 else 201)
    ask("PUT", f"/xapi/projects/{name}/wrappers/1/enabled")
    ask("GET", f"/xapi/docker/hubs/{name}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state"]


RAW_PATHS = [
    ("/xapi/commands/%2e%2e/x", 405),
    ("/xapi//commands", 500),
    ("/xapi/commands;x=1", 405),
    ("/xapi/commands/..%2fx", 400),
    ("/xapi/commands/1%00", 400),
]


@pytest.mark.parametrize(("path", "status"), RAW_PATHS)
def test_raw_request_lines(server: PracticeServer, path: str, status: int) -> None:
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        assert connection.getresponse().status == status
    finally:
        connection.close()


def test_a_body_that_is_too_large_is_refused(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.practice.http.media.TEXT_LIMIT", 1000)
    body = {"name": "c", "image": "a:1", "command-line": "x" * 1000}
    assert ask("POST", "/xapi/commands", json=body).status_code == 413
    assert ask("GET", "/xapi/commands").json() == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"name":"c","limit-cpu":"x"}', "application/json"),
        (b'{"name":"c","reserve-memory":1e400}', "application/json"),
        (b'{"name":', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"null", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"<a/>", "text/xml"),
        (b"{}", ""),
    ],
)
def test_bodies_that_are_none(ask: Asker, body: bytes, kind: str) -> None:
    answer = ask("POST", "/xapi/commands", data=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 500
    assert not re.search(r"recursion|unicode string| from (str|int|float|list|dict)\b", answer.text)
    assert ask("GET", "/xapi/commands").json() == []


def test_an_engine_out_of_reach_is_named_in_a_few_words(ask: Asker) -> None:
    answer = ask("POST", "/xapi/docker/server", json={"name": "far", "host": "tcp://127.0.0.1:1", "backend": "docker"})
    assert answer.status_code == 500
    assert "HTTPConnectionPool" not in answer.text
    assert "cannot be reached: Connection refused" in answer.text


def test_an_error_is_called_json_where_only_json_is_accepted(ask: Asker) -> None:
    answer = ask("GET", "/xapi/commands/999", headers={"Accept": "application/json"})
    assert (answer.headers["Content-Type"], answer.text) == (
        "application/json;charset=UTF-8",
        "Could not find entity with ID 999",
    )
    assert ask("GET", "/xapi/commands", headers={"Accept": "text/csv"}).status_code == 500
