"""xnatpy, unmodified: sends, lists, changes, downloads and deletes images and files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xnat

from bootstrap.practice.server import PracticeServer
from tests.live.conftest import serving
from tests.mr_study import maker


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with serving(tmp_path / "state", initialized=True) as running:
        yield running


@pytest.fixture
def study(tmp_path: Path) -> Path:
    make, file = maker(), tmp_path / "study.zip"
    file.write_bytes(make.zipped(make.series("M", 1, 3) | make.series("M", 2, 2, description="T2 FLAIR")))
    return file


def test_xnatpy_works_with_images_and_files(server: PracticeServer, study: Path, tmp_path: Path) -> None:
    with xnat.connect(server.url, user="admin", password="admin") as session:
        session.classes.ProjectData(parent=session, id_="P", name="One")
        session.put("/data/projects/P/prearchive_code/0")
        where = {"project": "P", "subject": "S", "experiment": "E"}
        made = session.services.import_(str(study), destination="/archive", **where)
        assert (made.label, str(made.date), made.scans["1"].type) == ("E", "2024-01-31", "T1 MPRAGE")
        assert made.scans["1"].resources["DICOM"].file_count == 3
        made.download(str(tmp_path / "session.zip"), verbose=False)
        assert len(zipfile.ZipFile(tmp_path / "session.zip").namelist()) == 5
        notes = made.create_resource("NOTES")
        notes.upload(str(study), "a.zip")
        notes.files["a.zip"].download(str(tmp_path / "a.zip"), verbose=False)
        assert (tmp_path / "a.zip").read_bytes() == study.read_bytes()
        made.note = "seen"
        made.clearcache()
        assert made.note == "seen"
        session.services.import_(str(study), destination="/prearchive", **where | {"experiment": "E2"})
        (waiting,) = session.prearchive.sessions()
        assert (waiting.status, sorted(scan.id for scan in waiting.scans)) == ("READY", ["1", "2"])
        assert waiting.archive().label == "E2"
        made.delete()
        session.clearcache()
        assert [one.label for one in session.projects["P"].subjects["S"].experiments] == ["E2"]
