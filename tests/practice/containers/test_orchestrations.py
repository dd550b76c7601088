from __future__ import annotations

from typing import Any

import pytest

from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands, wrapper

PATH = "/xapi/orchestration"


@pytest.fixture
def three(ask: Asker, commands: Commands) -> list[int]:
    """Three wrappers that are on."""
    number = commands.make(xnat=[wrapper("one"), wrapper("two"), wrapper("three")])
    found = list(commands.wrappers(number).values())
    for one in found:
        ask("PUT", f"/xapi/wrappers/{one}/enabled")
    return found


def made(ask: Asker, name: str, wrappers: list[int]) -> int:
    answer = ask("POST", PATH, json={"name": name, "wrapperIds": wrappers})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


def listed(ask: Asker) -> list[tuple[Any, ...]]:
    return [(one["name"], one["wrapperIds"], one["enabled"]) for one in ask("GET", PATH).json()]


def test_deleting_a_command_takes_its_wrappers_out(ask: Asker, commands: Commands, three: list[int]) -> None:
    other = commands.wrappers(commands.make("other", xnat=[wrapper("w")]))["w"]
    ask("PUT", f"/xapi/wrappers/{other}/enabled")
    made(ask, "all gone", three[:2])
    made(ask, "one left", [three[0], other])
    (command,) = ask("GET", "/xapi/commands?name=c").json()
    assert ask("DELETE", f"/xapi/commands/{command['id']}").status_code == 204
    assert listed(ask) == [("one left", [other], False)]


def test_an_orphan_stays_in_its_orchestration(ask: Asker, commands: Commands, three: list[int]) -> None:
    made(ask, "o", three[:2])
    (command,) = ask("GET", "/xapi/commands").json()
    assert commands.change(command["id"], xnat=[wrapper("two"), wrapper("three")]) == 200
    assert listed(ask) == [("o", three[:2], True)]


def test_a_wrapper_that_is_on_but_not_there(ask: Asker, three: list[int]) -> None:
    ask("PUT", "/xapi/wrappers/99999/enabled")
    answer = ask("POST", PATH, json={"name": "o", "wrapperIds": [three[0], 99999]})
    assert (answer.status_code, answer.text) == (404, "No command wrapper for id 99999")


def test_wrappers_without_a_context_have_none_in_common(ask: Asker, commands: Commands) -> None:
    number = commands.wrappers(commands.make(xnat=[{"name": "w"}]))["w"]
    ask("PUT", f"/xapi/wrappers/{number}/enabled")
    answer = ask("POST", PATH, json={"name": "o", "wrapperIds": [number, number]})
    assert (answer.status_code, answer.text) == (400, "Wrappers must all have a common context")


def test_the_name_of_another_is_a_500_also_for_a_change(ask: Asker, three: list[int]) -> None:
    made(ask, "one", three[:2])
    number = made(ask, "two", three[1:])
    answer = ask("POST", PATH, json={"id": number, "name": "one", "wrapperIds": three[1:]})
    assert answer.status_code == 500
    assert listed(ask)[1] == ("two", three[1:], True)


def test_a_project_has_one_at_most(ask: Asker, three: list[int]) -> None:
    ask("PUT", "/data/projects/P")
    first, second = made(ask, "one", three[:2]), made(ask, "two", three[1:])
    for number in (first, second):
        assert ask("PUT", f"{PATH}/project/P?orchestrationId={number}").status_code == 200
    found = ask("GET", f"{PATH}/project/P").json()
    assert found["selectedOrchestrationId"] == second
    assert [one["id"] for one in found["availableOrchestrations"]] == [first, second]
    assert ask("DELETE", f"{PATH}/project/P").status_code == 200
    assert ask("GET", f"{PATH}/project/P").json()["selectedOrchestrationId"] is None


def test_anybody_may_write_them_but_only_owners_choose(ask: Asker, three: list[int]) -> None:
    nobody = ask.make_user("nobody")
    ask("PUT", "/data/projects/P")
    made_by_nobody = ask("POST", PATH, as_user=nobody, json={"name": "o", "wrapperIds": three[:2]})
    assert made_by_nobody.status_code == 200
    path = f"{PATH}/project/P?orchestrationId={made_by_nobody.json()['id']}"
    assert ask("PUT", path, as_user=nobody).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", f"{PATH}/1/enabled/perhaps", 500),
        ("PUT", f"{PATH}/abc/enabled/true", 500),
        ("DELETE", f"{PATH}/abc", 500),
        ("PUT", f"{PATH}/999/enabled/false", 404),
    ],
)
def test_odd_paths(ask: Asker, method: str, path: str, status: int) -> None:
    assert ask(method, path).status_code == status


def test_a_body_of_another_type_is_a_415(ask: Asker) -> None:
    assert ask("POST", PATH, data="{}", headers={"Content-Type": "text/plain"}).status_code == 415
