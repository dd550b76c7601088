"""Subjects: made, changed, renamed, found, deleted, listed; and who may do so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.data import kinds, schema, type_parts
from bootstrap.practice.data.kinds import Kind
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

XML = {"Content-Type": "text/xml"}
IN_P, IN_NONE = "/data/projects/P/subjects", "/data/projects/NONE/subjects"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Three projects with a subject each, of which the user u1 is in none."""
    with PracticeServer(tmp_path_factory.mktemp("clinic") / "state", clock=FAST) as running:
        ask = Asker(running)
        for project, level in (("P", "private"), ("R", "protected"), ("U", "public")):
            ask("PUT", f"/data/projects/{project}", params={"accessibility": level, "alias": f"alias-{project}"})
            assert ask("PUT", f"/data/projects/{project}/subjects/S", params={"ID": f"{project}_S"}).status_code == 201
        ask.make_user("u1")
        ask.make_user("member")
        ask("PUT", "/data/projects/P/users/member/member")
        yield ask


REQUESTS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", f"{IN_P}/S", {}, 200, "P_S"),
    ("GET", "/data/projects/alias-P/subjects/S", {}, 200, "P_S"),
    ("GET", f"{IN_P}/R_S", {}, 200, "R_S"),
    ("GET", f"{IN_P}/S/projects", {}, 200, '"ID":"P"'),
    ("PUT", f"{IN_P}/S/projects/R", {}, 501, "projects of a subject"),
    ("DELETE", f"{IN_P}/S/projects/R", {}, 501, "projects of a subject"),
    ("PUT", f"{IN_P}/S/nonsense", {}, 400, ""),
    ("PUT", f"{IN_P}/R_S", {"params": {"ID": "R_S"}}, 409, "Project must be modified"),
    ("PUT", f"{IN_P}/S", {"params": {"label": "a b"}}, 500, ""),
    ("PUT", f"{IN_P}/S", {"params": {"project": "R"}}, 409, "Project must be modified"),
    ("PUT", f"{IN_P}/S", {"params": {"group": "x" * 256}}, 400, "Must be less than"),
    ("PUT", f"{IN_P}/S", {"params": {"pi_firstname": "A"}}, 400, "Required Field"),
    ("PUT", f"{IN_P}/S", {"data": "<Project/>", "headers": XML}, 422, "Only xnat:Subject"),
    ("PUT", "/data/subjects/P_S", {"params": {"project": "R"}}, 409, "Project must be modified"),
    ("PUT", "/data/subjects/NEW", {"params": {"project": "NONE"}}, 422, "project attribute"),
    ("PUT", f"{IN_NONE}/P_S", {}, 422, "project attribute"),
    ("POST", IN_P, {"params": {"label": "a b"}}, 500, ""),
    ("POST", IN_P, {"params": {"label": "S"}}, 409, "already exists"),
    ("DELETE", f"{IN_P}/R_S", {}, 404, "Unable to find"),
    ("GET", IN_P, {"params": {"offset": "x"}}, 500, ""),
    ("GET", f"{IN_P}/S", {"params": {"format": "xml"}}, 200, '<xnat:Subject ID="P_S" project="P" label="S"'),
]


@pytest.mark.parametrize(("method", "path", "more", "status", "said"), REQUESTS)
def test_what_an_administrator_is_told(
    clinic: Asker, method: str, path: str, more: dict[str, Any], status: int, said: str
) -> None:
    answer = clinic(method, path, **more)
    assert (answer.status_code, said in answer.text) == (status, True)


STRANGER = [
    ("GET", "{}", (404, 403, 200)),
    ("GET", "{}/S", (404, 404, 200)),
    ("PUT", "{}/NEW", (422, 403, 403)),
    ("PUT", "{}/S", (422, 403, 403)),
    ("PUT", "{}/S?label=T", (422, 403, 403)),
    ("DELETE", "{}/S", (404, 404, 403)),
]


@pytest.mark.parametrize(("method", "path", "statuses"), STRANGER)
def test_what_a_stranger_is_told(clinic: Asker, method: str, path: str, statuses: tuple[int, ...]) -> None:
    paths = [path.format(f"/data/projects/{project}/subjects") for project in "PRU"]
    assert tuple(clinic(method, one, as_user=("u1", "pw-u1")).status_code for one in paths) == statuses


def test_a_member_makes_subjects_and_deletes_none(clinic: Asker) -> None:
    member = ("member", "pw-member")
    assert clinic("PUT", f"{IN_P}/OF_MEMBER", as_user=member).status_code == 201
    assert clinic("DELETE", f"{IN_P}/OF_MEMBER", as_user=member).status_code == 403
    assert clinic("DELETE", f"{IN_P}/OF_MEMBER").status_code == 200


def test_the_list_of_the_site_has_what_the_caller_may_read(clinic: Asker) -> None:
    query = {"columns": "ID", "sortBy": "ID", "format": "csv"}
    everything, his = (
        clinic("GET", "/data/subjects", params=query, as_user=user).text.split()[1:]
        for user in (("admin", "admin"), ("u1", "pw-u1"))
    )
    assert everything == [f"{one},/data/subjects/{one}" for one in ("P_S", "R_S", "U_S")]
    assert his == ["U_S,/data/subjects/U_S"]


