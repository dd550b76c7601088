"""Commands over the wire: what no recording shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.conftest import Asker
from tests.practice.containers.conftest import Commands, wrapper


def test_lists_of_a_setup_command_leave_out_what_only_a_container_has(commands: Commands) -> None:
    sent: dict[str, Any] = {
        "shm-size": 5,
        "network": "n",
        "index": "i",
        "hash": "h",
        "auto-remove": True,
        "container-labels": {"a": "b"},
    }
    number = commands.make(type="docker-setup", runtime="r", **sent)
    found = commands.read(number)
    assert not set(sent) & set(found)
    assert found["runtime"] == "r"
    assert found["ports"] == {}


def test_the_type_never_changes(commands: Commands) -> None:
    number = commands.make(type="docker-setup")
    assert commands.change(number, type="docker-wrapup") == 200
    assert commands.read(number)["type"] == "docker-setup"


def test_an_update_of_nothing_is_a_500(commands: Commands) -> None:
    assert commands.change(999999) == 500


def test_an_update_onto_another_command_is_a_500_and_changes_nothing(commands: Commands) -> None:
    first, second = commands.make("one"), commands.make("two")
    assert commands.change(second, "one") == 500
    assert commands.read(second)["name"] == "two"
    assert commands.read(first)["name"] == "one"


def test_an_update_needs_a_tag_and_a_known_type(commands: Commands) -> None:
    number = commands.make()
    assert commands.change(number, image="a") == 400
    assert commands.change(number, type="weird") == 400


def test_an_unknown_type_cannot_be_made(ask: Asker) -> None:
    answer = ask("POST", "/xapi/commands", json={"name": "c", "image": "a:1", "type": "weird"})
    assert answer.status_code == 500
    assert "Cannot instantiate command with type weird" in answer.text


def test_ipc_mode_has_another_spelling_only_when_it_is_made(commands: Commands) -> None:
    number = commands.make(ipcMode="host")
    assert commands.read(number)["ipc-mode"] == "host"
    assert commands.change(number, ipcMode="host") == 200
    assert "ipc-mode" not in commands.read(number)


def test_an_update_cannot_reorder_and_then_cannot_be_read_back(commands: Commands, ask: Asker) -> None:
    child = {"name": "scan", "type": "Scan", "derived-from-wrapper-input": "session"}
    number = commands.make(xnat=[wrapper("w", **{"derived-inputs": [child]})])
    parent = {"name": "parent", "type": "Session", "derived-from-wrapper-input": "session"}
    moved = {**child, "derived-from-wrapper-input": "parent"}
    assert commands.change(number, xnat=[wrapper("w", **{"derived-inputs": [parent, moved]})]) == 200
    found = commands.read(number)
    assert [one["name"] for one in found["xnat"][0]["derived-inputs"]] == ["scan", "parent"]
    assert ask("POST", f"/xapi/commands/{number}", json=found).status_code == 400


def test_a_wrapper_that_is_left_out_stays_as_an_orphan(commands: Commands, ask: Asker) -> None:
    number = commands.make(xnat=[wrapper("old"), wrapper("kept")])
    orphan = commands.wrappers(number)["old"]
    assert ask("PUT", f"/xapi/wrappers/{orphan}/enabled").status_code == 200
    assert commands.change(number, xnat=[wrapper("kept")]) == 200
    assert list(commands.wrappers(number)) == ["kept"]
    assert ask("GET", f"/xapi/wrappers/{orphan}/enabled").text == "true"
    assert ask("GET", f"/xapi/wrappers/{orphan}/config").status_code == 404
    assert ask("DELETE", f"/xapi/wrappers/{orphan}").status_code == 500


def test_a_new_wrapper_with_an_id_of_its_own_is_a_500(commands: Commands) -> None:
    number = commands.make()
    assert commands.change(number, xnat=[{**wrapper("w"), "id": 5}]) == 500
    assert commands.read(number)["xnat"] == []


def test_a_text_that_is_too_long_is_a_500_and_nothing_is_stored(commands: Commands, ask: Asker) -> None:
    long = {"name": "c", "version": "1", "image": "a:1", "label": "x" * 256}
    assert ask("POST", "/xapi/commands", json=long).status_code == 500
    assert ask("GET", "/xapi/commands").json() == []
    number = commands.make()
    assert commands.change(number, label="x" * 256) == 500
    assert "label" not in commands.read(number)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("restrictToEnabledForSite=maybe", 500),
        ("version=1", 400),
        ("image=a:1", 200),
        ("name=%20", 200),
    ],
)
def test_the_filters_of_the_list(commands: Commands, ask: Asker, query: str, status: int) -> None:
    commands.make()
    answer = ask("GET", f"/xapi/commands?{query}")
    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()) == 1


@pytest.mark.parametrize("number", ["abc", "1x", "9" * 30, "1.5", "%D9%A1"])
def test_what_is_no_number_is_a_500(ask: Asker, number: str) -> None:
    assert ask("GET", f"/xapi/commands/{number}").status_code == 500


def test_visibility_is_refused_together_with_all_other_mistakes(commands: Commands, ask: Asker) -> None:
    number = commands.make()
    ask("POST", f"/xapi/commands/{number}/wrappers", json={})
    answer = ask("POST", f"/xapi/command/{number}/visibility/secret")
    assert answer.status_code == 400
    assert answer.text.startswith('[Command "c" - Command wrapper name cannot be blank., Command "c" -  has visibility')


def test_a_wrapper_that_cannot_be_judged_is_not_stored(commands: Commands, ask: Asker) -> None:
    number = commands.make()
    answer = ask("POST", f"/xapi/commands/{number}/wrappers", json=wrapper("w", **{"output-handlers": [{}]}))
    assert answer.status_code == 500
    assert commands.read(number)["xnat"] == []


def test_an_update_leaves_nameless_wrappers_behind(commands: Commands, ask: Asker) -> None:
    number = commands.make(xnat=[wrapper("w")])
    ask("POST", f"/xapi/commands/{number}/wrappers", json={})
    assert commands.change(number, xnat=[wrapper("w")]) == 200
    assert list(commands.wrappers(number)) == ["w"]


def test_contexts_are_a_set(commands: Commands) -> None:
    number = commands.make(xnat=[{"name": "w", "contexts": ["b:x", "a:x", "b:x"]}])
    assert sorted(commands.read(number)["xnat"][0]["contexts"]) == ["a:x", "b:x"]


def test_numbers_that_are_not_finite_read_back_as_texts(commands: Commands) -> None:
    assert commands.read(commands.make(**{"limit-cpu": "NaN"}))["limit-cpu"] == "NaN"


def test_commands_survive_a_restart(commands: Commands, ask: Asker) -> None:
    number = commands.make(xnat=[wrapper("w")])
    before: Any = commands.read(number)
    ask.server.restart()
    assert commands.read(number) == before
    assert commands.make("another") == number + 1
