"""Archive processors and custom forms beyond what the recordings show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.conftest import Asker

CREATE = "/xapi/processors/site/create"
REMAPPING = "org.nrg.xnat.processors.StudyRemappingArchiveProcessor"
SAVE = "/xapi/customforms/save"
TYPE = {"value": "xnat:subjectData"}


def form(title: object = "T", **data: Any) -> dict[str, Any]:
    first = {"xnatDatatype": TYPE, "isThisASiteWideConfiguration": "yes"}
    return {"submission": {"data": first | data}, "builder": {"title": title, "components": []}}


def test_a_receiver_with_custom_processing_remaps_where_a_processor_is_for_it(ask: Asker) -> None:
    path = "/xapi/processors/site/canRemap/receiver/XNAT:8104"
    assert ask("GET", path).json() is False
    assert ask("PUT", "/xapi/dicomscp/1", json={"customProcessing": True}).status_code == 200
    assert ask("GET", path).json() is True
    change = {"processorClass": REMAPPING, "scpBlacklist": ["XNAT:8104"], "label": " ", "parameters": {}}
    assert ask("PUT", "/xapi/processors/site/id/2", json=change).json()["label"] == "Remapping"
    assert ask("GET", path).json() is False
    assert len(ask("GET", "/xapi/processors/site/enabled/receiver/XNAT:8104").json()) == 1
    refused = {"processorClass": REMAPPING, "location": "AfterDicomRead", "projectIdsList": ["P"]}
    assert ask("POST", CREATE, json=refused).status_code == 400
    assert ask("POST", CREATE, json={"processorClass": REMAPPING}).json()["priority"] == 0
    assert len(ask("GET", "/xapi/processors/site/list").json()) == 2  # one that names no scope is in no list


@pytest.mark.parametrize(
    "refused",
    [
        *(form(title) for title in ("", None, 7, "<b>")),
        *({}, [], {"submission": {"data": {}}, "builder": {"title": "T"}}),
        *(form(xnatDatatype=None), form(isThisASiteWideConfiguration="no"), form(zIndex="x")),
    ],
)
def test_forms_that_are_refused(forms_site: Asker, refused: object) -> None:
    assert forms_site("PUT", SAVE, json=refused).status_code in (400, 500)
    assert forms_site("GET", "/xapi/customforms").json() == []


@pytest.fixture(scope="module")
def forms_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    with PracticeServer(tmp_path_factory.mktemp("forms") / "state", clock=FAST) as server:
        yield Asker(server)


def test_a_form_of_several_projects(ask: Asker) -> None:
    several = [{"value": "P"}, {"value": "Q"}]
    saved = ask("PUT", SAVE, json=form(isThisASiteWideConfiguration="no", xnatProject=several))
    assert saved.status_code == 201
    (shown,) = ask("GET", "/xapi/customforms", params={"projectId": "Q"}).json()
    assert (shown["scope"], shown["doProjectsShareForm"], len(shown["appliesToList"])) == ("Project", True, 2)
    assert ask("GET", "/xapi/customforms", params={"projectId": "R"}).json() == []
    element = {"xsiType": "xnat:subjectData", "appendPrevNextButtons": "false", "projectId": "Q"}
    assert len(ask("GET", "/xapi/customforms/element", params=element).json()["components"]) == 1
    of_q = [one for one in shown["appliesToList"] if one["entityId"] == "Q"]
    assert ask("POST", "/xapi/customforms/disable", json=of_q).status_code == 200
    assert ask("GET", "/xapi/customforms/element", params=element).json() == {}
    assert ask("DELETE", "/xapi/customforms", json=of_q).text == "Form Q: deleted"
    assert ask("DELETE", "/xapi/customforms", json=of_q).status_code == 400
    assert ask("POST", "/xapi/customforms/enable", json=of_q).status_code == 500
    assert ask("GET", "/xapi/customforms/hasdata/x").status_code == 500
    assert ask("GET", "/xapi/customforms/element").status_code == 500
