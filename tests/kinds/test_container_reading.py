"""What the config service says of wrappers: every version stands in its list, and the newest counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bootstrap.kinds.container_reading import NOTHING, Stored, commands, project_rows, row_of, site_rows, wrapper_id
from bootstrap.xnat.fake import FakeTransport, reply
from tests.xnat.test_connection import connected, xnat

SITE = "/data/config/container-service"


def row(wrapper: int, contents: Any, version: int = 1, status: str = "enabled") -> dict[str, str]:
    text = contents if isinstance(contents, str) else json.dumps(contents)
    return {"path": f"wrapper-{wrapper}", "contents": text, "version": str(version), "status": status}


def listing(*rows: dict[str, str]) -> Any:
    return reply(json={"ResultSet": {"Result": list(rows)}})


def read(*rows: dict[str, str]) -> dict[int, Stored]:
    with connected(xnat(200).on("GET", SITE, listing(*rows))) as connection:
        return dict(site_rows(connection))


def test_the_newest_version_counts_in_whatever_order_they_are_listed() -> None:
    rows = [row(1, {"enabled": True}, 2), row(1, {"enabled": False}, 10), row(1, {"enabled": True}, 9)]
    assert read(*rows)[1].flag is False


def test_a_row_without_a_flag_is_on_for_the_site_and_off_for_a_project() -> None:
    stored = read(row(1, {"inputs": {}, "outputs": {}}))[1]
    assert (stored.on(""), stored.on("P")) == (True, False)
    assert (NOTHING.on(""), NOTHING.on("P")) == (False, False)


@pytest.mark.parametrize("contents", ["", "no json", "[]", "null", "{"])
def test_what_is_no_document_is_as_if_it_were_not_there(contents: str) -> None:
    assert read(row(1, contents))[1] == NOTHING


def test_what_is_switched_off_in_the_config_service_is_not_there_for_xnat() -> None:
    assert read(row(1, {"enabled": True}, status="disabled"))[1] == NOTHING


def test_odd_parts_of_a_document_are_passed_over() -> None:
    stored = read(row(1, {"enabled": "yes", "inputs": {"a": {"default-value": "x"}, "b": 5}, "outputs": []}))[1]
    assert (stored.flag, stored.inputs, stored.outputs) == (None, {"a": {"default-value": "x"}}, {})


def test_other_paths_of_the_tool_are_not_wrappers() -> None:
    other = {"path": "wrapper-x", "contents": "{}", "version": "1", "status": "enabled"}
    assert read(
        other, {**other, "path": "something"}, {"path": "wrapper-3", "contents": "{}", "status": "enabled"}
    ) == {3: Stored(True)}


def test_nothing_stored_yet_is_a_404_and_nothing_at_all() -> None:
    with connected(xnat(200).on("GET", SITE, reply(404))) as connection:
        assert site_rows(connection) == {}


def projects(*names: str) -> FakeTransport:
    rows = [{"ID": name} for name in names]
    return xnat(200).on("GET", "/data/projects", reply(json={"ResultSet": {"Result": rows}}))


def test_projects_that_are_not_there_are_not_asked_for() -> None:
    fake = projects("A").on("GET", "/data/projects/A/config/container-service", listing(row(1, {"enabled": True})))
    with connected(fake) as connection:
        assert project_rows(connection, ["A", "GHOST", "A"]) == {"A": {1: Stored(True, True)}}
    assert len([line for line in fake.lines if "/config/" in line]) == 1


def test_kinds_that_need_the_same_answer_ask_once_in_a_round() -> None:
    fake = xnat(200).on("GET", "/xapi/commands", reply(json=[{"id": 2, "name": "b"}, {"id": 1, "name": "a"}]))
    with connected(fake) as connection:
        assert [one["id"] for one in commands(connection)] == [1, 2]
        commands(connection)
        connection.new_round()
        commands(connection)
    assert len([line for line in fake.lines if "commands" in line]) == 2


def test_of_several_commands_of_a_name_the_exact_one_or_the_oldest() -> None:
    rows = [{"id": 1, "name": "a", "image": "x:1"}, {"id": 2, "name": "a", "image": "x:2", "version": "2"}]
    assert row_of(rows, "a", "x:2", "2") == rows[1]
    assert row_of(rows, "a", "x:3", None) == rows[0]
    assert row_of(rows, "b") is None
    assert wrapper_id(None, "w") is None
    assert wrapper_id({"xnat": [{"id": 5, "name": "w"}, {"id": 6}]}, "w") == 5
