"""pyxnat and xnatctl, unmodified: send, list, fetch and delete what they can on a real XNAT, and fail where they do."""

from __future__ import annotations

import gc
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from bootstrap.practice.server import PracticeServer
from tests.live.conftest import serving
from tests.live.test_clients_data import study

__all__ = ["study"]  # a fixture


# They leave connections open, and use what their libraries advise against.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PracticeServer]:
    with serving(tmp_path / "state", initialized=True) as running:
        yield running
    gc.collect()  # what they leave is found while the warnings of it are still theirs


def test_pyxnat_works_with_images_and_files(server: PracticeServer, study: Path, tmp_path: Path) -> None:
    import pyxnat

    with pyxnat.Interface(server.url, user="admin", password="admin") as central:
        project = central.select.project("P")
        assert not project.exists()
        project.create()
        experiment = project.subject("S").experiment("E").create(experiments="xnat:mrSessionData")
        assert [one.label() for one in project.subjects()] == ["S"]
        assert [one.label() for one in project.subject("S").experiments()] == ["E"]
        experiment.attrs.set("xnat:mrSessionData/note", "seen")
        assert experiment.attrs.get("xnat:mrSessionData/note") == "seen"
        experiment.scan("1").create(scans="xnat:mrScanData")
        assert experiment.scans().get() == ["1"]
        file = experiment.resource("NOTES").file("a.zip")
        file.put(str(study))
        assert [one.label() for one in experiment.resource("NOTES").files()] == ["a.zip"]
        file.get(str(tmp_path / "back.zip"))
        assert (tmp_path / "back.zip").read_bytes() == study.read_bytes()
        found = central.array.mrsessions(project_id="P").data
        assert [row["project"] for row in found] == ["P"]
        experiment.delete()
        assert not experiment.exists()


@dataclass
class Command:
    """The program xnatctl, run in this process."""

    url: str
    home: Path

    def __call__(self, *arguments: str) -> Result:
        from xnatctl.cli.main import cli

        environment = {"XNAT_URL": self.url, "XNAT_USER": "admin", "XNAT_PASS": "admin", "HOME": str(self.home)}
        return CliRunner().invoke(cli, list(arguments), env=environment)

    def told(self, *arguments: str) -> Any:
        ended = self(*arguments, "-o", "json")
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)


@pytest.fixture
def xnatctl(server: PracticeServer, tmp_path: Path) -> Command:
    return Command(server.url, tmp_path)


def test_xnatctl_sends_lists_and_fetches_images(
    server: PracticeServer, xnatctl: Command, study: Path, tmp_path: Path
) -> None:
    admin = ("admin", "admin")
    assert requests.put(f"{server.url}/data/projects/P", auth=admin, timeout=30).status_code == 200
    quick = {"sessionXmlRebuilderInterval": 0, "sessionXmlRebuilderRepeat": 3000}
    assert requests.post(f"{server.url}/xapi/siteConfig", json=quick, auth=admin, timeout=30).status_code == 200
    assert "1.9.2.1" in xnatctl("health", "ping").output
    assert [one["id"] for one in xnatctl.told("project", "list")] == ["P"]
    place = ("-P", "P", "-S", "S", "-E", "E")
    sent = xnatctl.told("session", "upload", str(study), *place)  # its default: straight into the archive
    assert sent["status"] == "success"
    give_up = 600
    while not (listed := xnatctl.told("session", "list", "-P", "P")):
        assert (give_up := give_up - 1)
    assert [one["label"] for one in listed] == ["E"]
    assert [one["label"] for one in xnatctl.told("subject", "list", "-P", "P")] == ["S"]
    fetched = xnatctl("session", "download", "-P", "P", "-E", "E", "--out", str(tmp_path / "out"))
    assert fetched.exit_code == 0, fetched.output
    names = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    for packed in (tmp_path / "out").rglob("*.zip"):
        names |= {name.rpartition("/")[2] for name in zipfile.ZipFile(packed).namelist()}
    assert {"01-001.dcm", "02-002.dcm"} <= names
    (tmp_path / "note.txt").write_text("seen")
    uploaded = xnatctl("resource", "upload", "-P", "P", "E", "NOTES", str(tmp_path / "note.txt"))
    assert uploaded.exit_code == 0, uploaded.output


def test_what_xnatctl_cannot_do_on_a_real_xnat_it_cannot_do_here(server: PracticeServer, xnatctl: Command) -> None:
    assert xnatctl("project", "create", "Q").exit_code != 0
    assert [request.status for request in server.requests if request.path.startswith("/data/projects/Q")] == [405]
