"""Launches from end to end, on an engine that does as it is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.practice.containers.fake_containers import FakeContainer
from tests.practice.containers.launching.conftest import PROJECT, Bench

OUT: dict[str, Any] = {
    "mounts": [{"name": "in", "path": "/in"}, {"name": "out", "path": "/out", "writable": True}],
    "outputs": [{"name": "o", "mount": "out", "required": True}],
}


def handler(**more: Any) -> dict[str, Any]:
    one = {"name": "h", "accepts-command-output": "o", "as-a-child-of": "session", "label": "OUT", **more}
    external = [{"name": "session", "type": "Session", "provides-files-for-command-mount": "in"}]
    return {"external-inputs": external, "output-handlers": [one]}


def writes(**files: str) -> Any:
    def work(container: FakeContainer) -> None:
        for name, text in files.items():
            (container.folder("/out") / name.replace("_", ".")).write_text(text)
        container.stdout = b"said\n"
        container.end()

    return work


def test_what_a_container_writes_is_uploaded_and_its_credentials_end_with_it(bench: Bench) -> None:
    bench.runs.work = writes(a_txt="a")
    number = bench.wrapper(**OUT, wrapper=handler(label="FIRST", format="F"))
    workflow = bench.launch(number)
    assert bench.ended(workflow)["status"] == "Complete"
    assert bench.files("FIRST") == ["a.txt"]
    record = bench.container(workflow)
    token = record["env"]["XNAT_USER"]
    assert record["env"]["XNAT_PASS"] == "******"
    assert bench.ask("GET", "/data/auth", as_user=(token, "x")).status_code == 401
    assert record["log-paths"] == [f"/data/xnat/archive/CONTAINER_EXEC/{record['id']}/LOGS/docker/stdout.log"]
    bench.until(lambda: not bench.runs.several)


def test_the_engine_is_told_what_the_command_says(bench: Bench) -> None:
    seen: list[dict[str, Any]] = []

    def work(container: FakeContainer) -> None:
        seen.append(container.config)
        container.end()

    bench.runs.work = work
    bench.use(bench.engine.host, **{"container-user": "1000:1000"})
    number = bench.wrapper(
        **OUT,
        wrapper=handler(),
        **{"reserve-memory": 10, "limit-memory": 20, "limit-cpu": 0.5, "shm-size": 64, "network": "none"},
        **{"ulimits": {"nofile": "10:20"}, "ports": {"80": "127.0.0.1:8080"}, "ipc-mode": "host"},
        **{"container-labels": {"lab": "x"}, "environment-variables": {"A": "b"}},
    )
    assert bench.ended(bench.launch(number))["status"] == "Complete"
    bench.use(bench.engine.host)
    config = seen[0]
    host = config["HostConfig"]
    assert (config["Cmd"], config["Entrypoint"]) == (["/bin/sh", "-c", "true"], [""])
    assert (config["User"], config["ExposedPorts"]) == ("1000:1000", {"80/tcp": {}})
    assert config["Labels"].items() >= {"lab": "x", "XNAT_PROJECT": PROJECT, "XNAT_DATATYPE": "MR Session"}.items()
    assert host["PortBindings"] == {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}
    assert (host["MemoryReservation"], host["Memory"], host["NanoCpus"]) == (10 << 20, 20 << 20, 500_000_000)
    assert (host["ShmSize"], host["NetworkMode"], host["IpcMode"]) == (64, "none", "host")
    assert host["Ulimits"] == [{"Name": "nofile", "Soft": 10, "Hard": 20}]
    assert [bind.split(":")[1:] for bind in host["Binds"]] == [["/in", "ro"], ["/out"]]


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ({"ulimits": {"nofile": "many"}}, "Failed (Container launch)"),
        ({"ports": {" ": "1"}}, "Failed (Container launch)"),
        ({"environment-variables": {"XNAT_HOST": "x"}}, "Failed (Staging)"),
        ({"command-line": "^nothing^"}, "Failed (Staging)"),
        ({"image": "nowhere:1"}, "Failed (Container launch)"),
    ],
)
def test_what_cannot_be_run(bench: Bench, command: dict[str, Any], status: str) -> None:
    assert bench.ended(bench.launch(bench.wrapper(**command)))["status"] == status


def test_what_the_engine_refuses(bench: Bench) -> None:
    bench.runs.refuses = "the name is taken"
    fields = bench.ended(bench.launch(bench.wrapper()))
    assert fields["status"] == "Failed (Container launch)"
    assert "the name is taken" in fields["details"]


def test_a_failure_uploads_nothing(bench: Bench) -> None:
    def work(container: FakeContainer) -> None:
        (container.folder("/out") / "a.txt").write_text("a")
        container.out_of_memory = True
        container.end(1)

    bench.runs.work = work
    workflow = bench.launch(bench.wrapper(**OUT, wrapper=handler(label="NEVER")))
    bench.until(lambda: bench.workflow(workflow)["status"] == "Failed")
    steps = [step["status"] for step in bench.container(workflow)["history"]]
    assert steps == ["Created", "create", "start", "oom", "die", "_die", "Finalizing", "Failed"]
    assert bench.ask("GET", f"/data/experiments/{bench.session}/resources/NEVER/files/a.txt").status_code == 404


def test_a_link_out_of_the_mount_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours")

    def work(container: FakeContainer) -> None:
        folder = container.folder("/out")
        (folder / "in.txt").write_text("mine")
        (folder / "inner.txt").symlink_to(folder / "in.txt")
        (folder / "outer.txt").symlink_to(secret)
        (folder / "above").symlink_to(tmp_path)
        container.end()

    bench.runs.work = work
    assert bench.ended(bench.launch(bench.wrapper(**OUT, wrapper=handler(label="LINKS"))))["status"] == "Complete"
    assert bench.files("LINKS") == ["in.txt", "inner.txt"]


@pytest.mark.parametrize("path", ["../../..", "#a#"])
def test_an_output_that_leads_out_of_its_mount_is_not_uploaded(bench: Bench, path: str) -> None:
    command = OUT | {"outputs": [{"name": "o", "mount": "out", "path": path, "required": True}]}
    number = bench.wrapper(**command, inputs=[{"name": "a"}], wrapper=handler(label="ABOVE"))
    fields = bench.ended(bench.launch(number, a="../../../archive"))
    assert fields["status"] == "Failed (Upload)"


def test_an_assessor_comes_of_an_xml_document_and_takes_resources(bench: Bench) -> None:
    document = (
        '<xnat:QCAssessment xmlns:xnat="http://nrg.wustl.edu/xnat" label="QC1"><xnat:date>2026-01-01</xnat:date>'
        "</xnat:QCAssessment>"
    )
    bench.runs.work = writes(qc_xml=document, b_txt="b")
    command = OUT | {"outputs": [{"name": "o", "mount": "out", "path": "qc.xml"}, {"name": "p", "mount": "out"}]}
    handlers = [
        {"name": "qc", "accepts-command-output": "o", "as-a-child-of": "session", "type": "Assessor"},
        {"name": "files", "accepts-command-output": "p", "as-a-child-of": "qc", "label": "MORE"},
    ]
    number = bench.wrapper(**command, wrapper={"output-handlers": handlers})
    for _ in ("made", "made again"):
        assert bench.ended(bench.launch(number))["status"] == "Complete"
    address = f"/data/projects/{PROJECT}/subjects/S1/experiments/E1/assessors/QC1"
    found = bench.ask("GET", address, params={"format": "json"}).json()["items"][0]["data_fields"]
    assert found["date"] == "2026-01-01"
    assert bench.files("MORE", f"/assessors/{found['ID']}") == ["b.txt", "qc.xml"]


def test_a_scan_comes_of_an_xml_document(bench: Bench) -> None:
    bench.runs.work = writes(s_xml='<xnat:MRScan xmlns:xnat="http://nrg.wustl.edu/xnat" ID="9" type="made"/>')
    number = bench.wrapper(**OUT, wrapper=handler(type="Scan"))
    for _ in ("made", "replaced"):
        assert bench.ended(bench.launch(number))["status"] == "Complete"
    rows = bench.ask("GET", f"/data/experiments/{bench.session}/scans", params={"format": "json"}).json()
    assert "made" in [row["type"] for row in rows["ResultSet"]["Result"]]


@pytest.mark.parametrize("files", [{"a_txt": "none"}, {"a_xml": "<x/>"}, {"a_xml": "no xml"}])
def test_what_is_no_item_is_no_assessor(bench: Bench, files: dict[str, str]) -> None:
    bench.runs.work = writes(**files)
    fields = bench.ended(bench.launch(bench.wrapper(**OUT, wrapper=handler(type="Assessor"))))
    assert fields["status"] == "Failed (Upload)"


def test_logs_are_read_while_it_runs_and_afterwards(bench: Bench) -> None:
    def work(container: FakeContainer) -> None:
        container.stdout = b"one\ntwo\n"

    bench.runs.work = work
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    address = f"/xapi/containers/{number}"
    assert bench.ask("GET", f"{address}/logs/stdout").text == "one\ntwo\n"
    live = bench.ask("GET", f"{address}/logSince/stdout").json()
    assert (live["content"], live["fromFile"], live["timestamp"]) == ("one\ntwo\n", False, "2026-11-21T10:00:01Z")
    assert bench.ask("GET", f"{address}/logSince/stderr", params={"since": live["timestamp"]}).json()["content"] == ""
    packed = zipfile.ZipFile(io.BytesIO(bench.ask("GET", f"{address}/logs").content))
    assert packed.read("stdout.log") == b"one\ntwo\n"
    bench.runs.several[number].end()
    bench.ended(workflow)
    packed = zipfile.ZipFile(io.BytesIO(bench.ask("GET", f"{address}/logs").content))
    assert packed.namelist() == ["stdout.log"]
    assert bench.ask("GET", f"{address}/logs/stderr").text == ""


def test_who_ends_the_workflow_ends_the_container(bench: Bench) -> None:
    bench.runs.work = lambda container: None
    workflow = bench.launch(bench.wrapper())
    number = bench.running(workflow)["comments"]
    container = bench.runs.several[number]
    assert bench.ask("PUT", f"/data/workflows/{workflow}", params={"status": "Killed"}).status_code == 200
    bench.until(lambda: container.status == "exited")
    steps = bench.container(workflow)["history"]
    assert "Manual update to match workflow status" in [step.get("message") for step in steps]
    bench.until(lambda: bench.workflow(workflow)["status"] == "Failed")


def test_strangers_see_that_it_is_there_and_no_more(bench: Bench) -> None:
    stranger = bench.ask.make_user("stranger")
    workflow = bench.launch(bench.wrapper())
    bench.ended(workflow)
    number = bench.container(workflow)["id"]
    shown = bench.ask("GET", f"/xapi/containers/{number}", as_user=stranger).json()
    assert (shown["command-line"], shown["env"], shown["inputs"]) == ("[REDACTED]", {}, [])
    assert bench.ask("GET", "/xapi/containers", as_user=stranger).json() == []
    assert bench.ask("GET", f"/xapi/containers/{number}/logs", as_user=stranger).status_code == 403
    assert bench.ask("POST", f"/xapi/containers/{number}/kill", as_user=stranger).status_code == 401
    assert bench.ask("DELETE", f"/xapi/containers/{number}", as_user=stranger).status_code == 401
    page = bench.ask("POST", "/xapi/containers", json={"filters": {}}, as_user=stranger).json()
    assert {one["command-line"] for one in page} == {"[REDACTED]"}


def test_a_name_finds_its_newest_container(bench: Bench) -> None:
    number = bench.wrapper(**{"container-name": "named"})
    for _ in ("older", "newer"):
        workflow = bench.launch(number)
        bench.ended(workflow)
    found = bench.ask("GET", f"/xapi/projects/{PROJECT}/containers/name/named").json()
    assert found["id"] == bench.container(workflow)["id"]
    assert bench.ask("GET", "/xapi/container/name/named").json()["id"] == found["id"]


def test_an_orchestration_goes_on_with_the_same_object_until_one_fails(bench: Bench) -> None:
    several = [bench.wrapper(wrapper={"name": f"step{step}"}) for step in range(3)]
    for number in several:
        bench.ask("PUT", f"/xapi/wrappers/{number}/enabled")
    body = {"name": "all", "wrapperIds": several}
    chosen = bench.ask("POST", "/xapi/orchestration", json=body).json()["id"]
    bench.ask("PUT", f"/xapi/orchestration/project/{PROJECT}", params={"orchestrationId": str(chosen)})
    ends = iter([0, 3, 0])
    bench.runs.work = lambda container: container.end(next(ends))
    first = bench.launch(several[0])
    bench.ended(first)

    about = {"experiment": bench.session, "format": "json"}

    def second() -> Any:
        found = bench.ask("GET", "/data/services/workflows/step1", params=about)
        fields = found.json()["items"][0]["data_fields"] if found.status_code == 200 else {"status": ""}
        return fields if fields["status"].startswith("Failed") else None

    fields = bench.until(second)
    assert (fields["ID"], fields["current_step_id"]) == (bench.session, "1")
    assert bench.ask("GET", "/data/services/workflows/step2", params=about).status_code == 404
    bench.ask("DELETE", f"/xapi/orchestration/project/{PROJECT}")
