"""Sessions, scans, assessors, reconstructions and workflows: what the recordings do not show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.data import experiments, news, places
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import ADMIN, Asker

XML = {"Content-Type": "text/xml"}
MR, QC = {"xsiType": "xnat:mrSessionData"}, {"xsiType": "xnat:qcAssessmentData"}
E, LIST = "/data/projects/P/subjects/S/experiments/E", "/data/projects/P/subjects/S/experiments"
HIDDEN, SEEN = "/data/projects/HIDDEN/subjects/S/experiments", "/data/projects/SEEN/subjects/S/experiments"
SCAN = {"xsiType": "xnat:mrScanData"}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """In each project a session E with scan 1, an assessor A and a reconstruction R; `member` belongs to P only."""
    with PracticeServer(tmp_path_factory.mktemp("clinic") / "state", clock=FAST) as running:
        ask = Asker(running)
        for project, level in (("P", "private"), ("HIDDEN", "private"), ("SEEN", "protected"), ("OPEN", "public")):
            ask("PUT", f"/data/projects/{project}", params={"accessibility": level})
            session = f"/data/projects/{project}/subjects/S/experiments/E"
            for path, more in (
                (session, MR | {"ID": f"{project}_E", "date": "2024-01-31"}),
                (f"{session}/scans/1", SCAN | {"type": "T1"}),
                (f"{session}/assessors/A", QC),
                (f"{session}/reconstructions/R", {"type": "sum"}),
            ):
                answer = ask("PUT", path, params=more)
                assert answer.status_code in (200, 201), answer.text
        ask.make_user("stranger")
        ask.make_user("collaborator")
        ask("PUT", "/data/projects/P/users/collaborator/collaborator")
        yield ask


TOLD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", f"{E}/nonsense", {"format": "json"}, 200, "xnat:mrSessionData"),
    ("GET", "/data/projects/OPEN/experiments/P_E", {"format": "xml"}, 200, '<xnat:MRSession ID="P_E"'),
    ("GET", "/data/experiments/P_E/projects", {}, 200, '"label":"E"'),
    ("GET", "/data/experiments/E", {}, 404, "Unable to find"),
    ("PUT", f"{E}/projects/OPEN", {}, 501, "sharing an experiment"),
    ("DELETE", f"{E}/projects/OPEN", {}, 501, "out of a project"),
    ("PUT", f"{E}/nonsense", {}, 400, ""),
    ("PUT", f"{LIST}/a.b", MR, 500, ""),
    ("PUT", E, {"label": "a.b"}, 500, ""),
    ("PUT", f"{LIST}/X", MR | {"ID": "P_E"}, 409, "Project must be modified"),
    ("PUT", "/data/projects/P/experiments/X", MR, 400, "subject_ID"),
    ("PUT", "/data/projects/P/experiments/X1", MR | {"subject_ID": "S"}, 201, ""),
    ("PUT", "/data/experiments/NEW", MR | {"project": "NONE"}, 422, "project attribute"),
    ("PUT", "/data/projects/NONE/subjects/S/experiments/X", MR, 404, ""),
    ("PUT", f"{LIST}/X2", MR | {"fieldStrength": "x" * 256}, 400, "Must be less than"),
    ("PUT", f"{LIST}/X3", {"xsiType": "xnat:subjectVariablesData", "age": "3"}, 201, ""),
    ("POST", LIST, MR, 500, ""),
    ("POST", LIST, {}, 417, "Need POST Contents"),
    ("POST", "/data/projects/P/subjects/NONE/experiments", MR | {"label": "X"}, 404, ""),
    ("POST", "/data/projects/P/experiments", MR, 500, ""),
    ("GET", "/data/projects/P/experiments", {"xsiType": "xnat:nonsenseData"}, 200, ""),
    ("GET", "/data/experiments", {"xsiType": "xnat:nonsenseData"}, 500, ""),
    ("GET", "/data/experiments", {"columns": "subject_label"}, 500, ""),
    ("GET", "/data/experiments", {"xsiType": MR["xsiType"], "columns": "ID"}, 200, '"xnat:mrsessiondata/id":"P_E"'),
    ("GET", "/data/projects/NONE/experiments", {}, 404, ""),
    ("GET", "/data/projects/P/subjects/NONE/experiments", {}, 404, ""),
    ("GET", LIST, {"columns": "subject_project,last_modified,insert_user,xsiType"}, 200, '"insert_user":"admin"'),
    ("GET", LIST, {"insert_user": "nobody"}, 200, '"Result":[]'),
    ("GET", LIST, {"label": "NONE", "format": "csv"}, 200, "xnat_subjectassessordata0,"),
    ("GET", "/data/projects/P/experiments", {"columns": "xnat:mrSessionData/FIELDSTRENGTH"}, 200, '"fieldStrength":""'),
    ("GET", "/data/projects/P/experiments", {"limit": "1", "sortBy": "label"}, 200, '"Result":[{'),
    ("GET", f"{E}/assessors", {"columns": "label,session_label"}, 200, '"session_label":"E"'),
    ("GET", f"{LIST}/NONE/assessors", {}, 404, ""),
    ("GET", f"{LIST}/NONE/scans", {}, 404, ""),
    ("GET", f"{E}/scans", {"columns": "type", "type": "T2"}, 200, '"Result":[]'),
    ("PUT", f"{E}/scans/1/projects/OPEN", {}, 501, "sharing a scan"),
    ("PUT", f"{E}/scans/1/nonsense", {}, 400, ""),
    ("POST", f"{E}/scans", SCAN, 200, "/scans/2"),
    ("POST", f"{E}/scans", SCAN | {"ID": "a.b"}, 500, ""),
    ("POST", f"{E}/scans", {}, 417, "Need PUT Contents"),
    ("GET", f"{E}/scans/NONE", {}, 404, "Unable to find the specified scan"),
    ("PUT", f"{E}/assessors/A/projects/OPEN", {}, 501, "sharing an assessor"),
    ("PUT", f"{E}/assessors/E", QC, 500, ""),
    ("PUT", f"{E}/assessors/a.b", QC, 500, ""),
    ("PUT", f"{E}/assessors/A", {"ID": "ELSE"}, 400, "ID cannot be modified"),
    ("PUT", f"{E}/assessors/A", {"date": "x"}, 400, "Must Be A Valid Date"),
    ("PUT", f"{E}/assessors/N", QC | {"label": "A"}, 409, "already in use"),
    ("PUT", f"{E}/assessors/A", {"label": "A2"}, 200, ""),
    ("PUT", f"{E}/assessors/A2", {"label": "A"}, 200, ""),
    ("GET", f"{E}/assessors/NONE", {}, 404, "Unable to find"),
    ("GET", f"{E}/reconstructions/R", {"format": "json"}, 200, "xnat:reconstructedImageData"),
    ("GET", f"{LIST}/NONE/reconstructions", {}, 404, ""),
    ("PUT", f"{E}/reconstructions/R", {"type": "x" * 256}, 400, "Must be less than"),
    ("PUT", f"{E}/reconstructions/R", {"type": "mean"}, 200, ""),
    ("PUT", f"{E}/reconstructions/a.b", {}, 500, ""),
    ("GET", "/data/search/elements", {}, 200, '"COUNT":"'),
]


@pytest.mark.parametrize(("method", "path", "params", "status", "said"), TOLD)
def test_what_an_administrator_is_told(
    clinic: Asker, method: str, path: str, params: dict[str, str], status: int, said: str
) -> None:
    answer = clinic(method, path, params=params)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:300]


def test_documents_of_other_kinds(clinic: Asker) -> None:
    for body, status in (("<Subject/>", 422), ("<MRSession project='HIDDEN'/>", 409), ("<nonsense/>", 422)):
        assert clinic("PUT", E, data=body, headers=XML).status_code == status
    scanner = (
        '<MRSession><scanner manufacturer="M" model="X">S1</scanner><scans><scan ID="9" xsi:type="xnat:x"/></scans>'
    )
    told = f"{scanner}</MRSession>".replace(
        "<MRSession>", '<MRSession xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    )
    assert clinic("PUT", f"{LIST}/D", data=told, headers=XML).status_code == 422
    assert clinic("PUT", f"{LIST}/D", data=told.replace("xnat:x", "xnat:mrScanData"), headers=XML).status_code == 201
    shown = clinic("GET", f"{LIST}/D", params={"format": "xml"}).text
    assert '<xnat:scanner manufacturer="M" model="X">S1</xnat:scanner>' in shown
    assert '<xnat:scan ID="9"' in shown
    assert 'xsi:type="xnat:mrScanData"' in shown


def test_a_session_that_is_quarantined_says_so(clinic: Asker) -> None:
    assert clinic("PUT", "/data/projects/OPEN/quarantine_code/1").status_code == 200
    path = "/data/projects/OPEN/subjects/S/experiments/Q"
    assert clinic("PUT", path, params=MR).status_code == 201
    assert clinic("GET", f"{path}/status").text == "quarantine"
    assert clinic("PUT", "/data/projects/OPEN/quarantine_code/0").status_code == 200


STRANGERS = [
    ("GET", f"{HIDDEN}/E", {}, 404),
    ("GET", f"{SEEN}/E", {}, 404),
    ("GET", "/data/projects/HIDDEN/experiments", {}, 404),
    ("GET", "/data/projects/SEEN/experiments", {}, 403),
    ("GET", "/data/projects/OPEN/experiments", {}, 200),
    ("GET", f"{HIDDEN}/E/scans", {}, 500),
    ("GET", f"{SEEN}/E/scans", {}, 404),
    ("PUT", f"{HIDDEN}/N", MR, 404),
    ("PUT", f"{SEEN}/N", MR, 403),
    ("PUT", f"{HIDDEN}/E", {"note": "x"}, 404),
    ("PUT", f"{SEEN}/E", {"note": "x"}, 417),
    ("PUT", "/data/projects/OPEN/subjects/S/experiments/E", {"note": "x"}, 403),
    ("PUT", "/data/projects/OPEN/subjects/S/experiments/E", {"label": "x"}, 403),
    ("PUT", "/data/projects/OPEN/subjects/S/experiments/E/scans/1", {"note": "x"}, 403),
    ("PUT", "/data/projects/OPEN/subjects/S/experiments/E/assessors/A", {"note": "x"}, 403),
    ("PUT", "/data/projects/OPEN/subjects/S/experiments/E/reconstructions/R", {"type": "x"}, 403),
    ("DELETE", "/data/projects/OPEN/subjects/S/experiments/E", {}, 403),
    ("DELETE", "/data/projects/OPEN/subjects/S/experiments/E/scans/1", {}, 403),
    ("DELETE", "/data/projects/OPEN/subjects/S/experiments/E/reconstructions/R", {}, 403),
    ("DELETE", "/data/projects/OPEN/subjects/S/experiments/E/assessors/A", {}, 403),
]


@pytest.mark.parametrize(("method", "path", "params", "status"), STRANGERS)
def test_what_a_stranger_is_told(clinic: Asker, method: str, path: str, params: dict[str, str], status: int) -> None:
    assert clinic(method, path, params=params, as_user=("stranger", "pw-stranger")).status_code == status


def test_what_is_listed_is_what_may_be_read(clinic: Asker) -> None:
    answer = clinic("GET", "/data/experiments", params={"columns": "project"}, as_user=("stranger", "pw-stranger"))
    assert {row["project"] for row in answer.json()["ResultSet"]["Result"]} == {"OPEN"}


def test_workflows_of_ones_own(clinic: Asker) -> None:
    three = {"id": "P_E", "pipeline_name": "mine", "launch_time": "2024-01-01 10:00:00"}
    params = {
        f"wrk:workflowData/{name}": value for name, value in (three | {"data_type": "xnat:mrSessionData"}).items()
    }
    mine, other = ("collaborator", "pw-collaborator"), ("stranger", "pw-stranger")
    running = params | {"wrk:workflowData/status": "Running"}
    assert clinic("PUT", "/data/workflows", params=running, as_user=mine).status_code == 200
    shown = clinic("GET", "/data/workflows", params=params | {"format": "json"}, as_user=mine).json()
    number = shown["items"][0]["data_fields"]["wrk_workflowData_id"]
    assert clinic("PUT", "/data/workflows", params=running, as_user=other).status_code == 403
    assert clinic("GET", f"/data/workflows/{number}", as_user=other).status_code == 404
    assert clinic("PUT", f"/data/workflows/{number}", as_user=other).status_code == 403
    changed = {"wrk:workflowData/status": "Failed"}
    assert clinic("PUT", f"/data/workflows/{number}", params=changed, as_user=mine).status_code == 200
    assert clinic("PUT", "/data/workflows/99", params=changed).status_code == 404
    assert ">Failed<" in clinic("GET", f"/data/workflows/{number}", params={"format": "html"}).text
    by_key = clinic("GET", f"/data/services/workflows/workflowid/{number}")
    assert by_key.headers["Content-Type"].startswith("text/xml")
    service = "/data/services/workflows/mine"
    here = {"experiment": "P_E"}
    asked = [
        (here | {"status": "Failed"}, 200),
        (here | {"status": "Complete"}, 404),
        (here | {"project": "NONE"}, 200),
    ]
    asked += [({"experiment": "NONE"}, 404), ({"project": "P"}, 404)]
    assert [clinic("GET", service, params=one).status_code for one, _ in asked] == [status for _, status in asked]
    assert clinic("GET", "/data/workflows", params={"wrk:workflowData/id": "P_E"}).status_code == 404


def test_a_session_goes_to_another_project_with_its_folder(clinic: Asker) -> None:
    assert clinic.server.site
    site = clinic.server.site
    path = "/data/projects/SEEN/subjects/S/experiments/M"
    assert clinic("PUT", path, params=MR).status_code == 201
    assert clinic("PUT", f"{path}/resources/R/files/a", params={"inbody": "true"}, data="x").status_code == 200
    moved = experiments.by_label(site, "SEEN", "M")
    assert moved
    experiments.move(site, moved, "OPEN")
    assert clinic("GET", "/data/projects/OPEN/experiments/M/resources/R/files/a").text == "x"
    assert clinic("GET", "/data/projects/SEEN/experiments/M").status_code == 404


def test_a_subject_of_a_session_that_came_to_nothing_is_no_news(clinic: Asker) -> None:
    assert clinic.server.site
    told: list[str] = []
    clinic.server.site.bus.on(news.HAPPENED, lambda facts: told.append(facts["news"].thing.label), after=None)
    assert clinic("PUT", "/data/projects/P/subjects/NEWS/experiments/a.b", params=MR).status_code == 500
    assert told == []
    assert clinic("PUT", "/data/projects/P/subjects/NEWS/experiments/a_b", params=MR).status_code == 201
    assert told == ["NEWS", "a_b"]


def test_a_folder_in_the_way_of_a_new_label(clinic: Asker) -> None:
    assert clinic.server.site
    path = f"{LIST}/F1"
    assert clinic("PUT", path, params=MR).status_code == 201
    assert clinic("PUT", f"{path}/resources/R/files/a", params={"inbody": "true"}, data="x").status_code == 200
    found = experiments.by_label(clinic.server.site, "P", "F1")
    assert found
    other = places.of_experiment(clinic.server.site, found).with_name("F2")
    other.mkdir()
    (other / "left").write_text("x")
    assert clinic("PUT", path, params={"label": "F2"}).status_code == 409
    assert clinic("GET", f"{path}/resources/R/files/a").text == "x"


def test_an_account_that_is_not_signed_in_is_told_nothing(clinic: Asker) -> None:
    assert clinic("GET", E, as_user=None).status_code == 401
    assert clinic("GET", E, as_user=ADMIN).status_code == 200
