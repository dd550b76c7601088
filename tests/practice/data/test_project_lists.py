"""The lists of projects: filters, columns, who sees what; and the list of the web interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.data import rights
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker


def rows(ask: Asker, **more: Any) -> list[dict[str, str]]:
    answer = ask("GET", "/data/projects", **more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["ResultSet"]["Result"]
    return found


def ids(ask: Asker, **more: Any) -> list[str]:
    return [row.get("ID") or row["id"] for row in rows(ask, **more)]


FILTERS = [
    ({"ID": "P1"}, ["P1"]),
    ({"ID": "P*"}, ["P1", "P2"]),
    ({"ID": "%2"}, ["P2"]),
    ({"ID": "P2,Q"}, ["P2", "Q"]),
    ({"name": "p1"}, []),
    ({"alias": "A2"}, ["Q"]),
    ({"xnat:projectData/keywords": "k"}, ["Q"]),
    ({"description": "a & b"}, ["Q"]),
    ({"columns": "ID,nosuch"}, ["P1", "P2", "Q"]),
    ({"nosuch": "x", "ID": ""}, ["P1", "P2", "Q"]),
    ({"sortBy": "ID,name", "sortOrder": "DESC"}, ["Q", "P2", "P1"]),
    ({"sortBy": "nosuch"}, ["P1", "P2", "Q"]),
]


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    with PracticeServer(tmp_path_factory.mktemp("filtered") / "state", clock=FAST) as running:
        ask = Asker(running)
        ask("PUT", "/data/projects/P1")
        ask("PUT", "/data/projects/P2")
        ask("PUT", "/data/projects/Q", params={"description": "a & b", "keywords": "k", "alias": "A1"})
        ask("PUT", "/data/projects/Q", params={"alias": "A2"})
        ask.make_user("u1")
        yield ask


@pytest.mark.parametrize(("query", "found"), FILTERS)
def test_filters_are_for_those_only_who_see_all(filtered: Asker, query: dict[str, str], found: list[str]) -> None:
    assert ids(filtered, params=query) == found
    assert len(ids(filtered, as_user=("u1", "pw-u1"), params=query)) == 3


COLUMNS = [
    ("name", ["name", "URI"]),
    ("xnat:projectData/keywords,ID,ID", ["keywords", "ID", "URI"]),
    ("nosuch", ["URI"]),
    ("", ["ID", "secondary_ID", "name", "description", "pi_firstname", "pi_lastname", "URI"]),
]


@pytest.mark.parametrize(("asked", "columns"), COLUMNS)
def test_columns(ask: Asker, asked: str, columns: list[str]) -> None:
    ask("PUT", "/data/projects/P")
    assert list(rows(ask, params={"columns": asked})[0]) == columns


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """A project of each level, of which the user u1 owns the private one, and another private one."""
    with PracticeServer(tmp_path_factory.mktemp("four") / "state", clock=FAST) as running:
        ask = Asker(running)
        user = ask.make_user("u1")
        ask("PUT", "/data/projects/A1", as_user=user, params={"accessibility": "private", "secondary_ID": "z"})
        for project, level in (("B2", "protected"), ("C3", "public"), ("D4", "private")):
            ask("PUT", f"/data/projects/{project}", params={"accessibility": level})
        ask.make_user("chief")
        ask("PUT", "/xapi/users/chief/roles/Administrator")
        ask.make_user("reader")
        ask("PUT", "/xapi/users/reader/groups/ALL_DATA_ACCESS")
        yield ask


FOR_A_USER = [
    ({}, ["A1", "B2", "C3"]),
    ({"restrict": "edit"}, ["A1"]),
    ({"restrict": "nonsense"}, ["A1", "B2", "C3"]),
    ({"allDataOverride": "true"}, ["A1", "B2", "C3"]),
    ({"accessible": "true"}, ["B2", "C3", "A1"]),
    ({"accessible": "false"}, ["B2", "C3"]),
    ({"prearc_code": "true"}, ["B2", "C3", "A1"]),
    ({"dataAccessibility": "readable"}, ["C3", "A1"]),
    ({"dataAccessibility": "writable"}, ["A1"]),
    ({"owner": "true"}, ["A1"]),
    ({"owner": "false"}, ["B2", "C3"]),
    ({"member": "true"}, []),
    ({"member": "false"}, ["B2", "C3", "A1"]),
    ({"owner": "true", "users": "true"}, ["A1"]),
    ({"recent": "true"}, []),
    ({"favorite": "true"}, []),
    ({"admin": "true"}, ["B2", "C3", "A1"]),
    ({"activeSince": "01/01/2020"}, ["B2", "C3", "A1"]),
    ({"activeSince": "2999-01-01 00:00:00"}, []),
    ({"permissions": "read"}, ["C3", "A1"]),
    ({"permissions": "edit"}, ["A1"]),
    ({"permissions": "delete"}, ["A1"]),
]


@pytest.mark.parametrize(("query", "found"), FOR_A_USER)
def test_what_a_user_sees(four: Asker, query: dict[str, str], found: list[str]) -> None:
    assert ids(four, as_user=("u1", "pw-u1"), params=query) == found


FOR_AN_ADMINISTRATOR = [
    ({}, ["B2", "C3"]),
    ({"allDataOverride": "true"}, ["A1", "B2", "C3", "D4"]),
    ({"allDataOverride": "true", "ID": "D4"}, ["D4"]),
    ({"ID": "D4"}, ["B2", "C3"]),
    ({"admin": "true"}, ["B2", "C3", "D4", "A1"]),
]


@pytest.mark.parametrize(("query", "found"), FOR_AN_ADMINISTRATOR)
def test_an_administrator_outside_the_group_asks_for_all(four: Asker, query: dict[str, str], found: list[str]) -> None:
    assert ids(four, as_user=("chief", "pw-chief"), params=query) == found


def test_who_reads_all_data_has_all_listed(four: Asker) -> None:
    assert ids(four, as_user=("reader", "pw-reader")) == ["A1", "B2", "C3", "D4"]


REFUSED = [
    ({"dataAccessibility": "nonsense"}, 500),
    ({"permissions": "nonsense"}, 500),
    ({"activeSince": "yesterday"}, 422),
    ({"format": "search_xml"}, 501),
]


@pytest.mark.parametrize(("query", "status"), REFUSED)
def test_what_is_refused(four: Asker, query: dict[str, str], status: int) -> None:
    assert four("GET", "/data/projects", params=query).status_code == status


def test_the_list_of_the_web_interface(ask: Asker) -> None:
    text = "<P ID='P'><PI firstname='Pat' lastname='Doe'/><investigators><investigator><firstname>A</firstname>"
    text += "<lastname>B</lastname></investigator></investigators></P>"
    text = text.replace("<P ", "<projectData ").replace("</P>", "</projectData>")
    ask("PUT", "/data/projects/P?accessibility=public", data=text, headers={"Content-Type": "text/xml"})
    (row,) = rows(ask, params={"accessible": "true"})
    shown = {name: row[name] for name in ("pi", "project_invs", "project_access_img", "user_role_1")}
    assert shown == {
        "pi": "Pat Doe",
        "project_invs": "Doe, Pat <br/> B, A",
        "project_access_img": "/@WEBAPPimages/globe.gif",
        "user_role_1": rights.GROUPS["owner"],
    }
    assert "proj_quarantine" not in row
    table = ask("GET", "/data/projects", params={"recent": "true", "format": "csv"})
    assert table.text.startswith("id,name,description,secondary_id,pi,")


def test_groups_have_numbers_of_their_own(ask: Asker) -> None:
    numbers: list[str] = []
    for project in ("P", "Q"):
        ask("PUT", f"/data/projects/{project}")
        answer = ask("GET", f"/data/projects/{project}/groups?format=json").json()["ResultSet"]["Result"]
        assert [row["id"] for row in answer] == [f"{project}_{kind}" for kind in rights.GROUPS]
        numbers += [row["xdat_usergroup_id"] for row in answer]
    assert len(set(numbers)) == 6