COLUMNS = [
    ("xnat:subjectData/fields/field[name=MyVar]/field", "ID,xnat:subjectdata/fields/field[name=myvar]/field,URI"),
    ("xnat:subjectData/demographics/gender,gender", "ID,gender,URI"),
    ("xnat:subjectData/nonsense,xnat:mrSessionData/date", "ID,URI"),
    ("insert_user,ID,last_modified", "insert_user,ID,last_modified,URI"),
]


@pytest.mark.parametrize(("asked", "header"), COLUMNS)
def test_columns(clinic: Asker, asked: str, header: str) -> None:
    answer = clinic("GET", IN_P, params={"columns": asked, "format": "csv"})
    assert sorted(set(answer.text.splitlines()[0].split(","))) == sorted(set(header.split(",")))


def test_pages(clinic: Asker) -> None:
    def found(**query: str) -> tuple[int, bool]:
        result = clinic("GET", "/data/subjects", params=query).json()["ResultSet"]
        return len(result["Result"]), "totalRecords" in result

    assert [found(limit="2"), found(offset="1"), found(limit="*"), found(limit="-1", offset="2")] == [
        *((2, False), (2, False), (3, True), (1, True)),
    ]
    assert found(insert_user="adm*", limit="1") == (1, False)
    assert found(insert_user="nobody") == (0, True)


def test_the_label_of_a_document_counts(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    first = ask("PUT", f"{IN_P}/A").text
    made = ask("PUT", f"{IN_P}/A", data="<Subject label='B'/>", headers=XML)
    assert made.status_code == 201
    again = ask("PUT", f"{IN_P}/A", data="<Subject label='B' group='g'/>", headers=XML)
    assert (again.status_code, again.text) == (200, made.text)
    assert first != made.text


def test_a_subject_may_name_its_project_itself(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    made = ask("PUT", "/data/subjects/S", params={"project": "P"})
    assert made.status_code == 201
    assert ask("GET", f"{IN_P}/S", params={"format": "json"}).json()["items"][0]["data_fields"]["ID"] == made.text


def test_ids_come_from_the_site_and_are_used_up(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask.set(siteId="a-b c")
    ask.server.restart()
    ask("PUT", f"{IN_P}/T", params={"ID": "a_bc_S00001"})
    ask("PUT", f"{IN_P}/A.B")
    assert ask("PUT", f"{IN_P}/S").text == "a_bc_S00003"


def test_subjects_go_with_their_project(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    made = ask("PUT", f"{IN_P}/S").text
    ask("DELETE", "/data/projects/P")
    assert ask("GET", f"/data/subjects/{made}").status_code == 404


def test_demographics_are_typed(ask: Asker) -> None:
    ask("PUT", "/data/projects/P")
    ask("PUT", f"{IN_P}/S", params={"weight": "70.50", "height": "2", "dob": "02/03/1970", "yob": "1970"})
    item = ask("GET", f"{IN_P}/S", params={"format": "json"}).json()["items"][0]
    fields = item["children"][0]["items"][0]["data_fields"]
    assert {name: fields[name] for name in ("weight", "height", "dob", "yob")} == {
        "weight": 70.5,
        "height": 2,
        "dob": "1970-02-03",
        "yob": 1970,
    }
    document = ask("GET", f"{IN_P}/S", params={"format": "xml"}).content
    assert b'<xnat:demographics xsi:type="xnat:demographicData">' in document
    assert ask("PUT", f"{IN_P}/S", data=document, headers=XML).status_code == 200
    assert "2.0" in ask("GET", IN_P, params={"columns": "height"}).text


VALUES = [
    (type_parts.FLOAT, "2000", None, "2000.0"),
    (type_parts.FLOAT, "1e3", None, "1000.0"),
    (type_parts.FLOAT, "x", "Must Be A Valid Float", "x"),
    (type_parts.FLOAT, "nan", "Must Be A Valid Float", "nan"),
    (type_parts.INTEGER, "-7", None, "-7"),
    (type_parts.INTEGER, "1.5", "Must Be A Valid Integer", "1.5"),
    (type_parts.DATE, "1/2/2003", None, "2003-01-02"),
    (type_parts.DATE, "2003-02-30", "Must Be A Valid Date", "2003-02-30"),
    (schema.GENDER, "F", None, "F"),
    (kinds.Word(("a", "b")), "A", "'A' Must Match Pre-Defined Values...(a,b)", "A"),
    (type_parts.LONG_TEXT, "x" * 300, None, "x" * 300),
]


@pytest.mark.parametrize(("kind", "value", "fault", "kept"), VALUES)
def test_values(kind: Kind, value: str, fault: str | None, kept: str) -> None:
    assert (kind.fault(value), kind.kept(value)) == (fault, kept)
