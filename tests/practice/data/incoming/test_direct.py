"""Images that go straight into the archive: asked for by an upload, or by a receiver."""

from __future__ import annotations

import pytest

from bootstrap.practice.data.incoming import prearchive
from tests.practice.data.incoming.conftest import Station
from tests.practice.data.incoming.test_association import SUCCESS, associated, configure, image


def one_image(station: Station, project: str, study: str = "D", **more: str) -> str:
    """What is answered to an upload of it."""
    body = station.images.zipped({"a.dcm": station.images.instance(study, 1, 1)})
    terms = {"project": project, "subject": "S", "session": "E", "Direct_Archive": "true"}
    status, uri = station.send(body, ("admin", "admin"), **{**terms, **more})
    assert status == 200
    return uri


def session(project: str) -> str:
    return f"/data/projects/{project}/subjects/S/experiments/E"


def test_an_upload_is_archived_when_the_clock_comes_round(station: Station) -> None:
    project = station.project()
    uri = one_image(station, project)
    assert uri == f"/xapi/direct-archive/{project}/{station.images.uid('D')}/E"
    assert one_image(station, project) == uri  # more of it
    assert station.rows(project) == []
    found = station("GET", uri).json()
    assert (found["name"], found["status"]) == ("E", "RECEIVING")
    assert found["id"] in [one["id"] for one in station("POST", "/xapi/direct-archive", json={"size": 500}).json()]
    with station.quick_clock():
        station.until(lambda: station("GET", uri).status_code == 404)
    assert station.names(f"{session(project)}/scans/1") == ["a.dcm"]


def test_a_receiver_may_send_straight_on(station: Station) -> None:
    project = station.project()
    configure(station, directArchive=True)
    try:
        with associated(station) as found:
            assert found.send_c_store(image(station, 1, f"Project:{project} Subject:S Session:E")).Status == SUCCESS
    finally:
        configure(station, directArchive=False)
    assert station.rows(project) == []
    uri = f"/xapi/direct-archive/{project}/{station.images.uid('A')}/E"
    assert station("POST", uri).status_code == 200  # now
    assert len(station.names(f"{session(project)}/scans/1")) == 1


def test_what_is_there_already_or_has_no_project_goes_into_the_prearchive(station: Station) -> None:
    project = station.project()
    assert station("POST", one_image(station, project)).status_code == 200
    assert one_image(station, project).startswith(f"/data/prearchive/projects/{project}/")
    assert one_image(station, "NONE", "F").startswith("/data/prearchive/projects/Unassigned/")


def test_what_cannot_be_archived_is_found_in_the_prearchive(station: Station) -> None:
    project = station.project()
    uri = one_image(station, project)
    station.project_script(project, 'version "6.1"\nthis is no script')
    assert station("POST", uri).status_code == 500
    assert station("GET", uri).status_code == 404
    (row,) = station.rows(project)
    assert row["status"] == "ERROR"
    assert "Attempt to direct-archive failed" in station("GET", f"/data{row['url']}/logs/last").text


@pytest.mark.parametrize("status", [prearchive.BUILDING, prearchive.READY, prearchive.ARCHIVING])
def test_a_killed_server_takes_it_up_again(station: Station, status: str) -> None:
    project = station.project()
    found = prearchive.going_straight(station.site, project, station.images.uid("D"), "E")
    assert found is None
    uri = one_image(station, project)
    found = prearchive.going_straight(station.site, project, station.images.uid("D"), "E")
    assert found
    prearchive.change(station.site, found, status=status)
    station.server.restart()
    assert station("GET", uri).json()["status"] == "RECEIVING"


def test_who_may_do_what(station: Station) -> None:
    project = station.project()
    uri, stranger = one_image(station, project), station.make_user("stranger7")
    number = station("GET", uri).json()["id"]
    assert station("GET", uri, as_user=stranger).status_code == 404
    assert station("POST", "/xapi/direct-archive", json={}, as_user=stranger).json() == []
    assert station("POST", uri, as_user=stranger).status_code == 403
    one = f"/xapi/direct-archive/{number}"
    assert station("DELETE", one, as_user=stranger).status_code == 403
    assert station("DELETE", one).status_code == 200
    assert [station("DELETE", one).status_code, station("POST", uri).status_code] == [404, 404]
    assert station("POST", "/xapi/direct-archive", json={"filters": {"project": {}}}).status_code == 501
