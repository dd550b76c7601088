"""Registries: the default one, passwords, and what the engine says of them."""

from __future__ import annotations

import base64
import json

import pytest

from bootstrap.practice.containers import hubs
from bootstrap.practice.site import Site
from tests.practice.conftest import Asker
from tests.practice.containers.fake_engine import FakeEngine

HUBS = "/xapi/docker/hubs"


def made(ask: Asker, name: str = "hub", **more: object) -> int:
    answer = ask("POST", HUBS, json={"name": name, "url": f"https://{name}.example", **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def default_of(ask: Asker) -> list[str]:
    return [hub["name"] for hub in ask("GET", HUBS).json() if hub["default"]]


def test_a_new_site_has_docker_hub_as_its_default(ask: Asker, with_engine: FakeEngine) -> None:
    (hub,) = ask("GET", HUBS).json()
    assert (hub["name"], hub["url"], hub["default"]) == ("Docker Hub", "https://index.docker.io/v1/", True)
    assert hub["status"] == {"ping": True, "response": "OK", "message": "Hub response: Login Succeeded"}


def test_a_registry_that_refuses_is_down_and_one_that_fails_an_error(ask: Asker, with_engine: FakeEngine) -> None:
    with_engine.log_in_status = "No"
    assert ask("GET", f"{HUBS}/1/ping").json() == {"ping": False, "response": "Down", "message": "Hub response: No"}
    with_engine.refuses_log_in = True
    assert ask("GET", f"{HUBS}/Docker%20Hub/ping").json()["response"] == "Error"


def test_a_cluster_asks_no_registry(ask: Asker) -> None:
    ask("POST", "/xapi/docker/server", json={"backend": "kubernetes"})
    assert ask("GET", f"{HUBS}/1/ping").json()["response"] == "Unknown"


def test_the_registry_is_asked_with_what_is_stored_or_given(ask: Asker, with_engine: FakeEngine) -> None:
    number = made(ask, username="u", password="secret")
    ask("GET", f"{HUBS}/{number}/ping?username=other&password=another")
    stored, given = with_engine.logged_in[-2:]
    assert (stored["username"], stored["password"], stored["serveraddress"]) == ("u", "secret", "https://hub.example")
    assert (given["username"], given["password"]) == ("other", "another")


def test_a_password_is_never_shown(ask: Asker, with_engine: FakeEngine) -> None:
    number = made(ask, username="u", password="canary-1", token="canary-2")
    shown = ask("GET", f"{HUBS}/{number}").text + ask("GET", HUBS).text
    assert "canary" not in shown


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"username": "u"}, "old"),
        ({"username": "u", "password": " "}, "old"),
        ({"username": "u", "password": "new"}, "new"),
        ({"username": "v"}, None),
        ({"username": "u", "url": "https://other.example"}, None),
    ],
)
def test_when_a_password_is_kept(
    ask: Asker, site: Site, change: dict[str, str], kept: str | None, with_engine: FakeEngine
) -> None:
    number = made(ask, username="u", password="old")
    body = {"name": "hub", "url": "https://hub.example", **change}
    assert ask("POST", f"{HUBS}/{number}", json=body).status_code == 200
    assert hubs.by_number(site, number)["password"] == kept


def test_making_another_the_default(ask: Asker, with_engine: FakeEngine) -> None:
    number = made(ask)
    assert ask("POST", f"{HUBS}/{number}").status_code == 200
    assert default_of(ask) == ["hub"]
    assert ask("DELETE", f"{HUBS}/{number}").status_code == 409
    assert ask("DELETE", f"{HUBS}/Docker%20Hub").status_code == 204
    third = ask("POST", f"{HUBS}?default=true", json={"name": "third"})
    assert third.json()["default"] is True


def test_with_default_the_body_says_which_hub_is_written(ask: Asker, with_engine: FakeEngine) -> None:
    one, two = made(ask, "one"), made(ask, "two")
    body = {"id": two, "name": "written", "url": "https://w.example"}
    assert ask("POST", f"{HUBS}/{one}?default=true", json=body).status_code == 200
    assert default_of(ask) == ["written"]
    assert ask("GET", f"{HUBS}/{one}").json()["name"] == "one"
    assert ask("POST", f"{HUBS}/{one}?default=true", json={"name": "x"}).status_code == 500


def test_a_default_that_is_not_there_is_taken_and_stops_pulls(ask: Asker, with_engine: FakeEngine) -> None:
    assert ask("POST", f"{HUBS}/987654321").status_code == 200
    assert default_of(ask) == []
    assert ask("POST", "/xapi/docker/pull?image=a:1").status_code == 500
    ask.server.restart()
    assert default_of(ask) == ["Docker Hub"]


def test_an_unreadable_body_is_found_before_the_role(ask: Asker) -> None:
    nobody = ask.make_user("nobody")
    assert ask("POST", f"{HUBS}/1", as_user=nobody, json=[]).status_code == 500
    assert ask("POST", f"{HUBS}/1", as_user=nobody).status_code == 403
    assert ask("POST", f"{HUBS}/1", data="x", headers={"Content-Type": "text/plain"}).status_code == 500


def test_names_and_urls_are_unique_also_after_a_change(ask: Asker, with_engine: FakeEngine) -> None:
    made(ask, "one")
    number = made(ask, "two")
    assert ask("POST", f"{HUBS}/{number}", json={"name": "one"}).status_code == 500
    assert ask("POST", f"{HUBS}/{number}", json={"name": "x", "url": "https://one.example"}).status_code == 500
    assert ask("GET", f"{HUBS}/{number}").json()["name"] == "two"
    assert ask("POST", HUBS, json={"name": "x" * 256}).status_code == 500


def test_a_pull_brings_the_image_and_its_commands(ask: Asker, with_engine: FakeEngine) -> None:
    label = json.dumps([{"name": "from-label", "version": "1"}])
    with_engine.pullable["repo/a:1"] = {
        "Id": "sha256:1",
        "RepoTags": ["repo/a:1"],
        "Labels": {"org.nrg.commands": label},
    }
    number = made(ask, username="u", password="p")
    assert ask("POST", f"{HUBS}/{number}/pull?image=repo/a:1&save-commands=false").status_code == 200
    assert ask("GET", "/xapi/commands").json() == []
    assert ask("POST", f"{HUBS}/hub/pull?image=repo/a:1").status_code == 200
    (command,) = ask("GET", "/xapi/commands").json()
    assert (command["name"], command["image"], command["hash"]) == ("from-label", "repo/a:1", "sha256:1")
    assert json.loads(base64.urlsafe_b64decode(with_engine.pulled_with[-1] or "")) == {"username": "u", "password": "p"}


def test_pulls_with_other_credentials_and_pulls_that_fail(ask: Asker, with_engine: FakeEngine) -> None:
    with_engine.pullable["broken:1"] = {"error": "connection reset"}
    with_engine.pullable["vanishing:1"] = {}
    assert ask("POST", f"{HUBS}/1/pull?image=absent:1&username=a&password=b").status_code == 404
    assert json.loads(base64.urlsafe_b64decode(with_engine.pulled_with[-1] or ""))["username"] == "a"
    broken = ask("POST", "/xapi/docker/pull?image=broken:1")
    assert (broken.status_code, "connection reset" in broken.text) == (500, True)
    assert ask("POST", "/xapi/docker/pull?image=vanishing:1").status_code == 500
    assert ask("POST", f"{HUBS}/1/pull?image=a:1&password=b").status_code == 500
