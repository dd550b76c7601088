"""Each recording that holds is replayed against a practice XNAT."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests
import yaml
from _pytest.mark import ParameterSet

from bootstrap.practice.server import FAST, PracticeServer
from tests.docker_engine import Engine
from tests.practice.conftest import ADMIN

CONFORMANCE = Path(__file__).parents[1] / "conformance"
SCENARIOS = CONFORMANCE / "scenarios"
HASTE = 5
_WITHOUT_AN_ENGINE = ("29-launch-errors", "31-launch-form", "52-orchestration", "61-queues")
_CHAINS = ("13-chain-scan-to-resource", "14-chain-site-wide-session", "19-chain-two-steps")
NEED_AN_ENGINE = {
    *(f"container-service/{name}.yaml" for name in ("02-roles", "03-server-post", "08-image-labels")),
    *(
        f"container-service/{file.name}"
        for file in SCENARIOS.glob("container-service/*.yaml")
        if file.name >= "27" and file.stem not in _WITHOUT_AN_ENGINE
    ),
    *(f"events/{name}.yaml" for name in (*_CHAINS, "20-chain-attributes-and-inputs")),
}


def holds() -> list[str]:
    lines = (CONFORMANCE / "holds.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def replay() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay", CONFORMANCE / "replay.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], PracticeServer]]:
    """One for each folder of recordings: what the others leave makes lists longer than a recording looks at."""
    with ExitStack() as stack:
        started: dict[str, PracticeServer] = {}

        def of(folder: str) -> PracticeServer:
            if folder not in started:
                state = tmp_path_factory.mktemp("conformance") / "state"
                started[folder] = stack.enter_context(PracticeServer(state, clock=FAST))
            return started[folder]

        yield of


@pytest.fixture
def initialised(name: str, servers: Callable[[str], PracticeServer]) -> PracticeServer:
    return servers(name.partition("/")[0])


def check(replay: ModuleType, server: PracticeServer, file: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["replay.py", "check", "--url", server.url, str(file)])
    return int(replay.main())


def unhurried(replay: ModuleType, server: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers of settings are through before the next step, as they were on the server that was recorded."""
    send = replay.Runner.send

    def sent(*arguments: Any, **more: Any) -> requests.Response:
        answer: requests.Response = send(*arguments, **more)
        if server.site and answer.request.method != "GET":
            server.site.background.settle()
        return answer

    monkeypatch.setattr(replay.Runner, "send", sent)


def impatient(file: Path, folder: Path) -> Path:
    """The same, but where it asks again and again it asks more often: the practice clock is a fast one."""
    scenario = yaml.safe_load(file.read_text("utf-8"))
    for until in (step["repeat_until"] for step in scenario["steps"] if "repeat_until" in step):
        until["tries"] = until.get("tries", 30) * HASTE
        until["wait"] = until.get("wait", 1) / HASTE
    copy = folder / file.name
    copy.write_text(yaml.safe_dump(scenario, sort_keys=False), "utf-8")
    return copy


def marked(name: str) -> ParameterSet:
    return pytest.param(name, marks=pytest.mark.docker if name in NEED_AN_ENGINE else ())


@pytest.fixture
def engine_where_needed(name: str, initialised: PracticeServer, request: pytest.FixtureRequest) -> None:
    """The server's own address of the engine, which is where the tests' engine is."""
    if name in NEED_AN_ENGINE:
        engine: Engine = request.getfixturevalue("docker_engine")
        document = {"name": "Tests", "host": engine.host, "auto-cleanup": True}
        answer = requests.post(f"{initialised.url}/xapi/docker/server", json=document, auth=ADMIN, timeout=20)
        assert answer.json()["ping"], answer.text


@pytest.mark.conformance
@pytest.mark.usefixtures("engine_where_needed")
@pytest.mark.parametrize("name", [marked(name) for name in holds()])
def test_the_recording_holds(
    name: str,
    replay: ModuleType,
    initialised: PracticeServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = impatient(SCENARIOS / name, tmp_path)
    if yaml.safe_load(file.read_text("utf-8")).get("needs") == "fresh":
        with PracticeServer(tmp_path / "state", clock=FAST, initialized=False) as server:
            unhurried(replay, server, monkeypatch)
            outcome = check(replay, server, file, monkeypatch)
    else:
        if name.startswith("admin/"):
            unhurried(replay, initialised, monkeypatch)
        outcome = check(replay, initialised, file, monkeypatch)
    assert outcome == 0, capsys.readouterr().out


def test_what_holds_is_there_and_named_once() -> None:
    copied = {f"{file.parent.name}/{file.name}" for file in SCENARIOS.glob("*/*.yaml")}
    assert set(holds()) <= copied
    assert len(holds()) == len(set(holds()))


def test_a_recording_that_does_not_hold_is_noticed(
    replay: ModuleType, servers: Callable[[str], PracticeServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.yaml"
    step = {"name": "no", "request": {"method": "GET", "path": "/data/auth"}, "response": {"status": 418}}
    wrong.write_text(yaml.safe_dump({"title": "wrong", "needs": "any", "steps": [step]}), "utf-8")
    assert check(replay, servers("broken"), wrong, monkeypatch) == 1
