"""The whole chain: a clone, `make bootstrap`, a scanner, and what comes of it, before and after its image changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from pydicom import dcmread

from bootstrap.cli import run
from bootstrap.practice.server import FAST, PracticeServer
from tests.chain.clone import Clone, clone
from tests.chain.watch import Watch
from tests.dcm2niix_base import dcm2niix_base
from tests.docker_engine import Engine, docker_engine
from tests.mr_study import an_mr_study, by_pynetdicom, maker

__all__ = ["docker_engine"]

ACTIVE, RESTING = "DEMO", "RESTING"
SCANS = {"1": 3, "2": 2}  # and their images
# Of what is planted, what this site's script promises to take away; its header says what it leaves.
PROMISED = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientAddress", "PatientTelephoneNumbers", "OtherPatientIDs",
    "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
)  # fmt: skip
# The new image does as the old one, and leaves its name behind.
NEW_IMAGE = r"""
RUN mkdir -p /usr/local/bin \
    && printf '#!/bin/sh\nset -e\n/usr/bin/dcm2niix "$@"\necho new >/output/made-by.txt\n' >/usr/local/bin/dcm2niix \
    && chmod +x /usr/local/bin/dcm2niix
"""


@pytest.fixture
def engine(docker_engine: Engine) -> Iterator[docker.DockerClient]:
    """Images of ours that were not there before are gone afterwards."""
    client = docker_engine.client()
    before = tags(client)
    try:
        yield client
    finally:
        for tag in tags(client) - before:
            client.images.remove(tag, force=True)
        client.close()


def tags(client: docker.DockerClient) -> set[str]:
    return {tag for image in client.images.list("dcm2niix") for tag in image.tags}


@pytest.fixture
def cloned(engine: docker.DockerClient, tmp_path: Path) -> Clone:
    return clone(tmp_path / "clone", dcm2niix_base(engine, tmp_path))


@pytest.fixture
def watch(cloned: Clone) -> Iterator[Watch]:
    """The server that `make bootstrap` finds beside the clone; nobody has set it up."""
    with PracticeServer(cloned.folder / ".practice", clock=FAST, dicom_port=0, initialized=False) as server:
        yield Watch(server)


@pytest.mark.docker
def test_what_a_scanner_sends_is_processed_and_still_is_after_the_image_changed(
    cloned: Clone, watch: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloned.make("bootstrap")
    first = image_of_the_command(watch)

    send(watch, tmp_path, RESTING, "REST1")
    send(watch, tmp_path, ACTIVE, "MR1")
    watch.until("both scans converted", watch.complete, enough=lambda seen: len(seen) == len(SCANS))
    is_anonymised(watch, ACTIVE, "MR1")
    is_converted(watch, "MR1", made_by=None)
    is_in_the_history(watch, first, len(SCANS))
    nothing_came_of(watch, RESTING, "REST1")

    change_the_image(cloned)
    cloned.make("bootstrap")
    second = image_of_the_command(watch)
    assert second != first
    assert "Nothing to do" in cloned.make("bootstrap")

    send(watch, tmp_path, ACTIVE, "MR2")
    watch.until("two more scans converted", watch.complete, enough=lambda seen: len(seen) == 2 * len(SCANS))
    is_converted(watch, "MR2", made_by="made-by.txt")
    is_in_the_history(watch, second, len(SCANS))
    is_in_the_history(watch, first, len(SCANS))
    assert run(["runs", str(cloned.site), "--format", "json"]) == 0
    ran = [(one["session"], one["status"]) for one in json.loads(capsys.readouterr().out)["runs"]]
    assert ran == [("MR2", "Complete")] * len(SCANS) + [("MR1", "Complete")] * len(SCANS)
    nothing_is_left_over(watch)


def send(watch: Watch, folder: Path, project: str, session: str) -> None:
    assert watch.server.dicom_port
    settings = {"sessionXmlRebuilderInterval": 1000}  # it waits for more
    assert watch.ask("POST", "/xapi/siteConfig", json=settings).status_code == 200
    by_pynetdicom(watch.server.dicom_port, an_mr_study(folder / session, project, session))
    settings = {"sessionXmlRebuilderInterval": 0, "sessionXmlRebuilderRepeat": 3000}  # all has come: archive it now
    assert watch.ask("POST", "/xapi/siteConfig", json=settings).status_code == 200
    watch.until(
        f"{session} archived in {project}", lambda: watch.archived(project), enough=lambda seen: session in seen
    )


def image_of_the_command(watch: Watch) -> str:
    (command,) = watch.get("/xapi/commands")
    return str(command["image"])


def is_anonymised(watch: Watch, project: str, session: str) -> None:
    stored = watch.stored(project)
    assert len(stored) == sum(SCANS.values())
    planted = {name: maker().PHI[name] for name in PROMISED}
    for file in stored:
        content = file.read_bytes()
        assert [name for name, text in planted.items() if text.encode() in content] == [], file
        assert (str(dcmread(file).PatientName), dcmread(file).PatientID) == ("S", session)
    record = watch.ask("GET", f"/data/projects/{project}/subjects/S/experiments/{session}", params={"format": "xml"})
    assert session in record.text
    assert [name for name, text in planted.items() if text in record.text] == []


def is_converted(watch: Watch, session: str, made_by: str | None) -> None:
    for scan, images in SCANS.items():
        resources = watch.resources(ACTIVE, session, scan)
        assert (sorted(resources), len(resources["DICOM"])) == (["DICOM", "NIFTI"], images)
        files = resources["NIFTI"]
        assert {name.partition(".")[2] for name in files} >= {"nii.gz", "json"}, files
        assert [name for name in files if name == "made-by.txt"] == ([made_by] if made_by else [])


def is_in_the_history(watch: Watch, image: str, times: int) -> None:
    ran = [one for one in watch.containers() if one["docker-image"] == image]
    assert [(one["status"], one["project"]) for one in ran] == [("Complete", ACTIVE)] * times
    delivered = watch.events(ACTIVE)
    assert {one["subscription"]["name"] for one in delivered} == {f"dcm2niix-on-scan for {ACTIVE}"}
    assert {one["error"] for one in delivered} == {False}


def nothing_came_of(watch: Watch, project: str, session: str) -> None:
    assert [sorted(watch.resources(project, session, scan)) for scan in SCANS] == [["DICOM"]] * len(SCANS)
    assert watch.events(project) == []
    assert [one for one in watch.containers() if one["project"] == project] == []


def change_the_image(cloned: Clone) -> None:
    with (cloned.folder / "images" / "dcm2niix" / "Dockerfile").open("a", encoding="utf-8") as file:
        file.write(NEW_IMAGE)


def nothing_is_left_over(watch: Watch) -> None:
    """One command with its two wrappers, one subscription each, and each of them points at a wrapper that is there."""
    (command,) = watch.get("/xapi/commands")
    wrappers = {f"org.nrg.containers.services.CommandActionProvider:{one['id']}" for one in command["xnat"]}
    rows = watch.get("/xapi/events/subscriptions")
    assert sorted((row["name"], row["active"], row["valid"]) for row in rows) == [
        (f"dcm2niix-on-merge for {ACTIVE}", False, True),
        (f"dcm2niix-on-scan for {ACTIVE}", True, True),
        (f"dcm2niix-on-scan for {RESTING}", False, True),
    ]
    assert {row["action-key"] for row in rows} <= wrappers
    assert [one["status"] for one in watch.containers()] == ["Complete"] * 2 * len(SCANS)
