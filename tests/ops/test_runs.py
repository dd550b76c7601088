"""`runs` and `runs logs` against a practice XNAT: what ran, what failed and why, and what never became a container."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bootstrap.kinds.subscription_meaning import CONTAINERS
from bootstrap.ops import runs_launches, runs_reading, session
from bootstrap.ops.session import Tools
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer
from tests.ops.conftest import Program, Said
from tests.practice.containers.fake_containers import EngineWithContainers, FakeContainer
from tests.practice.containers.launching.conftest import Bench

SCAN = {"name": "scan-it", "contexts": ["xnat:mrScanData"], "external-inputs": [{"name": "scan", "type": "Scan"}]}
EVENTS = "org.nrg.xnat.eventservice.events."


class Site(Bench):
    """A server on which things ran, and the site file that names it."""

    folder_of_site: Path

    def said(self, program: Program, *options: str) -> Said:
        return program("runs", str(self.folder_of_site), *options)

    def listed(self, program: Program, *options: str) -> dict[str, Any]:
        said = self.said(program, *options, "--format", "json")
        assert said.code == 0, said
        found: dict[str, Any] = json.loads(said.out)
        return found

    def subscribe(self, name: str, wrapper: int, **attributes: str) -> None:
        body = {
            "name": name,
            "action-key": f"{CONTAINERS}:{wrapper}",
            "event-filter": {"event-type": f"{EVENTS}ScanEvent", "status": "CREATED"},
            "attributes": attributes,
            "active": True,
        }
        assert self.ask("POST", "/xapi/events/subscription", json=body).status_code == 201

    def scan(self, number: str) -> None:
        path = f"/data/projects/P1/subjects/S1/experiments/E1/scans/{number}"
        self.put(path, xsiType="xnat:mrScanData", **{"xnat:mrScanData/type": "T1"})
        self.ask.settle()


def fails(container: FakeContainer) -> None:
    container.stdout, container.stderr = b"begun\n", b"no disk\n"
    container.end(3)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("runs")
    with EngineWithContainers() as engine, PracticeServer(folder / "state", clock=FAST) as server:
        site = Site(server, engine)
        site.folder_of_site = folder
        (folder / "site.yaml").write_text(f"server: {{url: '{server.url}', username: admin, password: admin}}\n")
        well, ill = site.wrapper(), site.wrapper(wrapper={"name": "break"})
        site.ended(site.launch(well))
        site.engine.runs.work = fails
        site.ended(site.launch(ill))
        site.ask("PUT", "/xapi/events/prefs", json={"enabled": True})
        lost = site.wrapper(wrapper=SCAN, inputs=[{"name": "note"}], **{"command-line": "echo #note#"})
        assert site.ask("PUT", f"/xapi/wrappers/{lost}/enabled").status_code == 200
        site.subscribe("ill", lost, note="a;b")
        site.scan("7")
        site.scan("8")
        yield site


def test_the_list_says_what_ran_where_and_why_it_failed(ran: Site, program: Program) -> None:
    by_wrapper = {run["wrapper"]: run for run in ran.listed(program)["runs"]}
    lost, failed, well = (by_wrapper[name] for name in ("c3/scan-it", "c2/break", "c1/go"))
    assert (well["wrapper"], well["status"], well["session"], well["scan"], well["why"]) == (
        *("c1/go", "Complete", "E1", None),
        None,
    )
    assert (failed["wrapper"], failed["status"], failed["project"]) == ("c2/break", "Failed", "P1")
    assert failed["why"].startswith("exit code 3. ")
    assert failed["seconds"] >= 0
    assert failed["user"] == "admin"
    assert (lost["id"], lost["subscription"], lost["scan"]) == (None, "ill", "7, 8")
    assert lost["status"] == "Failed (Command resolution)"
    assert "illegal string" in lost["why"]
    assert "the newest of 2 launches" in lost["why"]


def test_people_read_a_table(ran: Site, program: Program) -> None:
    lines = ran.said(program).out.splitlines()
    assert lines[0].split() == ["ID", "PROJECT", "SESSION", "SCAN", "WRAPPER", "STATUS", "STARTED", "TOOK"]
    failed = next(place for place, line in enumerate(lines) if "c2/break" in line)
    assert lines[failed].split()[:6] == ["2", "P1", "E1", "-", "c2/break", "Failed"]
    assert lines[failed + 1].startswith("    exit code 3.")


@pytest.mark.parametrize(
    ("options", "wrappers"),
    [
        (("--failed",), ["c3/scan-it", "c2/break"]),
        (("--project", "P1", "--since", "1h"), ["c3/scan-it", "c2/break", "c1/go"]),
        (("--project", "ELSEWHERE"), []),
        (("--since", "2999-01-01"), []),
        (("--limit", "1"), ["c3/scan-it", "c2/break"]),
        (("--limit", "0"), ["c3/scan-it", "c2/break", "c1/go"]),
    ],
)
def test_what_is_asked_for(options: tuple[str, ...], wrappers: list[str], ran: Site, program: Program) -> None:
    """The event history has whole seconds only, so that what came in the same second has no order."""
    assert sorted(run["wrapper"] for run in ran.listed(program, *options)["runs"]) == sorted(wrappers)


def test_pipelines_and_comments_see_what_failed(ran: Site, program: Program) -> None:
    suite = ElementTree.fromstring(ran.said(program, "--format", "junit").out)[0]
    failed = {case.get("name"): case[0].get("message") for case in suite if len(case)}
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "2", "0")
    assert failed == {"2 P1 E1 c2/break": "Failed", "P1 E1 7, 8 c3/scan-it": "Failed (Command resolution)"}
    said = ran.said(program, "--format", "markdown").out
    assert said.startswith("### runs: 2 of 3 failed\n")
    assert "| c2/break | Failed |" in said


def test_nothing_is_said_so(ran: Site, program: Program) -> None:
    assert ran.said(program, "--project", "ELSEWHERE").out == "nothing ran\n"


def test_older_ones_are_told_of(ran: Site, program: Program) -> None:
    assert "older ones are not shown" in ran.said(program, "--limit", "1").err


def test_no_more_look_ups_than_allowed_and_the_rest_is_counted(
    ran: Site, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_launches, "LOOK_UPS", 0)
    found = ran.listed(program)
    assert (found["not_looked_up"], len(found["runs"])) == (2, 2)
    assert "2 more launches have no container" in found["notes"][0]


def test_pages_are_gone_through_one_by_one(ran: Site, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_reading, "PAGE", 1)
    assert len(ran.listed(program)["runs"]) == 3


def test_a_long_history_is_not_read_to_its_end(ran: Site, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_launches, "PAGE", 1)
    monkeypatch.setattr(runs_launches, "PAGES", 1)
    found = ran.listed(program)
    assert any("newest" in note for note in found["notes"])
    assert [run["scan"] for run in found["runs"] if run["subscription"]] == ["8"]


def test_a_launch_that_the_event_service_refused_is_told_with_its_reason(ran: Site, program: Program) -> None:
    gone = ran.wrapper(wrapper=SCAN | {"name": "off"})
    assert ran.ask("PUT", f"/xapi/wrappers/{gone}/enabled").status_code == 200
    ran.subscribe("off", gone)
    assert ran.ask("PUT", f"/xapi/wrappers/{gone}/disabled").status_code == 200
    ran.scan("9")
    newest = next(run for run in ran.listed(program, "--failed")["runs"] if run["subscription"] == "off")
    assert newest["status"] == "Failed (event)"
    assert newest["why"].startswith("Invalid subscription.")


def test_following_says_each_change_once_until_it_is_stopped(
    ran: Site, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(session, "Tools", lambda **more: Tools(**{**more, "pause": pause}))
    said = ran.said(program, "--follow", "--format", "json")
    ids = [json.loads(line)["id"] for line in said.out.splitlines()]
    assert said.code == 0
    assert [one for one in ids if one] == ["1", "2"]
    assert len(looks) == 2


def test_the_logs_of_a_container(ran: Site, program: Program) -> None:
    both = program("runs", "logs", "2", str(ran.folder_of_site))
    assert (both.code, both.out) == (0, "== stdout ==\nbegun\n== stderr ==\nno disk\n")
    one = program("runs", "logs", "2", str(ran.folder_of_site), "--stream", "stderr")
    assert one.out == "no disk\n"
    told = program("runs", "logs", "2", str(ran.folder_of_site), "--format", "json")
    assert json.loads(told.out) == {"id": "2", "stdout": "begun\n\n", "stderr": "no disk\n\n"}


def test_logs_of_nothing(ran: Site, program: Program) -> None:
    said = program("runs", "logs", "999", str(ran.folder_of_site))
    assert said.code == 1
    assert "there is no such container" in said.err
    assert "xnat-bootstrap runs" in said.err


@pytest.mark.parametrize(
    "options",
    [("--since", "yesterday"), ("--follow", "--output", "x"), ("--limit", "-1"), ("--follow", "--format", "junit")],
)
def test_wrong_usage(options: tuple[str, ...], ran: Site, program: Program) -> None:
    assert ran.said(program, *options).code == 64


def test_launches_of_a_session_that_is_gone_are_counted(ran: Site, program: Program) -> None:
    """The last test here: it takes the session away."""
    gone = ran.ask("DELETE", "/data/projects/P1/subjects/S1/experiments/E1", params={"removeFiles": "true"})
    assert gone.ok
    notes = ran.listed(program)["notes"]
    assert [note for note in notes if "launches have no container, and nothing tells what became of them" in note], (
        notes
    )
