"""`verify` against a practice XNAT: every promise is looked at, each broken one is told, and nothing is left behind."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bootstrap.engine.options import Options
from bootstrap.engine.run import Talk
from bootstrap.ops import jobs, verify
from bootstrap.ops.jobs import Job
from bootstrap.ops.session import Tools
from bootstrap.ops.verify_sending import send
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer
from tests.live.conftest import brief_pause
from tests.ops.conftest import Program, Said
from tests.practice.conftest import Asker
from tests.practice.containers.fake_containers import EngineWithContainers, FakeContainer

SCRIPT = """\
anonymization:
  script: |
    version "6.6"
    (0010,0010) := subject
    (0010,0020) := session
    - (0010,1000)
    - (0010,1040)
    - (0008,0050)
    - (0008,0080)
    - (0008,0081)
    - (0008,0090)
    - (0008,1050)
    - (0008,1070)
    - (0020,0010)
"""
SITE = """\
server: {url: '%s', username: admin, password: admin}
site: {siteId: V, siteUrl: "http://localhost:8080", adminEmail: xnat@example.org}
%scommands:
  convert:
    document:
      version: "1"
      image: a:1
      command-line: "true"
      override-entrypoint: true
      mounts: [{name: out, path: /out, writable: true}]
      outputs: [{name: made, mount: out, required: true}]
      xnat:
        - name: convert-scan
          contexts: ["xnat:mrScanData"]
          external-inputs: [{name: scan, type: Scan}]
          output-handlers: [{name: kept, accepts-command-output: made, as-a-child-of: scan, label: NIFTI}]
    enabled: true
event_service: {enabled: true}
subscriptions:
  - {name: on scans, event: scan.created, action: {command: convert-scan}, active: true}
  - {name: said, event: session.created, projects: [VERIFY], action: logging, active: true}
  - {name: only one, event: session.created, projects: [VERIFY], action: logging, filter: "@.label == 'nobody'"}
  - {name: asleep, event: session.created, projects: [VERIFY], action: logging, active: false}
  - {name: other, event: session.created, projects: [OTHER], action: logging, active: true}
  - {name: people, event: project.created, everywhere: true, action: logging, active: true}
projects:
  - {id: OTHER}
  - {id: VERIFY, commands: {convert-scan: {enabled: true}}, subscriptions: {on scans: {active: true}}}
