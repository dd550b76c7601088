"""A server that was killed: after its restart nothing that was received is lost, and nothing is stuck."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bootstrap.practice.data import experiments, files, owners, places, resources, scans
from bootstrap.practice.data.incoming import archiving, prearchive, receiving, strangers
from bootstrap.practice.data.incoming.archiving import Wanted
from bootstrap.practice.http.call import Caller
from bootstrap.practice.server import FAST, PracticeServer
from tests.practice.data.incoming.conftest import Station
from tests.practice.data.incoming.test_archiving import built, sent


class Killed(BaseException):
    """Nothing that is written to be done at the end is done."""


@pytest.fixture
def mortal(tmp_path: Path, images: ModuleType) -> Iterator[Station]:
    with PracticeServer(tmp_path / "state", clock=FAST) as server:
        made = Station(server, images)
        made.set(sessionXmlRebuilderInterval=1000)
        yield made


def test_an_upload_that_was_cut_leaves_what_it_had_brought(mortal: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    project = mortal.project()
    taken = receiving.Receiver.take

    def killed_at_the_third(self: receiving.Receiver, source: Path, name: str) -> None:
        if name == "3.dcm":
            raise Killed
        taken(self, source, name)

    monkeypatch.setattr(receiving.Receiver, "take", killed_at_the_third)
    entries = {f"{number}.dcm": mortal.images.instance("T", 1, number) for number in (1, 2, 3)}
    terms = receiving.Terms({"project": project, "session": "E"})
    receiver = receiving.Receiver(mortal.site, Caller("admin", is_admin=True), terms)

    def take_all() -> None:
        for name, content in entries.items():
            place = mortal.site.folder.spool / name
            place.write_bytes(content)
            receiver.take(place, name)

    with pytest.raises(Killed):
        take_all()
    mortal.server.restart()
    monkeypatch.undo()
    with mortal.quick_clock():
        mortal.until(lambda: [row["status"] for row in mortal.rows(project)] == ["READY"])
    (row,) = mortal.rows(project)
    assert mortal.names(f"/data{row['url']}/scans/1/resources/DICOM") == ["1.dcm", "2.dcm"]


@pytest.mark.parametrize("code", [0, 4])
def test_archiving_that_was_cut_is_undone_and_done_again(
    mortal: Station, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Killed after the files have been moved and before the site knows of them."""
    project = mortal.project(code)
    uri = built(mortal, project)
    _die_while_archiving(mortal, project, monkeypatch)
    (lost,) = [one for one in places.of_project(mortal.site, project).rglob("*.dcm")]
    mortal.server.restart()
    assert not lost.exists()
    (row,) = mortal.rows(project)
    assert row["status"] == ("RECEIVING" if code else "READY")
    if code:
        with mortal.quick_clock():
            mortal.until(lambda: not mortal.rows(project))
    else:
        assert mortal("POST", "/data/services/archive", params={"src": uri}).status_code == 200
    assert mortal.names(f"/data/projects/{project}/subjects/S/experiments/E/scans/1") == ["1.dcm"]


def test_what_was_in_the_archive_before_stays(mortal: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    project = mortal.project()
    assert mortal("POST", "/data/services/archive", params={"src": built(mortal, project)}).status_code == 200
    built(mortal, project, series=2)
    _die_while_archiving(mortal, project, monkeypatch)
    mortal.server.restart()
    session = experiments.by_label(mortal.site, project, "E")
    assert session
    (scan,) = scans.of_session(mortal.site, session.id)
    (resource,) = resources.of(mortal.site, owners.of(scan))
    assert [file.place.is_file() for file in files.of(mortal.site, resource)] == [True]
    assert [row["status"] for row in mortal.rows(project)] == ["READY"]


@pytest.mark.parametrize("status", sorted(prearchive.BUSY))
def test_no_state_outlives_its_server(mortal: Station, status: str) -> None:
    project = mortal.project()
    sent(mortal, project)
    (waiting,) = prearchive.in_project(mortal.site, project)
    folder = prearchive.folder(mortal.site, waiting)
    prearchive.change(mortal.site, waiting, status=status)
    mortal.server.restart()
    rows = mortal.rows(project)
    if "DELETING" in status:
        assert (rows, folder.exists()) == ([], False)
    else:
        assert [row["status"] for row in rows] == ["RECEIVING"]


def test_half_an_upload_of_a_file_is_cleared_away(mortal: Station) -> None:
    left = mortal.site.folder.spool / "upload-half"
    left.mkdir()
    (left / "body").write_bytes(b"x")
    mortal.server.restart()
    assert not left.exists()


def _die_while_archiving(station: Station, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the process had ended there: nothing of what should follow happens."""
    (waiting,) = prearchive.in_project(station.site, project)

    def dies(*_facts: object) -> None:
        raise Killed

    def nothing(*_facts: object, **_more: object) -> None:
        return

    monkeypatch.setattr(prearchive, "forget", dies)
    monkeypatch.setattr(strangers, "remove", nothing)
    monkeypatch.setattr(shutil, "rmtree", nothing)
    with pytest.raises(Killed):
        archiving.archive_session(station.site, "admin", waiting, Wanted(subject="S"))
    monkeypatch.undo()
    prearchive.change(station.site, waiting, status=prearchive.ARCHIVING)
