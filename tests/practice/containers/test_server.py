"""The server's document: backends, constraints, and engines that do not answer."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from bootstrap.practice.containers import server
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.fake_engine import FakeEngine

SERVER = "/xapi/docker/server"
CONSTRAINT = {"attribute": "node.role", "comparator": "==", "values": ["b", "a"], "user-settable": True}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_new_site_has_the_local_socket(site: Site) -> None:
    found = server.get(site)
    assert found.printed(ping=True) == {
        "id": 1,
        "name": "Local socket",
        "host": "unix:///var/run/docker.sock",
        "cert-path": "",
        "backend": "docker",
        "pull-images-on-xnat-init": False,
        "container-user": "",
        "auto-cleanup": True,
        "swarm-constraints": [],
        "status-email-enabled": True,
        "ping": True,
        "swarm-mode": False,
    }


def test_constraints_get_ids_and_keep_the_order_of_their_values(ask: Asker, engine: FakeEngine) -> None:
    answer = ask("POST", SERVER, json={"host": engine.host, "swarm-constraints": [CONSTRAINT]})
    assert answer.status_code == 201
    (found,) = ask("GET", SERVER).json()["swarm-constraints"]
    assert found == {"id": found["id"], **CONSTRAINT}


@pytest.mark.parametrize(
    ("constraints", "status", "said"),
    [
        ([{**CONSTRAINT, "attribute": " "}], 400, "Constraint node attribute cannot be blank"),
        ([{**CONSTRAINT, "values": []}], 400, "Constraint values cannot be blank"),
        ([{**CONSTRAINT, "values": ["a", " "]}], 400, "Constraint values cannot be blank"),
        (
            [{**CONSTRAINT, "attribute": "", "values": [""]}] * 2,
            400,
            "Constraint node attribute cannot be blank\nConstraint values cannot be blank",
        ),
        ([{"attribute": "a", "values": ["b"]}], 500, None),
        ([{"comparator": "==", "values": ["b"]}], 500, None),
        ([{"attribute": "a", "comparator": "=="}], 500, None),
        ([{**CONSTRAINT, "id": 1}], 500, None),
        ([CONSTRAINT, CONSTRAINT], 500, None),
    ],
)
def test_constraints_that_are_refused(
    ask: Asker, with_engine: FakeEngine, constraints: list[Any], status: int, said: str | None
) -> None:
    before = ask("GET", SERVER).json()
    answer = ask("POST", SERVER, json={"host": with_engine.host, "swarm-constraints": constraints})
    assert answer.status_code == status
    assert said is None or answer.text == said
    assert ask("GET", SERVER).json() == before


def test_a_swarm_that_is_none_is_stored_and_does_not_answer(ask: Asker, engine: FakeEngine) -> None:
    answer = ask("POST", SERVER, json={"host": engine.host, "swarm-mode": "true"})
    assert (answer.status_code, answer.json()["backend"], answer.json()["ping"]) == (201, "swarm", False)
    ping = ask("GET", f"{SERVER}/ping")
    assert ping.status_code == 500
    assert ping.text == "The Docker server returned an error:\nThis node is no manager"
    engine.is_swarm_manager = True
    assert ask("GET", SERVER).json()["ping"] is True
    assert ask("GET", f"{SERVER}/ping").text == "OK"
    assert ask("GET", f"{SERVER}/ping", headers={"Accept": "application/json"}).text == "OK"


def test_a_cluster_is_stored_and_does_not_answer(ask: Asker) -> None:
    answer = ask("POST", SERVER, json={"backend": "kubernetes", "container-user": "1000", "gpu-vendor": "AMD"})
    assert answer.status_code == 201
    assert answer.json()["ping"] is False
    assert "host" not in answer.json()
    assert ask("GET", f"{SERVER}/ping").status_code == 500
    assert ask("GET", "/xapi/docker/images").json() == []
    assert ask("GET", "/xapi/docker/images/x").status_code == 424
    assert ask("GET", "/xapi/docker/image-summaries").json() == []


@pytest.mark.parametrize(
    "host", ["unix:///no/such/socket", "http://127.0.0.1:1", "https://127.0.0.1:1", "127.0.0.1:1", "refused"]
)
def test_where_nothing_can_be_reached_the_row_is_stored_all_the_same(ask: Asker, site: Site, host: str) -> None:
    host = f"tcp://127.0.0.1:{free_port()}" if host == "refused" else host
    assert ask("POST", SERVER, json={"host": host}).status_code == 500
    assert server.get(site).host == host
    for path in (SERVER, f"{SERVER}/ping", "/xapi/docker/images"):
        assert ask("GET", path).status_code == 500
    assert ask("GET", "/xapi/docker/hubs").json()[0]["status"]["response"] == "Error"
    assert ask("GET", "/xapi/commands").json() == []


def test_an_engine_that_never_answers_is_no_error(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.practice.containers.engine._READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        answer = ask("POST", SERVER, json={"host": host})
        assert (answer.status_code, answer.json()["ping"]) == (201, False)
        assert ask("GET", f"{SERVER}/ping").status_code == 500


def test_an_engine_that_stumbles_does_not_answer(ask: Asker, with_engine: FakeEngine) -> None:
    with_engine.stumbles = True
    assert ask("GET", SERVER).json()["ping"] is False
    assert ask("GET", "/xapi/docker/images").text == "The Docker server returned an error:\nthe engine stumbles"


def test_certificates_that_are_not_there_are_a_500(ask: Asker, engine: FakeEngine, tmp_path: Path) -> None:
    answer = ask("POST", SERVER, json={"host": engine.host, "cert-path": str(tmp_path)})
    assert answer.status_code == 500


def test_without_any_row_there_is_none(ask: Asker, site: Site) -> None:
    site.storage.change("UPDATE container_servers SET enabled = 0")
    assert ask("GET", SERVER).status_code == 404
    assert ask("GET", SERVER).text == "No container server defined."
    assert ask("GET", f"{SERVER}/ping").status_code == 424
    assert ask("GET", "/xapi/docker/hubs").json()[0]["status"]["message"] == "Docker server unavailable."


def test_an_unreadable_backend_is_found_before_the_role(ask: Asker) -> None:
    nobody = ask.make_user("nobody")
    assert ask("POST", SERVER, as_user=nobody, json={"backend": "podman"}).status_code == 500
    assert ask("POST", SERVER, as_user=nobody, json={"host": ""}).status_code == 403


def test_texts_have_the_length_of_their_column(ask: Asker, with_engine: FakeEngine) -> None:
    assert ask("POST", SERVER, json={"host": with_engine.host, "name": "x" * 256}).status_code == 500
    assert ask("GET", SERVER).json()["name"] == "Fake"


def test_the_server_survives_a_restart(ask: Asker, with_engine: FakeEngine) -> None:
    before = ask("GET", SERVER).json()
    ask.server.restart()
    assert ask("GET", SERVER).json() == before