verify: {project: VERIFY, expect: [{subscription: on scans, level: scan, resources: [NIFTI]}]}
"""


def converts(container: FakeContainer) -> None:
    (container.folder("/out") / "image.nii").write_text("made")
    container.end()


def fails(container: FakeContainer) -> None:
    container.stderr = b"first\nno disk\n"
    container.end(3)


@dataclass
class Bench:
    folder: Path
    engine: EngineWithContainers
    ask: Asker

    @property
    def text(self) -> str:
        return SITE % (self.ask.server.url, SCRIPT)

    def write(self, text: str) -> None:
        (self.folder / "site.yaml").write_text(text, encoding="utf-8")

    def verify(self, program: Program, *options: str) -> Said:
        return program("verify", str(self.folder), *options)

    def promises(self, program: Program, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
        said = self.verify(program, "--format", "json", *options)
        found = json.loads(said.out)
        assert found["exit"] == said.code
        return said.code, {one["name"]: one for one in found["promises"]}

    def send_all_at_once(self, *what: Any) -> str:
        """Nothing is archived before all has come, and then at once."""
        self.ask.set(sessionXmlRebuilderInterval=1000)
        sent = send(*what)
        self.ask.set(sessionXmlRebuilderInterval=0, sessionXmlRebuilderRepeat=3000)
        return sent

    def subjects(self, project: str = "VERIFY") -> list[str]:
        rows = self.ask("GET", f"/data/projects/{project}/subjects", params={"format": "json"}).json()
        return [row["label"] for row in rows["ResultSet"]["Result"]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("verify")
    practice = PracticeServer(folder / "state", clock=FAST, dicom_port=0)
    with EngineWithContainers() as engine, practice as server:
        bench = Bench(folder, engine, Asker(server))
        bench.write(bench.text)
        done = jobs.apply(Job(folder, options=Options()), Tools(environ={}, pause=brief_pause), Talk())
        assert done.exit_code == 0, (
            [p for p in done.problems if p.severity == "error"],
            [line.error for line in done.lines if line.error],
        )
        bench.ask("POST", "/xapi/docker/server", json={"name": "T", "host": engine.host, "auto-cleanup": True})
        yield bench


@pytest.fixture
def bench(whole: Bench) -> Iterator[Bench]:
    whole.engine.runs.work = converts
    yield whole
    whole.write(whole.text)
    whole.ask.set(sessionXmlRebuilderInterval=5, sessionXmlRebuilderRepeat=60000)


def test_every_promise_holds_and_nothing_is_left(bench: Bench, program: Program) -> None:
    code, told = bench.promises(program)
    assert code == 0, told
    assert {name: one["verdict"] for name, one in told.items()} == {
        "the study is sent": "held",
        "it is archived": "held",
        "no planted text is stored": "held",
        "subscription on scans for VERIFY fires": "held",
        "containers of on scans for VERIFY": "held",
        "resources of on scans for VERIFY": "held",
        "subscription said fires": "held",
        "subscription only one fires": "not proven",
        "subscription asleep": "not proven",
        "subscription other": "not proven",
        "subscription people": "not proven",
        "the study is removed": "held",
    }
    assert told["the study is sent"]["seen"] == "import"
    assert told["subscription on scans for VERIFY fires"]["seen"] == "2 times"
    assert told["subscription only one fires"]["seen"] == "its filter does not take this study"
    assert (bench.subjects(), bench.subjects("OTHER")) == ([], [])


def test_a_container_that_fails_breaks_its_promise_and_its_log_is_shown(bench: Bench, program: Program) -> None:
    bench.engine.runs.work = fails
    said = bench.verify(program)
    assert said.code == 1
    assert "containers of on scans for VERIFY" in said.out
    assert "convert/convert-scan: Failed: exit code 3." in said.out
    assert "    | no disk" in said.out
    assert "1 of 7 promises were broken; 4 were not proven." in said.out
    assert bench.subjects() == []


def test_by_c_store_nothing_is_expected_in_vain(
    bench: Bench, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiver of the command line wins over the site file's. What is expected and never triggered is broken."""
    said = "verify: {project: VERIFY, dicom: 'nowhere:1', expect: [{subscription: only one, resources: [A]}]}\n"
    kept = [line for line in bench.text.splitlines(True) if not line.startswith(("verify:", "  - {name: on s"))]
    text = "".join(kept).replace(", subscriptions: {on scans: {active: true}}", "")
    bench.write(text.replace("action: logging, filter:", "action: {key: 'some:action'}, filter:") + said)
    monkeypatch.setattr(verify, "send", bench.send_all_at_once)
    receiver = f"127.0.0.1:{bench.ask.server.dicom_port}:XNAT"
    found = bench.verify(program, "--format", "junit", "--dicom", receiver)
    assert found.code == 1, found
    suite = ElementTree.fromstring(found.out)[0]
    failures = {case.get("name"): case[0].get("message") for case in suite if case[0].tag == "failure"}
    assert failures == {"subscription only one fires": "its filter does not take this study"}
    assert f"C-STORE to {receiver}" in found.out
    assert bench.subjects() == []


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("NOBODY", "it refuses us (Called AE title not recognised); this XNAT has XNAT on port 8104"),
        ("", ":XNAT: Connection refused; this XNAT has XNAT on port 8104"),
    ],
)
def test_a_receiver_that_does_not_take_it(title: str, told: str, bench: Bench, program: Program) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = bench.ask.server.dicom_port if title else free.getsockname()[1]
        address = f"127.0.0.1:{port}:{title or 'XNAT'}"
        bench.write(bench.text.replace("verify: {", f"verify: {{dicom: '{address}', "))
        code, promises = bench.promises(program)
    assert code == 1
    assert told in promises["the study is sent"]["seen"]
    assert list(promises) == ["the study is sent", "the study is removed"]


