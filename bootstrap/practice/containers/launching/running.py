"""What runs on the engine: which one that is, killed, and what is left of it taken away."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bootstrap.practice.admin import tokens
from bootstrap.practice.containers import server as servers
from bootstrap.practice.containers.launching import records
from bootstrap.practice.containers.launching.backends import Backend
from bootstrap.practice.containers.launching.docker_backend import DockerBackend
from bootstrap.practice.containers.launching.records import USER, Container, Step
from bootstrap.practice.containers.launching.swarm_backend import SwarmBackend
from bootstrap.practice.containers.problems import EngineFailed, Problem
from bootstrap.practice.containers.server import KUBERNETES, SWARM, Server

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_log = logging.getLogger(__name__)


def backend_of(server: Server) -> Backend:
    if server.backend == KUBERNETES:
        raise EngineFailed("the practice XNAT has no Kubernetes cluster to run anything on")
    return SwarmBackend(server) if server.backend == SWARM else DockerBackend(server)


def of(site: Site, container: Container) -> Backend:
    """The engine that is configured now, in the way in which this container was begun."""
    server = servers.get(site)
    return SwarmBackend(server) if container.service else DockerBackend(server)


def kill(site: Site, user: str, container: Container) -> None:
    """Said first, then done: what follows is that the engine tells of its end. What is not there yet never begins."""
    backend = of(site, container)
    records.note(site, container.id, Step("kill", USER, by=user))
    if container.engine_id:
        backend.kill(container.engine_id)


def withdraw_credentials(site: Site, container: Container) -> None:
    if token := tokens.by_alias(site, container.alias):
        tokens.invalidate(site, token)


def clear_away(site: Site, container: Container) -> None:
    """Where the server says so, or the command: what the engine has of it."""
    server = servers.find(site)
    if (
        server is None
        or not container.engine_id
        or not (server.document.get("auto-cleanup") or container.document["auto-remove"])
    ):
        return
    try:
        of(site, container).remove(container.engine_id)
    except Problem as error:
        _log.info("removing container %s: %s", container.engine_id, error.text)
