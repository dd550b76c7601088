"""The importer SI, and imports of files that were put aside, beyond what the recordings show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.practice.data.incoming.conftest import IMPORT, ZIP, Station

SI = {"import-handler": "SI"}


def zipped(station: Station, study: str = "A") -> bytes:
    made: bytes = station.images.zipped({"1.dcm": station.images.instance(study, 1, 1), "notes.txt": b"no image"})
    return made


def posted(station: Station, body: bytes | None = None, **params: str) -> Any:
    named = {name.replace("_", "-") if name == "http_session_listener" else name: one for name, one in params.items()}
    return station("POST", IMPORT, params=SI | named, data=body, headers=ZIP)


def test_a_refused_try_leaves_a_row_and_says_why(station: Station) -> None:
    project = station.project()
    where = {"project": project, "subject": "S", "session": "E"}
    assert posted(station, zipped(station), **where, dest="/archive").status_code == 200
    again = posted(station, zipped(station), **where, dest="/archive", http_session_listener="again")
    assert (again.status_code, "retry with overwrite enabled" in again.text) == (409, True)
    assert [(row["status"], row["name"]) for row in station.rows(project)] == [("CONFLICT", "E")]
    ends = station("GET", "/data/status/again").json()["msgs"][0]
    assert [(one["status"], one["terminal"]) for one in ends] == [("PROCESSING", False), ("FAILED", True)]


@pytest.mark.parametrize("script", ['version "6.1"\nthis is (no script\n', 'version "6.1"\nreject[]\n'])
def test_what_the_site_script_keeps_out_is_an_error(station: Station, script: str) -> None:
    project = station.project()
    with station.site_script(script):
        assert posted(station, zipped(station), project=project).status_code == 500
    assert [row["status"] for row in station.rows(project)] == ["ERROR"]


def test_who_may_not_write_does_not_archive(station: Station) -> None:
    project, someone = station.project(), station.make_user("si-reader")
    assert station("PUT", f"/xapi/users/si-reader/groups/{project}_collaborator").status_code == 200
    params = SI | {"project": project, "dest": "/archive"}
    answer = station("POST", IMPORT, params=params, data=zipped(station), headers=ZIP, as_user=someone)
    assert answer.status_code == 403


def test_a_file_that_was_put_aside_is_somebodys_own_and_stays(station: Station) -> None:
    project, src = station.project(), "/user/cache/resources/SI/files/a.zip"
    assert station("PUT", f"/data{src}", params={"inbody": "true"}, data=zipped(station)).status_code == 200
    for _ in range(2):
        assert posted(station, project=project, subject="S", src=f"/data{src}").status_code == 200
    other = station.make_user("si-other")
    answer = station("POST", IMPORT, params=SI | {"project": project, "src": src}, as_user=other)
    assert answer.status_code == 404
    assert station("DELETE", "/data/user/cache/resources/SI").status_code == 200
    assert station("DELETE", "/data/user/cache/resources/SI").status_code == 404
    assert station("PUT", "/data/user/cache/resources/SI/more").status_code in (400, 404)
