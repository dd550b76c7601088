"""From the prearchive into the archive: scripts that fail, conflicts, leftovers, several at once, states."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.data import archive, experiments, news, places
from bootstrap.practice.data.incoming import archiving, building, prearchive
from bootstrap.practice.data.incoming.archiving import Wanted
from tests.practice.data.incoming.conftest import Station
from tests.practice.data.incoming.test_importing import zipped

ARCHIVE = "/data/services/archive"


def sent(station: Station, project: str, session: str = "E", series: int = 1) -> str:
    """The address of what was received."""
    image = station.images.instance("T", series, 1)
    status, text = station.send(zipped({f"{series}.dcm": image}), project=project, subject="S", session=session)
    assert status == 200, text
    return text


def built(station: Station, project: str, session: str = "E", series: int = 1) -> str:
    uri = sent(station, project, session, series)
    assert station("POST", uri, params={"action": "build"}).status_code == 200
    return uri


def archived(station: Station, uri: str, **params: str) -> tuple[int, str]:
    answer = station("POST", ARCHIVE, params={"src": uri} | params)
    return answer.status_code, answer.text


def status_of(station: Station, uri: str) -> str:
    rows = station("GET", uri, params={"format": "json"}).json()["ResultSet"]["Result"]
    return str(rows[0]["status"]) if rows else "gone"


def test_a_script_that_fails_keeps_the_files(station: Station) -> None:
    """A real XNAT loses them; that is not copied."""
    project = station.project()
    station.project_script(project, 'version "6.1"\nx := nonsense[(0010,0010)]\n(0010,0010) := x\n')
    uri = built(station, project)
    status, text = archived(station, uri)
    assert (status, "FAILED: Unable to archive E" in text) == (500, True)
    assert status_of(station, uri) == "ERROR"
    assert "failed" in station("GET", f"{uri}/logs/last").text.lower()
    station.project_script(project, 'version "6.1"\n(0010,0010) := "X"\n')
    assert station("POST", uri, params={"action": "reset-status"}).status_code == 200
    assert archived(station, uri)[0] == 200
    assert station.names(f"/data/projects/{project}/subjects/S/experiments/E/scans/1") == ["1.dcm"]


def test_merging_tells_the_news_once(station: Station) -> None:
    told: list[tuple[str, str, str]] = []
    project = station.project()

    def listen(facts: dict[str, Any]) -> None:
        one = facts["news"]
        if one.project == project:
            told.append((one.how, one.thing.type.removeprefix("xnat:"), one.thing.label))

    station.site.bus.on(news.HAPPENED, listen, after=None)
    assert archived(station, built(station, project))[0] == 200
    assert archived(station, built(station, project, series=2))[0] == 200
    assert told == [
        ("CREATED", "subjectData", "S"),
        ("CREATED", "mrSessionData", "E"),
        ("CREATED", "mrScanData", "1"),
        ("MERGED", "mrSessionData", "E"),
        ("CREATED", "mrScanData", "2"),
    ]


def test_another_modality_is_not_merged(station: Station) -> None:
    project = station.project()
    assert archived(station, built(station, project))[0] == 200
    image = station.images.instance("T", 5, 1, modality="CT")
    _, uri = station.send(zipped({"ct.dcm": image}), project=project, subject="S", session="E", dest="/prearchive")
    reasons = station("POST", "/data/services/validate-archive", params={"src": uri, "format": "json"})
    found = {row["code"]: row["type"] for row in reasons.json()["ResultSet"]["Result"]}
    assert found == {"1": "CONFLICT", "19": "FAIL"}
    assert archived(station, uri, overwrite="delete")[0] == 500
    assert status_of(station, uri) == "CONFLICT"


def test_another_subject_is_not_merged_whatever_its_case(station: Station) -> None:
    project = station.project()
    assert archived(station, built(station, project))[0] == 200
    assert archived(station, built(station, project, series=2), subject="s")[0] == 200
    assert archived(station, built(station, project, series=3), subject="ELSE")[0] == 500
    labels = [
        row["label"] for row in station("GET", f"/data/projects/{project}/subjects").json()["ResultSet"]["Result"]
    ]
    assert sorted(labels) == ["ELSE", "S"]


def test_files_of_a_session_that_was_deleted_without_them_are_in_the_way(station: Station) -> None:
    project = station.project()
    assert archived(station, built(station, project))[0] == 200
    assert station("DELETE", f"/data/projects/{project}/subjects/S/experiments/E").status_code == 200
    uri = built(station, project)
    assert archived(station, uri)[0] == 500
    assert status_of(station, uri) == "CONFLICT"
    assert archived(station, uri, overwrite="append")[0] == 200


def test_the_project_of_code_5_replaces_files(station: Station) -> None:
    project = station.project(5)
    with station.quick_clock():
        for _ in range(2):
            uri = sent(station, project)
            station.until(lambda uri=uri: status_of(station, uri) == "gone")  # type: ignore[misc]
    assert station.rows(project) == []


def test_the_project_of_code_4_replaces_none(station: Station) -> None:
    project = station.project(4)
    with station.quick_clock():
        uri = sent(station, project)
        station.until(lambda: status_of(station, uri) == "gone")
        again = sent(station, project)
        station.until(lambda: status_of(station, again) == "CONFLICT")
    assert station("POST", again, params={"action": "commit"}).status_code == 500


def test_several_go_on_in_the_background(station: Station) -> None:
    project = station.project()
    uris = [built(station, project, f"E{number}") for number in range(3)]
    answer = station("POST", ARCHIVE, params={"src": uris})
    assert answer.headers["Content-Type"].startswith("text/xml")
    station.settle()
    assert station.rows(project) == []


ADDRESSES = [
    (
        "/data/services/prearchive/rebuild",
        "/prearchive/projects/{}/20200101_000000000/X",
        500,
        "No prearchive resource",
    ),
    ("/data/services/prearchive/delete", "/prearchive/projects/{}/20200101_000000000/X", 404, "No prearchive resource"),
    (ARCHIVE, "/archive/projects/{}", 400, ""),
    ("/data/services/validate-archive", "/prearchive/projects/{}/20200101_000000000/X", 404, ""),
]


@pytest.mark.parametrize(("service", "source", "status", "said"), ADDRESSES)
def test_addresses_of_nothing(station: Station, service: str, source: str, status: int, said: str) -> None:
    answer = station("POST", service, params={"src": source.format(station.project())})
    assert (answer.status_code, said in answer.text) == (status, True)


def test_a_form_says_it_too_with_a_session(station: Station) -> None:
    """Signed in with each request, its body is lost."""
    project = station.project()
    uri = built(station, project)
    assert station("POST", ARCHIVE, data={"src": uri}).status_code == 404
    token = station("POST", "/data/JSESSION").text
    cookie = {"Cookie": f"JSESSIONID={token}"}
    answer = station("POST", ARCHIVE, data={"src": uri, "redirect": "true"}, headers=cookie, as_user=None)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/data/archive/projects/{project}/subjects/S/experiments/E")


def test_what_somebody_is_busy_with_waits(station: Station) -> None:
    project = station.project()
    uri = built(station, project)
    (waiting,) = prearchive.in_project(station.site, project)
    with prearchive.held(station.site, waiting, prearchive.MOVING):
        assert archived(station, uri)[0] == 403
        assert station("POST", uri, params={"action": "build"}).status_code == 409
        assert station("DELETE", uri).status_code == 409
        other = sent(station, project)
        assert other != uri
    prearchive.delete(station.site, waiting)
    with pytest.raises(prearchive.Gone):
        building.build(station.site, waiting)


def test_a_session_without_files_is_no_session(station: Station) -> None:
    project = station.project()
    with station.site_script('version "6.1"\nreject[]\n'):
        assert station.send(zipped({"a.dcm": station.images.instance("T", 1, 1)}), project=project) == (200, "")
    (row,) = station.rows(project)
    assert station("POST", f"/data{row['url']}", params={"action": "build"}).status_code == 500
    assert status_of(station, f"/data{row['url']}") == "ERROR"


MOVES = [("", 400), ("NONE", 301), ("Unassigned", 301)]


@pytest.mark.parametrize(("target", "status"), MOVES)
def test_moving_elsewhere(station: Station, target: str, status: int) -> None:
    project = station.project()
    uri = built(station, project)
    answer = station("POST", uri, params={"action": "move", "newProject": target})
    assert answer.status_code == status
    reached = answer.text if status == 301 else uri
    assert status_of(station, reached) == "READY"
    assert station("DELETE", reached).status_code == 200


@pytest.mark.parametrize(("status", "answered"), [("READY", 200), ("nonsense", 400), ("ARCHIVING", 200)])
def test_a_status_that_is_set(station: Station, status: str, answered: int) -> None:
    """Nobody gets a session into a state that nothing would end."""
    uri = built(station, station.project())
    answer = station("POST", uri, params={"action": "set-status", "status": status})
    assert answer.status_code == answered
    assert status_of(station, uri) == "READY"


def test_what_comes_to_nothing_leaves_nothing_in_the_archive(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    project = station.project()
    built(station, project)
    (waiting,) = prearchive.in_project(station.site, project)

    def fails(*_facts: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prearchive, "forget", fails)
    with pytest.raises(archiving.NotArchived, match="No space left"):
        archiving.archive_session(station.site, "admin", waiting, Wanted())
    monkeypatch.undo()
    assert experiments.by_label(station.site, project, "E") is None
    folder = places.of_project(station.site, project)
    assert [file for file in folder.rglob("*") if file.is_file()] == []
    after = prearchive.by_number(station.site, waiting.number)
    assert after
    assert after.status == prearchive.ERROR
    archiving.archive_session(station.site, "admin", after, Wanted())
    assert archive.find(station.site, f"/archive/projects/{project}/subjects/S/experiments/E/scans/1") is not None
