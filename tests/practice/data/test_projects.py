"""Projects, as far as they are built: made, deleted, listed, and who may do so."""

from __future__ import annotations

import pytest

from bootstrap.practice.data import projects
from tests.practice.conftest import Asker

PUTS = [
    ("/data/projects/A-b_1", 200, ""),
    ("/data/projects/A%20B", 417, "Invalid character"),
    ("/data/projects/P/nonsense", 400, ""),
    ("/data/projects/P?description=x", 501, "fields of a project"),
]


@pytest.mark.parametrize(("path", "status", "said"), PUTS)
def test_put(ask: Asker, path: str, status: int, said: str) -> None:
    answer = ask("PUT", path)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_a_deleted_id_is_not_used_again(ask: Asker) -> None:
    assert [ask(method, "/data/projects/P").status_code for method in ("PUT", "PUT", "DELETE", "DELETE", "PUT")] == [
        *(200, 200, 200, 400, 403),
    ]


def test_rights_on_a_project(ask: Asker) -> None:
    user, other = ask.make_user("u1"), ask.make_user("u2")
    assert ask("PUT", "/data/projects/MINE", as_user=user, params={"accessibility": "private"}).status_code == 200
    assert ask("PUT", "/data/projects/MINE", as_user=other).status_code == 403
    assert ask("DELETE", "/data/projects/MINE", as_user=other).status_code == 403
    assert ask("GET", "/data/projects", as_user=other).json()["ResultSet"]["Result"] == []
    assert ask("PUT", "/data/projects/MINE", as_user=user, params={"accessibility": "protected"}).status_code == 200
    assert [row["ID"] for row in ask("GET", "/data/projects", as_user=other).json()["ResultSet"]["Result"]] == ["MINE"]
    assert ask("GET", "/xapi/anonymize/projects/MINE", as_user=other).status_code == 403
    ask("PUT", "/xapi/users/u2/groups/ALL_DATA_ACCESS")
    assert ask("GET", "/xapi/anonymize/projects/MINE", as_user=other).status_code == 204
    assert ask("DELETE", "/data/projects/MINE", as_user=user).status_code == 200
    assert ask("GET", "/xapi/users/u1/groups").json() == []


def test_what_the_site_forbids(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask.set(uiAllowNonAdminProjectCreation=False, securityAllowNonPrivateProjects=False)
    assert ask("PUT", "/data/projects/P", as_user=user).status_code == 403
    assert ask("PUT", "/data/projects/P").status_code == 200
    site = ask.server.site
    assert site
    made = projects.find(site, "P")
    assert made
    assert made.accessibility == "private"
    assert ask("PUT", "/data/projects/P", params={"accessibility": "public"}).status_code == 403
    assert ask("PUT", "/data/projects/P", params={"accessibility": "private"}).status_code == 200


def test_a_word_that_is_no_level_is_private(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"accessibility": "PUBLIC"})
    assert ask.server.site
    made = projects.find(ask.server.site, "P")
    assert made
    assert made.accessibility == "private"


FILTERS = [
    ({"ID": "P1"}, ["P1"]),
    ({"ID": "P*"}, ["P1", "P2"]),
    ({"name": "p1"}, []),
    ({"columns": "ID,nosuch"}, ["P1", "P2", "Q"]),
]


@pytest.mark.parametrize(("query", "ids"), FILTERS)
def test_the_list_is_filtered_for_administrators_only(ask: Asker, query: dict[str, str], ids: list[str]) -> None:
    for project in ("P1", "P2", "Q"):
        ask("PUT", f"/data/projects/{project}")
    rows = ask("GET", "/data/projects", params=query).json()["ResultSet"]["Result"]
    assert [row["ID"] for row in rows] == ids
    user = ask.make_user("u1")
    assert len(ask("GET", "/data/projects", as_user=user, params=query).json()["ResultSet"]["Result"]) == 3