def test_a_subscription_that_somebody_switched_off(bench: Bench, program: Program) -> None:
    rows = bench.ask("GET", "/xapi/events/subscriptions").json()
    number = next(row["id"] for row in rows if row["name"] == "said")
    assert bench.ask("POST", f"/xapi/events/subscription/{number}/deactivate").ok
    code, promises = bench.promises(program)
    assert bench.ask("POST", f"/xapi/events/subscription/{number}/activate").ok
    assert (code, promises["subscription said fires"]["verdict"]) == (1, "broken")
    assert promises["subscription said fires"]["seen"] == "it is switched off on the server"


def test_what_a_script_leaves_is_named_and_the_study_is_kept_if_told(bench: Bench, program: Program) -> None:
    script = 'version "6.6"\n(0010,0010) := subject'
    before = bench.ask("GET", "/xapi/anonymize/site").text
    put = bench.ask("PUT", "/xapi/anonymize/site", data=script, headers={"Content-Type": "text/plain"})
    assert put.status_code == 200
    bench.write(bench.text.replace("verify: {", "verify: {keeps: [StudyID, InstitutionName], "))
    said = bench.verify(program, "--keep", "--format", "junit")
    assert said.code == 1
    suite = ElementTree.fromstring(said.out)[0]
    failures = {case.get("name"): case[0].get("message") for case in suite if case[0].tag == "failure"}
    assert list(failures) == ["no planted text is stored"]
    assert "PatientID" in str(failures["no planted text is stored"])
    for name in ("PatientName", "StudyID", "InstitutionName"):
        assert name not in str(failures["no planted text is stored"])
    assert suite.get("skipped") == "4"
    (kept,) = bench.subjects()
    assert bench.ask("DELETE", f"/data/projects/VERIFY/subjects/{kept}", params={"removeFiles": "true"}).ok
    assert bench.ask("PUT", "/xapi/anonymize/site", data=before, headers={"Content-Type": "text/plain"}).ok


def test_time_limits_end_the_waiting(bench: Bench, program: Program) -> None:
    bench.engine.runs.work = lambda _container: None  # it runs on and on
    said = bench.verify(program, "--run-limit", "1", "--format", "markdown")
    for container in bench.engine.runs.several.values():
        container.end()
    assert said.code == 1
    assert "not within 1 s: convert/convert-scan: " in said.out
    assert said.out.startswith("### verify: ")


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ("verify: {project: VERIFY", "verify: {project: NOWHERE", 3, "only sent to a project of this file"),
        ("subscription: on scans", "subscription: on scan", 1, "did you mean `on scans`?"),
        ("subscription: on scans", "subscription: asleep", 1, "does not trigger it: it is switched off"),
        ("subscription: on scans", "subscription: other", 1, "does not trigger it: it is not for VERIFY"),
        ("subscription: on scans", "subscription: people", 1, "does not trigger it: a new study is no such event"),
        ("subscription: on scans", "subscription: said", 1, "`said` only logs: it makes no resources"),
        (", subscriptions: {on scans: {active: true}}", "", 1, "it is a template that no project has"),
        ("verify: {project", "verify: {keeps: [StudyInstanceUID], project", 1, "no text is planted in `StudyInstance"),
        ("verify: {project", "verify: {dicom: '8104', project", 1, "write HOST:PORT or HOST:PORT:AETITLE"),
    ],
)
def test_a_file_that_cannot_be_verified(
    old: str, new: str, code: int, told: str, bench: Bench, program: Program
) -> None:
    bench.write(bench.text.replace(old, new))
    said = bench.verify(program)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


def test_a_project_that_was_never_applied(bench: Bench, program: Program) -> None:
    bench.write(bench.text.replace("VERIFY", "LATER"))
    said = bench.verify(program)
    assert said.code == 1
    assert "the server has no project LATER yet" in said.err


def test_a_file_without_the_section(bench: Bench, program: Program) -> None:
    bench.write("".join(line for line in bench.text.splitlines(True) if not line.startswith("verify:")))
    said = bench.verify(program)
    assert said.code == 1
    assert "has no `verify`" in said.err
