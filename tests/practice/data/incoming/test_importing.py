"""Images uploaded: what is taken, what is refused and with which words, and what never gets anywhere."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from bootstrap.practice.data import unpacking
from tests.practice.data.incoming.conftest import IMPORT, Station

DICOM = {"Content-Type": "application/dicom"}


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def outside(station: Station) -> set[Path]:
    """What lies beside the archive's and the prearchive's folders, and beside the state folder."""
    root, data = station.site.folder.root, station.site.folder.data
    own = {data / "archive", data / "prearchive"}  # made when the first images come, whichever test sends them
    return {*root.iterdir(), *root.parent.iterdir(), *data.iterdir()} - own


def test_one_file_goes_by_other_names(station: Station) -> None:
    project = station.project()
    image = station.images.instance("G", 1, 1)
    params = {"PROJECT_ID": project, "SUBJECT_ID": "S", "EXPT_LABEL": "E", "inbody": "true"}
    answer = station("POST", IMPORT, params=params, data=image, headers=DICOM)
    assert answer.text.strip().endswith("/E")
    ignored = {"project": project, "subject": "S", "session": "E2", "inbody": "true"}
    answer = station("POST", IMPORT, params=ignored, data=image, headers=DICOM)
    assert "/Unassigned/" in answer.text
    assert station("DELETE", answer.text.strip()).status_code == 200
    (row,) = station.rows(project)
    assert (row["name"], row["subject"]) == ("E", "S")


def test_an_instance_sent_twice_is_one_and_another_of_that_name_is_not_lost(station: Station) -> None:
    project = station.project()
    first, second = station.images.instance("T", 1, 1), station.images.instance("T", 1, 2)
    body = zipped({"a/x.dcm": first, "b/x.dcm": second, "c/x.dcm": first})
    assert station.send(body, project=project, subject="S", session="E", dest="/archive")[0] == 200
    names = station.names(f"/data/projects/{project}/subjects/S/experiments/E/scans/1")
    assert len(names) == 2
    assert "x.dcm" in names


def test_series_of_one_number_are_kept_apart(station: Station) -> None:
    project = station.project()
    other = station.images.instance("T", 1, 1, SeriesInstanceUID="1.2.3", SOPInstanceUID="1.2.3.4")
    body = zipped({"a.dcm": station.images.instance("T", 1, 1), "b.dcm": other})
    assert station.send(body, project=project, subject="S", session="E", dest="/archive")[0] == 200
    answer = station("GET", f"/data/projects/{project}/subjects/S/experiments/E/scans", params={"sortBy": "ID"})
    assert [row["ID"] for row in answer.json()["ResultSet"]["Result"]] == ["1", "1-MR1"]


REFUSED = [
    ({"a.dcm": b""}, 400, "unable to read DICOM object a.dcm"),
    ({"a.dcm": b"\0" * 128 + b"DICM"}, 400, "unable to read DICOM object a.dcm"),
    ({"deep/a.txt": b"text"}, 400, "unable to read DICOM object a.txt"),
    ({"../a.txt": b"text", "c/../../d": b"text"}, 200, ""),
    ({"a.zip": b"no zip", "b.tar": b"no tar"}, 200, ""),
]


@pytest.mark.parametrize(("entries", "status", "said"), REFUSED)
def test_what_is_no_image(station: Station, entries: dict[str, bytes], status: int, said: str) -> None:
    project, before = station.project(), outside(station)
    got, text = station.send(zipped(entries), project=project)
    assert (got, said in text) == (status, True)
    assert station.rows(project) == []
    assert outside(station) == before


def test_an_image_that_is_cut_short_is_refused_and_ignored_if_so_asked(station: Station) -> None:
    project, whole = station.project(), station.images.instance("T", 1, 1)
    body = zipped({"a.dcm": whole, "cut.dcm": station.images.instance("T", 1, 2)[:-10]})
    assert station.send(body, project=project, session="E")[0] == 400
    status, uri = station.send(body, project=project, session="E", Ignore_Unparsable="true")
    assert status == 200
    assert station("POST", uri, params={"action": "build"}).status_code == 200
    assert station.names(f"{uri}/scans/1/resources/DICOM") == ["a.dcm"]


def test_names_that_lead_out_lead_nowhere(station: Station) -> None:
    """The entries are left out, those beside them are taken."""
    project, before = station.project(), outside(station)
    images = [station.images.instance("T", 1, number) for number in (1, 2, 3)]
    body = zipped({"../../../../evil.dcm": images[0], "ok.dcm": images[1], "/abs.dcm": images[2]})
    status, uri = station.send(body, project=project, session="E", subject="../../S")
    assert status == 200
    assert station("POST", uri, params={"action": "build"}).status_code == 200
    assert station.names(f"{uri}/scans/1/resources/DICOM") == ["abs.dcm", "ok.dcm"]
    assert outside(station) == before


@pytest.mark.parametrize("label", ["../../../x", "..", "/", "a\\b", "x" * 400, "\u00e9"])
def test_a_label_of_any_kind_stays_inside(station: Station, label: str) -> None:
    project, before = station.project(), outside(station)
    body = zipped({"a.dcm": station.images.instance("T", 1, 1)})
    status, _ = station.send(body, project=project, session=label, subject=label)
    assert status in (200, 400)
    station.send(body, project=project, session=label, subject=label, dest="/archive")
    assert outside(station) == before


def test_links_and_devices_in_a_tar_are_no_files(station: Station, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as bundle:
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, str(tmp_path)
            bundle.addfile(entry)
    files = {"file": ("a.tar", stream.getvalue())}
    answer = station("POST", IMPORT, params={"import-handler": "DICOM-zip"}, files=files)
    assert (answer.status_code, answer.text) == (200, "")


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_ALWAYS_ALLOWED", 100_000)
    monkeypatch.setattr(unpacking, "_LARGEST_RATIO", 2)
    monkeypatch.setattr(unpacking, "_MOST_ENTRIES", 20)


@pytest.mark.usefixtures("small_limits")
def test_bombs_do_not_go_off(station: Station) -> None:
    zeros = b"\0" * 200_000
    bombs = {
        "plain": zipped({"a.dcm": zeros}),
        "nested": zipped({"a.zip": zipped({"b.zip": zipped({"c.dcm": zeros})})}),
        "many": zipped({f"{number}.dcm": b"" for number in range(40)}),
    }
    project = station.project()
    for name, bomb in bombs.items():
        status, text = station.send(bomb, project=project, Ignore_Unparsable="true")
        assert (name, status, "The archive is refused" in text) == (name, 400, True)
    assert station.rows(project) == []
    assert list(station.site.folder.spool.glob("upload-*/*")) == []


def test_archives_are_opened_to_a_depth_only(station: Station) -> None:
    body = zipped({"a.dcm": station.images.instance("T", 1, 1)})
    project = station.project()
    for _ in range(3):
        body = zipped({"inner.zip": body})
    assert station.send(body, project=project)[1]
    assert station.send(zipped({"inner.zip": body}), project=project)[0] == 400


NOT_TAKEN = [
    ({"import-handler": "SI"}, 500, "adding the session to the prearchive"),
    ({"import-handler": "inbox"}, 501, "inbox imports"),
    ({"import-handler": "DICOM-zip", "src": "/user/cache/resources/X/files/F"}, 404, "Unknown src file"),
    ({"import-handler": "DICOM-zip", "src": "/user/cache/resources/../files/F"}, 404, "Unknown src file"),
    ({"import-handler": "gradual-DICOM", "src": "/user/cache/resources/X/files/F"}, 501, "from the user's cache"),
    ({"import-handler": "x", "format": "html"}, 200, "Unknown importer"),
]


@pytest.mark.parametrize(("params", "status", "said"), NOT_TAKEN)
def test_other_ways_in(station: Station, params: dict[str, str], status: int, said: str) -> None:
    answer = station("POST", IMPORT, params=params, data=b"x", headers={"Content-Type": "application/zip"})
    assert (answer.status_code, said in answer.text) == (status, True)


def test_the_older_importer_adds_to_nothing_that_waits_and_takes_no_failing_script(station: Station) -> None:
    project = station.project()
    body = zipped({"a.dcm": station.images.instance("A", 1, 1)})
    for _ in range(2):
        assert station.send(body, project=project, subject="S", import_handler="SI")[0] == 200
    assert [row["status"] for row in station.rows(project)] == ["READY", "READY"]
    with station.site_script('version "6.1"\nthis is (no script\n'):
        assert station.send(body, project=project, import_handler="SI")[0] == 500
    stranger = station.make_user("older")
    assert station.send(body, as_user=stranger, project=project, import_handler="SI")[0] == 500
    assert len(station.rows(project)) == 2


def test_an_import_that_fails_after_its_answer_says_so(station: Station) -> None:
    source = "/user/cache/resources/BAD/files/bad.zip"
    body = zipped({"a.dcm": b"no image"})
    assert station("PUT", f"/data{source}", params={"inbody": "true"}, data=body).status_code == 200
    params = {"import-handler": "DICOM-zip", "project": station.project(), "src": source, "http-session-listener": "L"}
    assert station("POST", IMPORT, params=params).text == "Submitted for prearchival"
    station.settle()
    (said,) = station("GET", "/data/status/L").json()["msgs"]
    assert [(one["status"], one["terminal"]) for one in said] == [("PROCESSING", False), ("FAILED", True)]
    stranger = station.make_user("curious")
    assert station("GET", "/data/status/L", as_user=stranger).json() == {"msgs": [[]]}
    assert station("DELETE", "/data/user/cache/resources/BAD").status_code == 200
    assert station("GET", f"/data{source}").status_code == 404


def test_who_may_only_read_may_send_and_no_more(station: Station) -> None:
    project = station.project()
    user = station.make_user("collaborator")
    assert station("PUT", f"/data/projects/{project}/users/Collaborators/collaborator").status_code == 200
    body = zipped({"a.dcm": station.images.instance("T", 1, 1)})
    status, uri = station.send(body, user, project=project, subject="S", session="E")
    assert (status, f"/{project}/" in uri) == (200, True)
    assert station("POST", uri, params={"action": "build"}, as_user=user).status_code == 403
    assert station("DELETE", uri, as_user=user).status_code == 403
    assert station("POST", "/data/services/archive", params={"src": uri}, as_user=user).status_code == 403
    assert station.send(body, user, project=project, subject="S", session="E", dest="/archive")[0] == 400
    assert station.send(body, station.make_user("other"), project=project)[1].startswith(
        "/data/prearchive/projects/Unassigned/"
    )


def test_without_anonymisation_nothing_is_changed(station: Station) -> None:
    project = station.project()
    station.project_script(project, 'version "6.1"\n-(0010,0010)\n')
    image = station.images.instance("T", 1, 1)
    body = zipped({"a.dcm": image})
    more = {"project": project, "subject": "S", "session": "E", "prevent_anon": "true", "dest": "/archive"}
    answer = station("POST", IMPORT, params=more, data=body, headers={"Content-Type": "application/zip"})
    assert answer.status_code == 200
    got = station("GET", f"{answer.text.strip()}/scans/1/resources/DICOM/files/a.dcm")
    assert got.content == image
