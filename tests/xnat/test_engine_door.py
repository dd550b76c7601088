"""The door to an engine: as an engine of our own making answers, and as a real one does where there is one."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.errors import EngineRefused, EngineUnreachable
from bootstrap.values import Secret
from bootstrap.xnat.engine_door import LOCAL, Credentials, EngineDoor, Mount
from tests.docker_engine import Engine, docker_engine
from tests.practice.containers.fake_engine import FakeEngine

__all__ = ["docker_engine"]

A = "sha256:" + "a" * 64


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        made.add(A, "tool:1.2", labels={"key": "value"})
        yield made


@pytest.mark.parametrize(
    ("named", "environ", "address"),
    [
        ("tcp://a:1", {"DOCKER_HOST": "tcp://b:2"}, "tcp://a:1"),
        (None, {"DOCKER_HOST": "tcp://b:2"}, "tcp://b:2"),
        (None, {}, LOCAL),
    ],
)
def test_which_engine_it_is(named: str | None, environ: dict[str, str], address: str) -> None:
    assert EngineDoor(named, environ=environ).address == address


def test_nothing_is_sent_before_it_is_used() -> None:
    with EngineDoor("tcp://127.0.0.1:1"):
        pass


@pytest.mark.parametrize("host", ["tcp://127.0.0.1:1", "unix:///nowhere/docker.sock", "strange://x"])
def test_an_engine_that_is_not_there_is_told_apart(host: str) -> None:
    with pytest.raises(EngineUnreachable) as caught, EngineDoor(host) as door:
        door.ping()
    assert f"no Docker engine answers at {host}" in caught.value.message
    assert "build_engine" in caught.value.hint
    assert caught.value.exit_code == 5


def test_an_engine_that_says_no_is_told_apart(engine: FakeEngine) -> None:
    engine.stumbles = True
    with pytest.raises(EngineRefused, match="the engine stumbles"), EngineDoor(engine.host) as door:
        door.ping()


def test_images_are_found_by_their_tags(engine: FakeEngine) -> None:
    with EngineDoor(engine.host) as door:
        door.ping()
        found = door.image("tool:1.2")
        assert found
        assert (found.id, found.labels) == (A, {"key": "value"})
        assert door.image("tool:9") is None


def test_a_pull_takes_its_password_to_the_registry_and_nowhere_else(engine: FakeEngine) -> None:
    engine.pullable["org/tool:1"] = {"Id": A, "RepoTags": ["org/tool:1"], "Labels": None}
    lines: list[str] = []
    with EngineDoor(engine.host, tell=lines.append) as door:
        door.pull("org/tool", "1", Credentials("robot", Secret("c4nary")))
        with pytest.raises(EngineRefused) as caught:
            door.pull("org/tool", "2", Credentials("robot", Secret("c4nary")))
    sent = json.loads(urlsafe_b64decode(engine.pulled_with[0] or ""))
    assert sent == {"username": "robot", "password": "c4nary"}
    assert "pulling org/tool:2" in caught.value.message
    assert "c4nary" not in f"{caught.value} {lines} {Credentials('robot', Secret('c4nary'))}"


def test_a_pull_that_fails_half_way_is_an_error(engine: FakeEngine) -> None:
    engine.pullable["tool:3"] = {"error": "layer is corrupt"}
    with pytest.raises(EngineRefused, match="layer is corrupt"), EngineDoor(engine.host) as door:
        door.pull("tool", "3")


def test_a_registry_that_is_not_reached_is_told_from_one_that_has_no_such_image(engine: FakeEngine) -> None:
    engine.pullable["tool:3"] = {}
    with EngineDoor(engine.host) as door:
        assert door.why_not_fetchable("tool:3") is None
        assert door.why_not_fetchable("tool:4") is None
        engine.reaches_registries = False
        assert door.why_not_fetchable("tool:3") == "dial tcp: lookup registry: no such host"
    assert engine.pulled_with == []


def test_a_registry_that_says_nothing_is_not_waited_for(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    import requests
    from docker import APIClient

    def silent(*_all: object, **_more: object) -> None:
        raise requests.ReadTimeout("read timed out")

    monkeypatch.setattr(APIClient, "inspect_distribution", silent)
    with EngineDoor(engine.host, silence=7) as door:
        assert door.why_not_fetchable("tool:3") == "its registry gave no answer within 7 s"


def packed(dockerfile: str) -> io.BytesIO:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        tar.addfile(entry, io.BytesIO(dockerfile.encode()))
    made.seek(0)
    return made


@pytest.mark.docker
def test_a_real_engine_builds_tags_and_lists(docker_engine: Engine) -> None:
    lines: list[str] = []
    name, word = "xnat-bootstrap/door", secrets.token_hex(4)  # a new word, so that the engine has to do it
    with EngineDoor(docker_engine.host, tell=lines.append) as door:
        door.build(
            packed(f"FROM {docker_engine.base}\nARG WORD=none\nRUN echo said $WORD\n"),
            f"{name}:1",
            args={"WORD": word},
            labels={"door": "open"},
        )
        door.tag(f"{name}:1", name, "2")
        first, second = door.image(f"{name}:1"), door.image(f"{name}:2")
        assert first
        assert first == second
        assert first.labels["door"] == "open"
        assert any(f"said {word}" in line for line in lines)
        with pytest.raises(EngineRefused, match="its last lines"):
            door.build(
                packed(f"FROM {docker_engine.base}\nRUN echo before && false\n"), f"{name}:3", args={}, labels={}
            )
        assert door.image(f"{name}:3") is None
    client = docker_engine.client()
    for tag in ("1", "2"):
        client.images.remove(f"{name}:{tag}")
    client.close()


@pytest.mark.docker
def test_mounts_of_what_runs_are_seen(docker_engine: Engine, tmp_path: Path) -> None:
    client = docker_engine.client()
    running = client.containers.run(
        docker_engine.busy, ["sleep", "60"], detach=True, volumes={str(tmp_path): {"bind": "/data/xnat", "mode": "ro"}}
    )
    try:
        with EngineDoor(docker_engine.host) as door:
            assert Mount(str(running.name), str(tmp_path), "/data/xnat") in door.mounts()
    finally:
        running.remove(force=True)
        client.close()
