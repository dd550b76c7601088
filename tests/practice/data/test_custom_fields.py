"""Custom fields beyond what the recording shows."""

from __future__ import annotations

import pytest

from tests.practice.conftest import Asker

FRONT = "/xapi/custom-fields"
SUBJECT = "projects/P/subjects/S"
PLACES = ["projects/P", SUBJECT, f"{SUBJECT}/experiments/E", f"{SUBJECT}/experiments/E/scans/1", "experiments/E1"]


@pytest.fixture
def filled(ask: Asker) -> Asker:
    for path, params in (
        (f"/data/{SUBJECT}", None),
        (f"/data/{SUBJECT}/experiments/E", {"xsiType": "xnat:mrSessionData", "ID": "E1"}),
        ("/data/experiments/E1/scans/1", {"xsiType": "xnat:mrScanData"}),
    ):
        assert ask("PUT", "/data/projects/P").status_code == 200
        assert ask("PUT", path, params=params).status_code in (200, 201)
    return ask


def test_each_thing_has_its_own_and_a_session_is_one_by_both_paths(filled: Asker) -> None:
    for place in PLACES:
        sent = filled("PUT", f"{FRONT}/{place}/fields", json={place: None, "n": [1.5, "ü"]})
        assert sent.json()[place] is None
    for place in PLACES:
        assert place in filled("GET", f"{FRONT}/{place}/fields").json()
    assert len(filled("GET", f"{FRONT}/experiments/E1/fields").json()) == 3
    assert filled("GET", f"{FRONT}/projects/P/fields/n").content == '[1.5,"ü"]'.encode("latin-1")


def test_what_is_made_anew_has_none(filled: Asker) -> None:
    fields = f"{FRONT}/{SUBJECT}/fields"
    filled("PUT", fields, json={"a": 1})
    assert filled("DELETE", f"/data/{SUBJECT}").status_code == 200
    assert filled("GET", fields).status_code == 404
    assert filled("PUT", f"/data/{SUBJECT}").status_code == 201
    assert filled("GET", fields).json() == {}


def test_who_sees_only_some_is_not_told_what_is_missing(filled: Asker) -> None:
    someone = filled.make_user("someone")
    for path in ("projects/NONE", "subjects/NONE", "projects/P"):
        assert filled("GET", f"{FRONT}/{path}/fields", as_user=someone).status_code == 403
