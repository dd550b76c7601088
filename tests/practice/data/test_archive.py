"""The archive: things are made, found by address, given files, and told of; on disk they lie as XNAT lays them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.practice.data import (
    archive,
    catalogs,
    contents,
    experiments,
    files,
    news,
    owners,
    places,
    projects,
    resources,
    scans,
    subjects,
)
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import Incoming
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.resources import Facts
from bootstrap.practice.server import FAST, PracticeServer
from bootstrap.practice.site import Site

ADMIN, MR = "admin", "xnat:mrSessionData"
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with PracticeServer(tmp_path_factory.mktemp("archive") / "state", clock=FAST) as server:
        assert server.site
        yield server.site


@pytest.fixture
def heard(site: Site) -> list[tuple[str, str, str]]:
    """How, of which type, under which label."""
    told: list[tuple[str, str, str]] = []

    def listen(facts: dict[str, news.News]) -> None:
        one = facts["news"]
        told.append((one.how, one.thing.type, one.thing.label))

    site.bus.on(news.HAPPENED, listen, after=None)
    return told


@pytest.fixture
def session(site: Site) -> Experiment:
    """E in a project of the test's own, with scan 1."""
    project = f"P{next(NUMBERS)}"
    projects.create(site, ADMIN, Item("xnat:projectData", {"ID": project}), "private")
    subject = archive.make_subject(site, ADMIN, project, "S", Item("xnat:subjectData"))
    scan = Item("xnat:mrScanData", {"ID": "1", "type": "T1"})
    said = Item(MR, {"date": "2024-01-31"}, {"scans/scan": [scan]})
    return archive.make_session(site, ADMIN, experiments.new_session(project, subject.id, "E", MR), said)


def incoming(tmp_path: Path, path: str, text: str = "hello") -> Incoming:
    source = tmp_path / path.replace("/", "-")
    source.write_text(text, "utf-8")
    return Incoming(path, source)


def test_things_are_found_by_address(site: Site, session: Experiment, tmp_path: Path) -> None:
    scan = scans.find(site, session.id, "1")
    assert scan
    made = archive.upload(site, ADMIN, owners.of(scan), "DICOM", [incoming(tmp_path, "a/1.dcm")]).resource
    front = f"/archive/projects/{session.project}/subjects/S/experiments/E"
    for address, expected in (
        (front, session.id),
        (f"/data/experiments/{session.id}", session.id),
        (f"{front}/scans/1", "1"),
        (f"/data/archive/experiments/{session.id}/scans/1/resources/DICOM/files/a/1.dcm", made.id),
        (f"{front}/scans/1/resources/{made.number}", made.id),
        (f"/archive/projects/{session.project}", session.project),
        (f"/archive/subjects/{session.subject}", session.subject),
    ):
        found = archive.find(site, address)
        assert found is not None, address
        assert found.id == expected
    for address in (f"{front}/scans/2", f"{front}/nonsense/1", "/archive/experiments/E", f"{front}/scans/1/scans/1"):
        assert archive.find(site, address) is None


def test_files_lie_as_xnat_lays_them(site: Site, session: Experiment, tmp_path: Path) -> None:
    scan = scans.find(site, session.id, "1")
    project, subject = projects.find(site, session.project), subjects.by_id(site, session.subject)
    assert scan
    assert project
    assert subject
    qc = archive.make_assessor(site, ADMIN, session, "A", Item("xnat:qcAssessmentData"))
    places_of = {
        owners.of(project): "resources/R",
        owners.of(subject): "subjects/S/R",
        owners.of(session): "arc001/E/RESOURCES/R",
        owners.of(scan): "arc001/E/SCANS/1/R",
        owners.of(qc): f"arc001/E/ASSESSORS/{qc.id}/out/R",
        owners.of(qc, "in"): f"arc001/E/ASSESSORS/{qc.id}/in/R",
    }
    for owner, folder in places_of.items():
        made = archive.upload(site, ADMIN, owner, "R", [incoming(tmp_path, "sub/b.txt")]).resource
        file = files.find(site, made, "sub/b.txt")
        assert file
        assert file.place == places.archive(site) / session.project / folder / "sub/b.txt"
        assert file.place.read_text() == "hello"
        assert places.reported(site, file.place) == f"/data/xnat/archive/{session.project}/{folder}/sub/b.txt"
        assert (resources.folder(site, made) / "R_catalog.xml").read_text() == catalogs.text(site, made)


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(site: Site, session: Experiment, tmp_path: Path) -> None:
    owner = owners.of(session)

    def put(text: str, *, overwrite: bool = False) -> archive.Upload:
        return archive.upload(site, ADMIN, owner, "R", [incoming(tmp_path, "a", text)], overwrite=overwrite)

    def content() -> str:
        return files.of(site, resources.of(site, owner)[0])[0].place.read_text()

    assert put("first").duplicates == []
    assert put("second").duplicates == ["a"]
    assert content() == "first"
    assert put("third", overwrite=True).duplicates == []
    assert content() == "third"
    counted = resources.of(site, owner)[0]
    assert (counted.file_count, counted.file_size) == (1, 5)


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/..", ".", "a\\b", "a\0b", ""])
def test_a_path_that_leads_out_is_refused(site: Site, session: Experiment, tmp_path: Path, path: str) -> None:
    source = tmp_path / "x"
    source.write_text("x")
    with pytest.raises(places.BadName):
        archive.upload(site, ADMIN, owners.of(session), "R", [Incoming(path, source)])
    assert resources.of(site, owners.of(session)) == []


