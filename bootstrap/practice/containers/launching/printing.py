"""A container as it is shown: to who may see it, and, without what is private, to who may only know of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import records
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_REDACTED = "[REDACTED]"
_OF_DOCUMENT = (
    *("docker-image", "container-name", "command-line", "override-entrypoint", "working-directory", "subtype", "env"),
    *("ports", "mounts", "inputs", "outputs", "log-paths", "reserve-memory", "limit-memory", "limit-cpu"),
    *("swarm-constraints", "runtime", "ipc-mode", "auto-remove", "shm-size", "network", "container-labels", "gpus"),
    *("generic-resources", "ulimits", "secrets", "parent-source-object-name"),
)
_NUMBERED = ("mounts", "inputs", "outputs")
_HIDDEN_LISTS: Document = {"mounts": [], "inputs": [], "outputs": [], "history": [], "log-paths": [], "secrets": []}
_HIDDEN_MAPS: Document = {"env": {}, "container-labels": {}}


def whole(site: Site, container: Container) -> Document:
    document = {name: container.document.get(name) for name in _OF_DOCUMENT}
    for name in _NUMBERED:
        document[name] = [{"id": number, **one} for number, one in enumerate(document[name] or [], 1)]
    steps = [_step(row) for row in records.history(site, container.id)]
    return {
        **_head(container),
        **document,
        "log-paths": document["log-paths"] or [],
        "history": steps,
        "swarm": container.backend == "swarm",
    }


def scrubbed(container: Container) -> Document:
    return {
        **_head(container),
        "docker-image": container.document["docker-image"],
        "ports": container.document["ports"],
        "command-line": _REDACTED,
        **_HIDDEN_LISTS,
        **_HIDDEN_MAPS,
        "swarm": container.backend == "swarm",
    }


def _head(container: Container) -> Document:
    return {
        "id": container.id,
        "command-id": container.command,
        "status": container.status,
        "status-time": _moment(container.changed),
        "wrapper-id": container.wrapper,
        "container-id": container.container or None,
        "workflow-id": None if container.workflow is None else str(container.workflow),
        "user-id": container.username,
        "project": container.project or None,
        "backend": container.backend,
        "service-id": container.service or None,
    }


def _step(row: Row) -> Document:
    return {
        "id": row["id"],
        "status": row["status"],
        "entity-type": row["entity_type"],
        "entity-id": row["entity_id"],
        "time-recorded": _moment(row["recorded"]),
        "external-timestamp": _moment(row["happened"]),
        "message": row["message"],
        "exitCode": row["exit_code"],
    }


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
