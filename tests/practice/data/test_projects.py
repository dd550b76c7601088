"""Projects: made, changed, deleted, and who may do so."""

from __future__ import annotations

import pytest

from bootstrap.practice.data import projects
from tests.practice.conftest import Asker

PUTS = [
    ("/data/projects/A-b_1", 200, ""),
    ("/data/projects/A%20B", 417, "Invalid character"),
    ("/data/projects/P/nonsense", 400, "You can't set the 'nonsense' attribute"),
    ("/data/projects/A.B?testHyphen", 200, ""),
    ("/data/projects/A.B?testHyphen=false", 417, "Invalid character"),
    ("/data/projects/P?ID=p", 200, ""),
    ("/data/projects/P?ID=Q", 417, "must match"),
    ("/data/projects/P?pi_firstname=Pat", 500, ""),
    (f"/data/projects/P?name={'x' * 256}", 500, ""),
    (f"/data/projects/P?description={'x' * 300}", 200, ""),
    ("/data/projects/P?name=NULL", 200, ""),
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
    assert ask("DELETE", "/data/projects/MINE", as_user=other).status_code == 400
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


SECOND_PUTS = [
    ({"description": "x"}, {"description": "x", "name": "Title", "PI/firstname": "Pat"}),
    ({"description": ""}, {"description": "first"}),
    ({"description": "NULL"}, {"description": ""}),
    ({"description": """a <b> & "c" 'd' \\"""}, {"description": "a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; \\\\"}),
    ({"xnat:projectData/name": "Other"}, {"name": "Other"}),
    ({"xnat:projectdata/name": "Other"}, {"name": "Other"}),
    ({"xnat:subjectData/group": "g"}, {"name": "Title"}),
    ({"xnat:projectData/nonsense": "x", "nonsense": "x"}, {"name": "Title"}),
    ({"pi_lastname": "Roe"}, {"PI/firstname": "Pat", "PI/lastname": "Roe"}),
    ({"pi_firstname": "NULL", "pi_lastname": "NULL"}, {"PI/firstname": "", "PI/lastname": ""}),
    ({"alias": "B"}, {"aliases/alias[0]/alias": "A", "aliases/alias[1]/alias": "B"}),
    ({"note": "n"}, {"fields/field[name=note]/field": "n", "fields/field[name=other]/field": ""}),
    ({"xnat:projectData/fields/field[name=x]/field": "n"}, {"fields/field[name=x]/field": "n"}),
    ({"xnat:projectData/investigators/investigator[0]/email": "NULL"}, {"name": "Title"}),
]


@pytest.mark.parametrize(("said", "then"), SECOND_PUTS)
def test_a_second_put_merges(ask: Asker, said: dict[str, str], then: dict[str, str]) -> None:
    first = {"name": "Title", "description": "first", "pi_firstname": "Pat", "pi_lastname": "Doe", "alias": "A"}
    assert ask("PUT", "/data/projects/P", params=first).status_code == 200
    assert ask("PUT", "/data/projects/P", params=said).status_code == 200
    item = stored(ask, "P").item
    assert {path: item.text(path) for path in then} == then


REFUSED_CHANGES = [{"pi_firstname": "NULL"}, {"name": "x" * 256}, {"xnat:projectData/PI/email": "e" * 256}]


@pytest.mark.parametrize("said", REFUSED_CHANGES)
def test_what_cannot_be_stored_changes_nothing(ask: Asker, said: dict[str, str]) -> None:
    ask("PUT", "/data/projects/P", params={"pi_firstname": "Pat", "pi_lastname": "Doe"})
    before = stored(ask, "P")
    assert ask("PUT", "/data/projects/P", params={"description": "x", **said}).status_code == 500
    assert stored(ask, "P") == before


def test_fields_are_stored_though_the_accessibility_is_not(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"accessibility": "public"})
    ask.set(securityAllowNonPrivateProjects=False)
    answer = ask("PUT", "/data/projects/P", params={"accessibility": "private", "description": "x"})
    assert answer.status_code == 403
    assert (stored(ask, "P").accessibility, stored(ask, "P").item.text("description")) == ("public", "x")
    assert ask("PUT", "/data/projects/P/accessibility/public").status_code == 403


def test_only_what_changed_has_a_new_event(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"name": "Title", "alias": "A"})
    before = stored(ask, "P").item
    ask("PUT", "/data/projects/P", params={"name": "Title", "alias": "B"})
    after = stored(ask, "P").item
    assert after.event == before.event
    (first, second) = after.children["aliases/alias"]
    assert first == before.children["aliases/alias"][0]
    assert second.event > first.event
    assert second.number > first.number


