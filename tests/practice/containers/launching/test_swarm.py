"""Services of a swarm, asked for from a client of our own making that notes what it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bootstrap.practice.containers import engine
from bootstrap.practice.containers.launching import log_stream
from bootstrap.practice.containers.launching.backends import CREATED, ENDED, RUNNING, Order
from bootstrap.practice.containers.launching.swarm_backend import SwarmBackend
from bootstrap.practice.containers.server import Server

THEN = "2026-11-21T10:00:00.5Z"
DOCUMENT: dict[str, Any] = {
    "docker-image": "a:1",
    "command-line": "run 'a b'",
    "override-entrypoint": False,
    "working-directory": "/w",
    "container-labels": {"lab": "x"},
    "ports": {"80": "8080"},
    "network": "net",
    "shm-size": 64,
    "generic-resources": {"gpu": "1", "kind": "big"},
    "swarm-constraints": ["node.labels.type==gpu"],
    "limit-cpu": 0.5,
    "limit-memory": 10,
    "reserve-memory": 5,
}


class Client:
    def __init__(self) -> None:
        self.made: list[tuple[Any, dict[str, Any]]] = []
        self.scaled: list[int] = []
        self.removed: list[str] = []
        self.tasks_there: list[dict[str, Any]] = []

    def create_service(self, template: Any, **more: Any) -> dict[str, str]:
        self.made.append((template, more))
        return {"ID": "s1"}

    def inspect_image(self, name: str) -> dict[str, str]:
        return {"Id": name}

    def inspect_service(self, _number: str) -> dict[str, Any]:
        return {"Version": {"Index": 7}}

    def update_service(self, _number: str, version: int, *, mode: Any, fetch_current_spec: bool) -> None:
        assert (version, fetch_current_spec) == (7, True)
        self.scaled.append(mode["replicated"]["Replicas"])

    def services(self, filters: dict[str, Any]) -> list[dict[str, str]]:
        return [{"ID": "s1", "CreatedAt": THEN}] if "s1" in filters.get("id", ["s1"]) else []

    def tasks(self, filters: dict[str, Any]) -> list[dict[str, Any]]:
        assert filters == {"service": ["s1"]}
        return self.tasks_there

    def remove_service(self, number: str) -> None:
        self.removed.append(number)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    one = Client()

    @contextmanager
    def talking_to(_server: Server, *, read_seconds: float = 0.0) -> Iterator[Client]:
        assert read_seconds > 0
        yield one

    monkeypatch.setattr(engine, "talking_to", talking_to)
    return one


@pytest.fixture
def swarm() -> SwarmBackend:
    return SwarmBackend(Server(1, {"backend": "swarm", "container-user": "1000"}))


@pytest.mark.parametrize("by_shell", [False, True])
def test_a_service_is_made_without_a_task(client: Client, swarm: SwarmBackend, by_shell: bool) -> None:
    document = DOCUMENT | {"override-entrypoint": by_shell}
    order = Order(document, {"A": "b"}, (("/here", "/there", False),), {"mark": "1"})
    assert swarm.create(order) == "s1"
    template, more = client.made[0]
    spec = template["ContainerSpec"]
    words = ["/bin/sh", "-c", "run 'a b'"] if by_shell else ["run", "a b"]
    assert spec.get("Command" if by_shell else "Args") == words
    assert (spec["Env"], spec["User"], spec["Dir"]) == (["A=b"], "1000", "/w")
    assert [(one["Source"], one["Target"], one["ReadOnly"]) for one in spec["Mounts"][:1]] == [
        ("/here", "/there", True)
    ]
    assert (spec["Mounts"][1]["Target"], spec["Mounts"][1]["TmpfsOptions"]) == ("/dev/shm", {"SizeBytes": 64})
    assert template["Placement"] == {"Constraints": ["node.labels.type==gpu"]}
    assert template["RestartPolicy"]["Condition"] == "none"
    limits = template["Resources"]["Limits"]
    assert (limits["NanoCPUs"], limits["MemoryBytes"]) == (500_000_000, 10 << 20)
    assert more["mode"]["replicated"]["Replicas"] == 0
    assert more["labels"] == {"lab": "x", "mark": "1"}
    assert more["endpoint_spec"]["Ports"] == [{"PublishedPort": 8080, "TargetPort": 80, "Protocol": "tcp"}]
    assert more["networks"] == ["net"]


def test_it_is_started_and_killed_by_its_number_of_tasks_and_removed(client: Client, swarm: SwarmBackend) -> None:
    swarm.start("s1")
    swarm.kill("s1")
    swarm.remove("s1")
    swarm.forget({"mark": "1"})
    assert (client.scaled, client.removed) == ([1, 0], ["s1", "s1"])


def task(state: str, **status: Any) -> dict[str, Any]:
    return {"ServiceID": "s1", "CreatedAt": THEN, "Status": {"State": state, "Timestamp": THEN, **status}}


@pytest.mark.parametrize(
    ("tasks", "stage", "how", "exit_code"),
    [
        ([], CREATED, "", None),
        ([task("preparing")], RUNNING, "", None),
        ([task("running")], RUNNING, "", None),
        ([task("complete", ContainerStatus={"ExitCode": 0})], ENDED, "complete", "0"),
        ([task("complete")], ENDED, "complete", "0"),
        ([task("failed", ContainerStatus={"ExitCode": 3})], ENDED, "failed", "3"),
        ([task("rejected")], ENDED, "rejected", None),
        ([task("shutdown")], ENDED, "shutdown", None),
    ],
)
def test_its_task_says_how_far_it_is(
    client: Client, swarm: SwarmBackend, tasks: list[dict[str, Any]], stage: str, how: str, exit_code: str | None
) -> None:
    client.tasks_there = tasks
    state = swarm.states(["s1"], ())["s1"]
    assert (state.stage, state.how, state.exit_code) == (stage, how, exit_code)
    assert swarm.states(["gone"], ()) == {}


def test_its_log_is_asked_for_as_that_of_a_service(
    client: Client, swarm: SwarmBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def read(_client: Client, path: str, parameters: dict[str, Any], *, seconds: float) -> Iterator[bytes]:
        asked.append((path, parameters, seconds > 0))
        yield b"x"

    monkeypatch.setattr(log_stream, "read", read)
    assert list(swarm.logs("s1", "stderr", since=5)) == [b"x"]
    expected = {"stdout": 0, "stderr": 1, "timestamps": 0, "follow": 0, "since": 5}
    assert asked == [("/services/s1/logs", expected, True)]
