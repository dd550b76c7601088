"""dcm2niix on images that come in: a scanner sends, an event fires, a container makes the NIfTI of each scan."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import docker.errors
import jinja2
import pytest

from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.server import FAST, PracticeServer
from tests.dcm2niix_base import dcm2niix_base
from tests.docker_engine import Engine, do_without
from tests.mr_study import SECONDS, Sender, an_mr_study, by_pynetdicom, by_storescu
from tests.practice.conftest import Asker
from tests.practice.events.conftest import CONTAINERS

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "templates" / "commands" / "dcm2niix.json.j2"
TAG = "xnat-bootstrap/dcm2niix-test-run:1"
_PROJECT = "BRAIN"


def built(client: docker.DockerClient, base: str) -> None:
    try:
        client.images.build(path=str(ROOT / "images" / "dcm2niix"), tag=TAG, buildargs={"BASE_IMAGE": base}, rm=True)
    except (docker.errors.BuildError, docker.errors.APIError) as error:
        do_without(f"the image of dcm2niix cannot be built on {base}: {error}")


@pytest.fixture(scope="module")
def image(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    client = docker_engine.client()
    try:
        base = dcm2niix_base(client, tmp_path_factory.mktemp("dcm2niix"))
        built(client, base)
        yield TAG
        client.images.remove(TAG, force=True)
    finally:
        client.close()


@pytest.fixture(scope="module")
def hospital(image: str, docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    """A site that runs the command on each scan that is created."""
    with PracticeServer(tmp_path_factory.mktemp("hospital") / "state", clock=FAST, dicom_port=0) as server:
        ask = Asker(server)
        ask("PUT", f"/data/projects/{_PROJECT}")
        ask("PUT", "/xapi/events/prefs", json={"enabled": True})
        ask("POST", "/xapi/docker/server", json={"name": "T", "host": docker_engine.host, "auto-cleanup": True})
        made = ask("POST", "/xapi/commands", json=command(image)).json()
        wrappers = {one["name"]: one["id"] for one in ask("GET", f"/xapi/commands/{made}").json()["xnat"]}
        number = wrappers["dcm2niix-scan"]
        ask("PUT", f"/xapi/wrappers/{number}/enabled")
        subscription = {"name": "dcm2niix", "action-key": f"{CONTAINERS}:{number}"}
        kept = {"event-type": f"{EVENTS}ScanEvent", "status": "CREATED"}
        answer = ask("POST", "/xapi/events/subscription", json=subscription | {"event-filter": kept})
        assert answer.status_code == 201, answer.text
        yield server


def command(image: str) -> dict[str, Any]:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = environment.from_string(TEMPLATE.read_text("utf-8")).render(images={"dcm2niix": image})
    found: dict[str, Any] = json.loads(text)
    return found


def until_found(ask: Asker, path: str) -> list[dict[str, str]]:
    give_up = time.monotonic() + SECONDS
    while (answer := ask("GET", path, params={"format": "json"})).status_code != 200 or not rows(answer.json()):
        assert time.monotonic() < give_up, ask("GET", "/xapi/containers").text
        time.sleep(0.1)
    return rows(answer.json())


def rows(listed: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = listed["ResultSet"]["Result"]
    return found


@pytest.mark.docker
@pytest.mark.parametrize(("session", "send"), [("MR1", by_pynetdicom), ("MR2", by_storescu)])
def test_each_series_that_a_scanner_sends_becomes_a_nifti_file(
    hospital: PracticeServer, session: str, send: Sender, tmp_path: Path
) -> None:
    ask = Asker(hospital)
    assert hospital.dicom_port
    ask.set(sessionXmlRebuilderInterval=1000)
    send(hospital.dicom_port, an_mr_study(tmp_path, _PROJECT, session))
    ask.set(sessionXmlRebuilderInterval=0, sessionXmlRebuilderRepeat=3000)  # all has come: archive it now
    for scan in ("1", "2"):
        path = f"/data/projects/{_PROJECT}/subjects/S/experiments/{session}/scans/{scan}/resources/NIFTI/files"
        names = [row["Name"] for row in until_found(ask, path)]
        assert {name.partition(".")[2] for name in names} >= {"nii.gz", "json"}, names
