"""images/xnat-bootstrap: a practice server in a container, and the tool that sets it up from outside."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from bootstrap.cli import run
from bootstrap.practice.clock import FAST
from bootstrap.practice.server import PracticeServer
from tests.docker_engine import Engine

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "images" / "xnat-bootstrap"
SECONDS = 90
READY = re.compile(r"the practice XNAT is ready at (\S+) .*DICOM on port (\d+)")
SITE = """\
server: {username: admin, password: practice-me, first_password: admin}
site: {siteId: CI, siteUrl: "http://localhost", adminEmail: ci@example.org, requireLogin: true}
anonymization: {script: !file site.das}
projects: [{id: DEMO, title: A project of the pipeline}]
"""


def instructions() -> list[str]:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if re.match("[A-Z]+ ", line)]


def test_its_base_can_be_chosen_and_is_pinned_by_default() -> None:
    lines = instructions()
    assert re.fullmatch(r"ARG BASE_IMAGE=python:3\.\d+\.\d+-slim-\w+", lines[0])
    assert {line.partition(" AS ")[0] for line in lines if line.startswith("FROM")} == {"FROM ${BASE_IMAGE}"}


@pytest.fixture(scope="module")
def server(practice_image: str) -> Iterator[str]:
    """Its address. Both ports are whichever are free, of the machine itself."""
    asked = ["practice", "--port", "0", "--dicom-port", "0", "--state", "/state", "--uninitialised"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
        container = DockerContainer(practice_image).with_command(asked).with_kwargs(network_mode="host")
        with container.waiting_for(LogMessageWaitStrategy(READY).with_startup_timeout(SECONDS)) as started:
            found = READY.search(b"".join(started.get_logs()).decode())
            assert found
            yield found[1]


@pytest.mark.docker
def test_the_tool_makes_the_server_in_the_container_what_the_file_says(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    shutil.copy(ROOT / "anon_scripts" / "research-minimal.das", tmp_path / "site.das")
    assert run(["wait", str(tmp_path), "--url", server, "-q"]) == 0, capsys.readouterr()
    capsys.readouterr()
    assert run(["apply", str(tmp_path), "--url", server, "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["server"]["version"], first["summary"]["failed"]) == ("1.9.2.1", 0)
    assert {change["kind"] for change in first["changes"]} >= {"initialization", "admin_password", "project"}
    assert run(["apply", str(tmp_path), "--url", server, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["writes"] == 0


@pytest.mark.docker
def test_it_runs_as_an_ordinary_account_and_only_the_tool_is_in_it(practice_image: str, docker_engine: Engine) -> None:
    client = docker_engine.client()
    try:
        asked = "id -u; whoami; pwd; touch /state/x /site/x && ls /opt/xnat-bootstrap/bin; command -v pip || true"
        said = client.containers.run(practice_image, ["-c", asked], entrypoint="sh", remove=True).decode().split()
        made = client.images.get(practice_image).attrs["Config"]
    finally:
        client.close()
    assert said[:3] == ["1000", "xnat", "/site"]
    assert "xnat-bootstrap" in said
    assert not [word for word in said if word.endswith("pip")]
    assert made["Entrypoint"] == ["xnat-bootstrap"]
    assert made["Healthcheck"]["Test"][:2] == ["CMD", "python"]


# Whether it is well


@pytest.fixture(scope="module")
def health() -> ModuleType:
    spec = importlib.util.spec_from_file_location("health", FOLDER / "health.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def started_with(folder: Path, *words: str) -> Path:
    file = folder / "cmdline"
    file.write_bytes("\0".join(["/opt/xnat-bootstrap/bin/python", "xnat-bootstrap", *words, ""]).encode())
    return file


def test_a_container_that_runs_another_verb_is_well(health: ModuleType, tmp_path: Path) -> None:
    assert health.main(started_with(tmp_path, "apply", "sites/practice")) == 0


def test_a_server_that_does_not_run_is_not_well(health: ModuleType, tmp_path: Path) -> None:
    assert health.main(started_with(tmp_path, "practice", "--state", str(tmp_path))) == 1


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["practice", "--state", "/state"], "/state"),
        (["practice", "--state=/state", "--port", "1"], "/state"),
        (["practice"], ".practice"),
    ],
)
def test_its_state_folder_is_found(health: ModuleType, words: list[str], state: str) -> None:
    assert health.state_of(words) == Path(state)


def test_a_server_that_answers_is_well_and_one_that_is_down_is_not(health: ModuleType, tmp_path: Path) -> None:
    started = started_with(tmp_path, "practice", "--state", str(tmp_path / "state"))
    with PracticeServer(tmp_path / "state", clock=FAST, faults=["unavailable GET nth=2"]):
        assert [health.main(started), health.main(started)] == [0, 1]
