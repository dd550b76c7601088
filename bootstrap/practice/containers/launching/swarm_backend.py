"""Services of one task each on a swarm: made without a task, started by asking for one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers import engine
from bootstrap.practice.containers.launching import command_lines, log_stream
from bootstrap.practice.containers.launching.backends import CREATED, ENDED, RUNNING, Order, State
from bootstrap.practice.containers.launching.docker_backend import make_there, moment
from bootstrap.practice.containers.server import Server

if TYPE_CHECKING:
    from docker.types import TaskTemplate

_SECONDS = 60.0
_MEBIBYTE, _BILLION = 1 << 20, 1_000_000_000
_ENDS = ("complete", "failed", "shutdown", "rejected", "orphaned", "remove")
_SHARED_MEMORY = "/dev/shm"


class SwarmBackend:
    is_swarm = True

    def __init__(self, server: Server) -> None:
        self._server = server

    def _talking(self) -> AbstractContextManager[Any]:
        return engine.talking_to(self._server, read_seconds=_SECONDS)

    def create(self, order: Order) -> str:
        from docker.types import EndpointSpec, ServiceMode

        document = order.document
        ports: Any = {int(outer.rpartition(":")[2]): (int(inner), "tcp") for inner, outer in document["ports"].items()}
        with self._talking() as client:
            make_there(self._server, client, document["docker-image"])
            made = client.create_service(
                _template(order, self._server.document.get("container-user")),
                name=document.get("container-name") or str(uuid.uuid4()),
                labels={**document["container-labels"], **order.marks},
                mode=ServiceMode("replicated", replicas=0),
                networks=[document["network"]] if document.get("network") else None,
                endpoint_spec=EndpointSpec(ports=ports) if ports else None,
            )
        return str(made["ID"])

    def start(self, engine_id: str) -> None:
        self._scale(engine_id, 1)

    def states(self, engine_ids: Collection[str], _begun: Collection[str]) -> dict[str, State]:
        with self._talking() as client:
            known = {one["ID"]: one for one in client.services(filters={"id": list(engine_ids)})}
            tasks = client.tasks(filters={"service": list(known)}) if known else []
        latest = {one["ServiceID"]: one for one in sorted(tasks, key=lambda one: str(one["CreatedAt"]))}
        return {number: _state(service, latest.get(number)) for number, service in known.items()}

    def logs(self, engine_id: str, stream: str, *, since: int = 0, stamps: bool = False) -> Iterator[bytes]:
        with self._talking() as client:
            asked = log_stream.parameters(stream, since, stamps=stamps)
            yield from log_stream.read(client, f"/services/{engine_id}/logs", asked, seconds=_SECONDS)

    def kill(self, engine_id: str) -> None:
        self._scale(engine_id, 0)

    def remove(self, engine_id: str) -> None:
        with self._talking() as client:
            client.remove_service(engine_id)

    def forget(self, marks: Mapping[str, str]) -> None:
        labels = [f"{name}={value}" for name, value in marks.items()]
        with self._talking() as client:
            for one in client.services(filters={"label": labels}):
                client.remove_service(one["ID"])

    def _scale(self, engine_id: str, replicas: int) -> None:
        from docker.types import ServiceMode

        with self._talking() as client:
            version = client.inspect_service(engine_id)["Version"]["Index"]
            mode = ServiceMode("replicated", replicas=replicas)
            client.update_service(engine_id, version, mode=mode, fetch_current_spec=True)


def _template(order: Order, user: str | None) -> TaskTemplate:
    from docker.types import ContainerSpec, Placement, Resources, RestartPolicy, TaskTemplate

    document = order.document
    words = command_lines.arguments(document["command-line"], by_shell=document["override-entrypoint"])
    container = ContainerSpec(
        document["docker-image"],
        command=words if document["override-entrypoint"] else None,
        args=None if document["override-entrypoint"] else words,
        env=[f"{name}={value}" for name, value in order.environment.items()],
        workdir=document.get("working-directory") or None,
        user=user or None,
        labels=dict(document["container-labels"]),
        mounts=list(_mounts(order)),
    )
    return TaskTemplate(
        container,
        resources=Resources(
            cpu_limit=int(float(document.get("limit-cpu") or 0) * _BILLION) or None,
            mem_limit=(document.get("limit-memory") or 0) * _MEBIBYTE or None,
            mem_reservation=(document.get("reserve-memory") or 0) * _MEBIBYTE or None,
            generic_resources=_generic(document["generic-resources"]) or None,
        ),
        restart_policy=RestartPolicy(condition="none"),
        placement=Placement(constraints=document["swarm-constraints"]),
    )


def _mounts(order: Order) -> Iterator[Any]:
    from docker.types import Mount

    for here, there, writable in order.binds:
        yield Mount(there, here, type="bind", read_only=not writable)
    size = order.document.get("shm-size")
    if size is not None and size >= 0:
        yield Mount(_SHARED_MEMORY, None, type="tmpfs", tmpfs_size=size)


def _generic(asked: Mapping[str, str]) -> dict[str, int | str]:
    return {name: int(text) if text.isascii() and text.isdigit() else text for name, text in asked.items()}


def _state(service: Mapping[str, Any], task: Mapping[str, Any] | None) -> State:
    made = moment(service.get("CreatedAt"))
    if task is None:
        return State(CREATED, made)
    status = task["Status"]
    name = status["State"]
    code = (status.get("ContainerStatus") or {}).get("ExitCode", 0 if name == "complete" else None)
    if name not in _ENDS:
        return State(RUNNING, made, moment(task["CreatedAt"]))
    when = moment(status.get("Timestamp"))
    return State(ENDED, made, moment(task["CreatedAt"]), when, None if code is None else str(code), how=name)