@pytest.mark.parametrize("label", ["..", "a/b"])
def test_a_label_that_leads_out_is_refused(site: Site, session: Experiment, label: str) -> None:
    with pytest.raises(places.BadName):
        archive.make_resource(site, ADMIN, owners.of(session), label)


def test_a_renamed_session_takes_its_files_along(site: Site, session: Experiment, tmp_path: Path) -> None:
    archive.upload(site, ADMIN, owners.of(session), "R", [incoming(tmp_path, "a")])
    experiments.rename(site, session, "E2")
    renamed = experiments.by_label(site, session.project, "E2")
    assert renamed
    assert renamed.item.fields["label"] == "E2"
    (file,) = files.of(site, resources.of(site, owners.of(renamed))[0])
    assert "arc001/E2/RESOURCES" in str(file.place)
    assert file.place.is_file()
    assert not places.of_experiment(site, session).exists()


def test_what_lies_there_and_what_is_known_are_made_one(site: Site, session: Experiment, tmp_path: Path) -> None:
    several = [incoming(tmp_path, "gone"), incoming(tmp_path, "kept")]
    made = archive.upload(site, ADMIN, owners.of(session), "R", several, facts=Facts(tags="x,y")).resource
    folder = resources.folder(site, made)
    (folder / "gone").unlink()
    (folder / "new").write_text("world")
    files.refresh(site, ADMIN, made, append=True, checksum=True, delete=True, counts=True)
    assert {file.path: file.digest for file in files.of(site, made)} == {
        "kept": "5d41402abc4b2a76b9719d911017c592",
        "new": "7d793037a0760186574b0282f2f435e7",
    }
    assert "<cat:tag>y</cat:tag>" in catalogs.text(site, made)


def test_what_happens_is_told(
    site: Site, heard: list[tuple[str, str, str]], session: Experiment, tmp_path: Path
) -> None:
    archive.upload(site, ADMIN, owners.of(session), "R", [incoming(tmp_path, "a")])
    made = archive.upload(site, ADMIN, owners.of(session), "R", [incoming(tmp_path, "b")]).resource
    archive.delete(site, ADMIN, made)
    scan = archive.make_scan(site, ADMIN, session, "2", Item("xnat:mrScanData"))
    archive.delete(site, ADMIN, scan)
    archive.delete(site, ADMIN, session)
    assert heard == [
        ("CREATED", "xnat:subjectData", "S"),
        ("CREATED", MR, "E"),
        ("CREATED", "xnat:mrScanData", "1"),
        ("CREATED", "xnat:resourceCatalog", "R"),
        ("UPDATED", "xnat:resourceCatalog", "R"),
        ("DELETED", "xnat:resourceCatalog", "R"),
        ("CREATED", "xnat:mrScanData", "2"),
        ("DELETED", "xnat:mrScanData", "2"),
        ("DELETED", MR, "E"),
    ]


def test_a_deleted_project_leaves_nothing(site: Site, session: Experiment, tmp_path: Path) -> None:
    scan = scans.find(site, session.id, "1")
    assert scan
    archive.upload(site, ADMIN, owners.of(scan), "R", [incoming(tmp_path, "a")])
    before = site.storage.value("SELECT count(*) FROM files")
    contents.delete_project(site, ADMIN, session.project, remove_files=True)
    assert experiments.by_id(site, session.id) is None
    assert scans.of_session(site, session.id) == []
    assert site.storage.value("SELECT count(*) FROM files") == before - 1
    assert not places.of_project(site, session.project).exists()


def test_a_deleted_subject_takes_its_sessions_along(site: Site, session: Experiment, tmp_path: Path) -> None:
    subject = subjects.by_id(site, session.subject)
    assert subject
    archive.upload(site, ADMIN, owners.of(subject), "R", [incoming(tmp_path, "a")])
    folder = places.of_project(site, session.project) / "subjects/S"
    assert folder.is_dir()
    archive.delete(site, ADMIN, subject)
    assert experiments.by_id(site, session.id) is None
    assert not folder.exists()
