"""dcm2niix on images that come in: an event, a container for each series, what it makes as a resource of the scan."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import shutil
import subprocess
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
from tests.docker_engine import Engine
from tests.practice.conftest import Asker
from tests.practice.events.conftest import CONTAINERS

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "templates" / "commands" / "dcm2niix.json.j2"
BASE, TAG = "xnat-bootstrap/test-debian-dcm2niix:1", "xnat-bootstrap/dcm2niix-test-run:1"
_DEBIAN = "bookworm"
_SECONDS = 120.0


def debian(client: docker.DockerClient, folder: Path) -> str:
    """A base on which apt finds the program without a network: kept on the engine, as the base of all tests is."""
    try:
        client.images.get(BASE)
    except docker.errors.ImageNotFound:
        if not shutil.which("debootstrap"):
            return os.environ.get("BASE_IMAGE", "debian:bookworm-slim")
        tree = folder / "debian"
        call = ["debootstrap", "--variant=minbase", "--include=dcm2niix,pigz", _DEBIAN, str(tree)]
        subprocess.run(call, check=True, capture_output=True)
        (tree / "etc/apt/sources.list").write_text("")
        packed = subprocess.run(["tar", "-C", str(tree), "-c", "."], check=True, capture_output=True).stdout
        name, _, tag = BASE.partition(":")
        client.api.import_image_from_data(packed, repository=name, tag=tag)
    return BASE


@pytest.fixture(scope="module")
def image(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    client = docker_engine.client()
    try:
        base = debian(client, tmp_path_factory.mktemp("dcm2niix"))
        client.images.build(path=str(ROOT / "images" / "dcm2niix"), tag=TAG, buildargs={"BASE_IMAGE": base}, rm=True)
    except (subprocess.CalledProcessError, docker.errors.BuildError, docker.errors.APIError) as error:
        client.close()
        pytest.skip(f"the image of dcm2niix needs a mirror or a registry of Debian: {error}")
    try:
        yield TAG
        client.images.remove(TAG, force=True)
    finally:
        client.close()


def an_mr_study() -> bytes:
    """The zip that the recordings upload: two series."""
    spec = importlib.util.spec_from_file_location("make_dicom", ROOT / "tests" / "conformance" / "make_dicom.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: bytes = module.everything()["mr.zip"]
    return found


def command(image: str) -> dict[str, Any]:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = environment.from_string(TEMPLATE.read_text("utf-8")).render(images={"dcm2niix": image})
    found: dict[str, Any] = json.loads(text)
    return found


def until_found(ask: Asker, path: str) -> list[dict[str, str]]:
    give_up = time.monotonic() + _SECONDS
    while (answer := ask("GET", path, params={"format": "json"})).status_code != 200 or not rows(answer.json()):
        assert time.monotonic() < give_up, ask("GET", "/xapi/containers").text
        time.sleep(0.1)
    return rows(answer.json())


def rows(listed: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = listed["ResultSet"]["Result"]
    return found


@pytest.mark.docker
def test_each_series_that_comes_in_becomes_a_nifti_file(image: str, docker_engine: Engine, tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "state", clock=FAST) as server:
        ask = Asker(server)
        ask("PUT", "/data/projects/BRAIN")
        ask("PUT", "/xapi/events/prefs", json={"enabled": True})
        ask("POST", "/xapi/docker/server", json={"name": "T", "host": docker_engine.host, "auto-cleanup": True})
        made = ask("POST", "/xapi/commands", json=command(image)).json()
        wrappers = {one["name"]: one["id"] for one in ask("GET", f"/xapi/commands/{made}").json()["xnat"]}
        number = wrappers["dcm2niix-scan"]
        ask("PUT", f"/xapi/wrappers/{number}/enabled")
        subscription = {"name": "dcm2niix", "action-key": f"{CONTAINERS}:{number}"}
        kept = {"event-type": f"{EVENTS}ScanEvent", "status": "CREATED"}
        ask("POST", "/xapi/events/subscription", json=subscription | {"event-filter": kept})
        place = {"PROJECT_ID": "BRAIN", "SUBJECT_ID": "S1", "EXPT_LABEL": "MR1", "dest": "/archive", "inbody": "true"}
        zipped = {"Content-Type": "application/zip"}
        query = place | {"import-handler": "DICOM-zip"}
        answer = ask("POST", "/data/services/import", params=query, headers=zipped, data=io.BytesIO(an_mr_study()))
        assert answer.status_code == 200, answer.text
        for scan in ("1", "2"):
            path = f"/data/projects/BRAIN/subjects/S1/experiments/MR1/scans/{scan}/resources/NIFTI/files"
            names = [row["Name"] for row in until_found(ask, path)]
            assert {name.partition(".")[2] for name in names} >= {"nii.gz", "json"}, names