def test_what_is_private_is_not_there_for_others(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask("PUT", "/data/projects/P", params={"accessibility": "private"})
    asked = [
        ("GET", "", 404),
        ("GET", "/accessibility", 404),
        ("GET", "/groups", 404),
        ("PUT", "", 403),
        ("PUT", "/prearchive_code/0", 400),
        ("PUT", "/accessibility/public", 404),
    ]
    assert [ask(method, f"/data/projects/P{tail}", as_user=user).status_code for method, tail, _ in asked] == [
        status for *_, status in asked
    ]


def test_members_do_not_change_the_project(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask("PUT", "/data/projects/P")
    ask("PUT", "/data/projects/P/users/member/u1")
    for tail in ("", "?description=x", "/prearchive_code/0", "/accessibility/public"):
        assert ask("PUT", f"/data/projects/P{tail}", as_user=user).status_code == 403


def test_an_alias_finds_the_project_and_does_not_name_it(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"alias": "A"})
    assert ask("GET", "/data/projects/A/accessibility").text == "protected"
    assert ask("PUT", "/data/projects/A/prearchive_code/5").status_code == 200
    assert ask("GET", "/data/projects/P/prearchive_code").text == "5"
    assert "Invalid Project Id" in ask("PUT", "/data/projects/A").text
    assert ask("DELETE", "/data/projects/A").status_code == 200
    assert ask("PUT", "/data/projects/A").status_code == 200


def test_ids_that_differ_in_case_only_are_two(ask: Asker) -> None:
    assert [ask("PUT", f"/data/projects/{project}").status_code for project in ("DA1", "da1")] == [200, 200]
    assert ask("PUT", "/data/projects/da1", params={"name": "DA1"}).status_code == 200
    assert ask("PUT", "/data/projects/DA1", params={"ID": "Da1"}).status_code == 200
    assert stored(ask, "Da1").title == "Da1"


POSTS = [
    ({"ID": "NEW"}, 200, "/data/projects/NEW"),
    ({"ID": "A B"}, 417, "Invalid character"),
    ({"ID": "BURNT"}, 200, "/data/projects/BURNT"),
    ({"ID": "THERE"}, 409, "already exists"),
    ({"ID": "NEW", "name": "there"}, 409, "Invalid Project Title: 'there'"),
    ({"ID": "NEW", "pi_lastname": "Doe"}, 500, ""),
]


@pytest.mark.parametrize(("said", "status", "text"), POSTS)
def test_post(ask: Asker, said: dict[str, str], status: int, text: str) -> None:
    ask("PUT", "/data/projects/THERE")
    ask("PUT", "/data/projects/BURNT")
    ask("DELETE", "/data/projects/BURNT")
    answer = ask("POST", "/data/projects", params=said)
    assert (answer.status_code, text in answer.text) == (status, True)


def test_who_may_not_make_one_may_not_post_one(ask: Asker) -> None:
    user = ask.make_user("u1")
    ask.set(uiAllowNonAdminProjectCreation=False)
    assert ask("POST", "/data/projects?ID=P", as_user=user).status_code == 403
    assert ask("POST", "/data/projects?ID=P").status_code == 200


def test_guests_write_nothing(ask: Asker) -> None:
    ask("PUT", "/data/projects/P", params={"accessibility": "public"})
    ask.set(requireLogin=False)
    ask.settle()
    assert ask("GET", "/data/projects/P", as_user=None).status_code == 200
    for method, path in (("PUT", "/P"), ("PUT", "/Q"), ("POST", "?ID=Q"), ("DELETE", "/P")):
        assert ask(method, f"/data/projects{path}", as_user=None).status_code == 403


def test_a_form_is_read_if_it_is_said_to_be_one(ask: Asker) -> None:
    for query, description in (("", ""), ("?req_format=qs", ""), ("?req_format=form", "x")):
        assert ask("PUT", f"/data/projects/P{query}", data={"description": "x"}).status_code == 200
        assert stored(ask, "P").item.text("description") == description


SETTINGS = [
    ("prearchive_code/+5", 200),
    ("prearchive_code/false", 200),
    ("prearchive_code/2147483648", 400),
    ("prearchive_code/5/x", 400),
    ("prearchive_code", 400),
    ("current_arc/arc002", 200),
    ("scan_type_mapping/x", 200),
    ("nonsense/1", 400),
]


@pytest.mark.parametrize(("tail", "status"), SETTINGS)
def test_settings(ask: Asker, tail: str, status: int) -> None:
    ask("PUT", "/data/projects/P")
    assert ask("PUT", f"/data/projects/P/{tail}").status_code == status


def test_a_site_may_forbid_to_archive_by_itself(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask.set(projectAllowAutoArchive=False)
    codes = [ask("PUT", f"/data/projects/P/prearchive_code/{code}").status_code for code in ("4", "x", "0")]
    assert codes == [403, 403, 200]


def test_accessibility_without_a_level_changes_nothing(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    answer = ask("PUT", "/data/projects/P/accessibility")
    assert (answer.status_code, answer.text) == (200, "")
    assert stored(ask, "P").accessibility == "protected"


def stored(ask: Asker, project: str) -> projects.Project:
    assert ask.server.site
    found = projects.find(ask.server.site, project)
    assert found
    return found
