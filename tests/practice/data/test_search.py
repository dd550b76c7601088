"""Searches beyond what the recording shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

SEARCH = "/data/search"
SUBJECT = "xnat:subjectData"
SESSION = "xnat:mrSessionData"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Subjects S1 to S3 of two projects; S1 has a session of 2024-01-31."""
    with PracticeServer(tmp_path_factory.mktemp("search") / "state", clock=FAST) as server:
        ask = Asker(server)
        for project, *labels in (("P", "S1", "S2"), ("Q", "S3")):
            ask("PUT", f"/data/projects/{project}", params={"accessibility": "private"})
            for label in labels:
                assert ask("PUT", f"/data/projects/{project}/subjects/{label}").status_code == 201
        session = {"xsiType": SESSION, "date": "2024-01-31", f"{SESSION}/fieldStrength": "1.5"}
        path = "/data/projects/P/subjects/S1/experiments/E"
        assert ask("PUT", path, params=session).status_code == 201
        yield ask


def document(root: str, field: str, where: str = "", method: str = "AND", kind: str = "search") -> str:
    shown = f"<x:search_field><x:element_name>{root}</x:element_name><x:field_ID>{field}</x:field_ID></x:search_field>"
    criteria = f'<x:search_where method="{method}">{where}</x:search_where>'
    inner = f"<x:root_element_name>{root}</x:root_element_name>{shown}{criteria}"
    return f'<x:{kind} xmlns:x="http://nrg.wustl.edu/security">{inner}</x:{kind}>'


def criterion(field: str, comparison: str, value: str = "") -> str:
    inner = f"<x:schema_field>{field}</x:schema_field><x:comparison_type>{comparison}</x:comparison_type>"
    return f"<x:criteria>{inner}<x:value>{value}</x:value></x:criteria>"


LABEL, PROJECT, STRENGTH = f"{SUBJECT}.SUBJECT_LABEL", f"{SUBJECT}/project", f"{SESSION}/fieldStrength"


@pytest.mark.parametrize(
    ("where", "method", "labels"),
    [
        ("", "AND", ["S1", "S2", "S3"]),
        (criterion(LABEL, "LIKE", "s%"), "AND", ["S1", "S2", "S3"]),
        (criterion(LABEL, "IN", "'S1','S3'"), "AND", ["S1", "S3"]),
        (criterion(LABEL, "!=", "S1"), "AND", ["S2", "S3"]),
        (criterion(LABEL, "BETWEEN", "S2 AND S3"), "AND", ["S2", "S3"]),
        (criterion(LABEL, "&lt;", "S2") + criterion(LABEL, "&gt;", "S2"), "OR", ["S1", "S3"]),
        (criterion(LABEL, "&lt;", "S2") + criterion(PROJECT, "=", "Q"), "AND", []),
        (criterion(f"{SUBJECT}/group", "IS NULL"), "AND", ["S1", "S2", "S3"]),
        (criterion(f"{SUBJECT}/group", "IS  NOT NULL"), "AND", []),
        (f'<x:child_set method="OR">{criterion(PROJECT, "=", "Q")}</x:child_set>', "AND", ["S3"]),
    ],
)
def test_criteria(filled: Asker, where: str, method: str, labels: list[str]) -> None:
    answer = filled("POST", SEARCH, data=document(SUBJECT, "SUBJECT_LABEL", where, method))
    assert sorted(row["subject_label"] for row in answer.json()["ResultSet"]["Result"]) == labels


@pytest.mark.parametrize(("strength", "many"), [("1.50", "1"), ("1.4", "0")])
def test_numbers_are_compared_as_numbers(filled: Asker, strength: str, many: str) -> None:
    answer = filled("POST", SEARCH, data=document(SESSION, "DATE", criterion(STRENGTH, "=", strength), kind="bundle"))
    assert answer.json()["ResultSet"]["totalRecords"] == many


def test_only_what_may_be_read_is_found(filled: Asker) -> None:
    someone = filled.make_user("someone")
    assert filled("PUT", "/xapi/users/someone/groups/Q_member").status_code == 200
    found = filled("POST", SEARCH, data=document(SUBJECT, "SUBJECT_LABEL"), as_user=someone).json()["ResultSet"]
    assert [row["subject_label"] for row in found["Result"]] == ["S3"]
    found = filled("POST", SEARCH, data=document("xnat:projectData", "NAME"), as_user=someone).json()["ResultSet"]
    assert [row["name"] for row in found["Result"]] == ["Q"]


def test_what_is_kept_is_read_page_by_page_by_who_keeps_it(filled: Asker) -> None:
    kept = filled("POST", SEARCH, params={"cache": "true"}, data=document(SUBJECT, "SUBJECT_LABEL")).json()["ResultSet"]
    path = f"{SEARCH}/{kept['ID']}"
    params = {"sortBy": "subject_label", "sortOrder": "DESC", "offset": "1", "limit": "1"}
    assert [row["subject_label"] for row in filled("GET", path, params=params).json()["ResultSet"]["Result"]] == ["S2"]
    assert filled("GET", path, as_user=filled.make_user("other")).status_code == 500
    assert filled("GET", f"{path}/nonsense").status_code == 500
    assert filled("GET", f"{SEARCH}/nonsense").status_code == 500


def test_criteria_that_are_nested_too_deeply_are_refused(filled: Asker) -> None:
    deep = "<x:child_set>" * 30 + "</x:child_set>" * 30
    assert filled("POST", SEARCH, data=document(SUBJECT, "SUBJECT_LABEL", deep)).status_code == 422
