"""Containers on a Docker engine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers import engine
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.engine import Credentials
from bootstrap.practice.containers.launching import command_lines, log_stream
from bootstrap.practice.containers.launching.backends import CREATED, ENDED, RUNNING, Order, State
from bootstrap.practice.containers.problems import BadRequest
from bootstrap.practice.containers.server import Server

if TYPE_CHECKING:
    from docker import APIClient

_SECONDS = 60.0  # to make a container takes longer than to list images
# An engine that had to start and end a dozen at the same moment has been seen to hang for good.
_CHANGES_AT_ONCE = threading.Semaphore(2)
_MEBIBYTE, _BILLION = 1 << 20, 1_000_000_000
_STAGES = {"created": CREATED, "running": RUNNING, "paused": RUNNING, "restarting": RUNNING}


class DockerBackend:
    is_swarm = False

    def __init__(self, server: Server) -> None:
        self._server = server

    def create(self, order: Order) -> str:
        config = _config(order, self._server.document)
        name = order.document.get("container-name") or None
        with engine.talking_to(self._server, read_seconds=_SECONDS) as client:
            make_there(self._server, client, config["Image"])
        with self._changing() as client:
            return str(client.create_container_from_config(config, name)["Id"])  # type: ignore[no-untyped-call]

    def start(self, engine_id: str) -> None:
        with self._changing() as client:
            client.start(engine_id)

    def states(self, engine_ids: Collection[str], begun: Collection[str]) -> dict[str, State]:
        """The list says who still runs; the others are asked for one by one."""
        found = {}
        with engine.talking_to(self._server) as client:
            for one in client.containers(all=True, filters={"id": list(engine_ids)}):
                number = one["Id"]
                if number in begun and _STAGES.get(one["State"]) == RUNNING:
                    found[number] = State(RUNNING)
                elif number in engine_ids:
                    found[number] = _state(client.inspect_container(number))
        return found

    def logs(self, engine_id: str, stream: str, *, since: int = 0, stamps: bool = False) -> Iterator[bytes]:
        with engine.talking_to(self._server, read_seconds=_SECONDS) as client:
            asked = log_stream.parameters(stream, since, stamps=stamps)
            yield from log_stream.read(client, f"/containers/{engine_id}/logs", asked, seconds=_SECONDS)

    def kill(self, engine_id: str) -> None:
        with self._changing() as client:
            client.kill(engine_id)

    def remove(self, engine_id: str) -> None:
        with self._changing() as client:
            client.remove_container(engine_id, v=True, force=True)

    def forget(self, marks: Mapping[str, str]) -> None:
        labels = [f"{name}={value}" for name, value in marks.items()]
        with self._changing() as client:
            for one in client.containers(all=True, filters={"label": labels}):
                client.remove_container(one["Id"], v=True, force=True)

    @contextmanager
    def _changing(self) -> Iterator[APIClient]:
        with _CHANGES_AT_ONCE, engine.talking_to(self._server, read_seconds=_SECONDS) as client:
            yield client


def make_there(server: Server, client: APIClient, image: str) -> None:
    """Pulled, without anybody's credentials, where the engine has none of that name."""
    from docker.errors import NotFound

    try:
        client.inspect_image(image)  # type: ignore[no-untyped-call]
    except NotFound:
        engine.pull(server, image, Credentials())


def _config(order: Order, server: Document) -> dict[str, Any]:
    document = order.document
    by_shell = document["override-entrypoint"]
    config: dict[str, Any] = {
        "Image": document["docker-image"],
        "Cmd": command_lines.arguments(document["command-line"], by_shell=by_shell) or None,
        "Env": [f"{name}={value}" for name, value in order.environment.items()],
        "WorkingDir": document.get("working-directory") or "",
        "User": server.get("container-user") or "",
        "Labels": {**document["container-labels"], **order.marks},
        "AttachStdout": True,
        "AttachStderr": True,
        "HostConfig": _host_config(order),
    }
    if by_shell:
        config["Entrypoint"] = [""]
    if document["ports"]:
        config["ExposedPorts"] = {f"{inner}/tcp": {} for inner in document["ports"]}
    return config


def _host_config(order: Order) -> dict[str, Any]:
    document = order.document
    found: dict[str, Any] = {
        "Binds": [f"{here}:{there}{'' if writable else ':ro'}" for here, there, writable in order.binds],
        "PortBindings": {f"{inner}/tcp": [_binding(inner, outer)] for inner, outer in document["ports"].items()},
        "MemoryReservation": (document.get("reserve-memory") or 0) * _MEBIBYTE,
        "Memory": (document.get("limit-memory") or 0) * _MEBIBYTE,
        "NanoCpus": int(float(document.get("limit-cpu") or 0) * _BILLION),
        "Ulimits": [_limit(name, text) for name, text in document["ulimits"].items()],
        "Runtime": document.get("runtime") or "",
        "IpcMode": document.get("ipc-mode") or "",
    }
    if document.get("network"):
        found["NetworkMode"] = document["network"]
    if (document.get("shm-size") or -1) >= 0:
        found["ShmSize"] = document["shm-size"]
    return found


def _binding(inner: str, outer: str) -> dict[str, str]:
    """The outer side may be an address and a port."""
    if not inner.strip() or not outer.strip():
        raise BadRequest(f"Container and host port must be set: {inner!r}, {outer!r}")
    address, _, port = outer.rpartition(":")
    return {"HostIp": address, "HostPort": port}


def _limit(name: str, text: str) -> dict[str, Any]:
    soft, _, hard = text.partition(":")
    try:
        return {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)}
    except ValueError as error:
        raise BadRequest(f"Cannot read the limit {name}={text}") from error


def _state(found: dict[str, Any]) -> State:
    state = found["State"]
    return State(
        _STAGES.get(state["Status"], ENDED),
        moment(found.get("Created")),
        moment(state.get("StartedAt")),
        moment(state.get("FinishedAt")),
        str(state.get("ExitCode", "")),
        bool(state.get("OOMKilled")),
    )


def moment(text: str | None) -> float | None:
    """Of the engine's time stamps; None for that of the year 1, which means never."""
    if not text or text.startswith("0001-"):
        return None
    seconds, _, rest = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}.{rest[:6]:0<6}+00:00").timestamp()
