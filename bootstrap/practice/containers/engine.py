"""The Docker engine of a server, asked as the Container Service asks it.

Two ways to fail, as there: `EngineFailed` where the engine, or the wait for it, says no, and `Broken` where there is
nothing to talk to at all.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bootstrap.practice.containers.problems import Broken, EngineFailed, NotFound
from bootstrap.practice.containers.server import KUBERNETES, SWARM, Server

if TYPE_CHECKING:
    from docker import APIClient

_CONNECT_SECONDS, _READ_SECONDS = 3.0, 4.5
_UNIX, _TCP = "unix://", "tcp://"
_LOGGED_IN = "Login Succeeded"


@dataclass(frozen=True)
class Image:
    id: str | None  # None for one that is known only from a command
    tags: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    def printed(self) -> dict[str, Any]:
        return {"image-id": self.id, "tags": list(self.tags), "labels": self.labels}


@dataclass(frozen=True)
class Credentials:
    """What a registry is told; any of it may be missing."""

    url: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    email: str | None = None
    token: str | None = field(default=None, repr=False)

    def as_config(self) -> dict[str, str]:
        named = {"username": self.username, "password": self.password, "email": self.email, "identitytoken": self.token}
        return {name: value for name, value in named.items() if value}


def ping(server: Server) -> None:
    """A Problem if it does not answer, or, as a swarm, does not manage one."""
    if server.backend == KUBERNETES:
        raise EngineFailed("the practice XNAT has no Kubernetes cluster to talk to")
    with _client(server) as client:
        if server.backend == SWARM:
            client.inspect_swarm()
        else:
            client.ping()


def answers(server: Server) -> bool:
    """What a server's document says of it. Where there is nothing to talk to, there is no document either."""
    try:
        ping(server)
    except EngineFailed:
        return False
    return True


def images(server: Server) -> list[Image]:
    if server.backend == KUBERNETES:
        return []
    with _client(server) as client:
        return [Image(one["Id"], tuple(one.get("RepoTags") or ()), one.get("Labels") or {}) for one in client.images()]


def image(server: Server, name: str) -> Image:
    """By name or id; its tags are not told."""
    with _client(server) as client:
        found: dict[str, Any] = client.inspect_image(name)  # type: ignore[no-untyped-call]
    return Image(found["Id"], labels=(found.get("Config") or {}).get("Labels") or {})


def delete_image(server: Server, name: str, *, force: bool) -> None:
    try:
        with _client(server) as client:
            client.remove_image(name, force=force)
    except NotFound as error:
        raise EngineFailed("Image not found") from error
    except EngineFailed as error:
        raise EngineFailed("Could not delete image") from error


def pull(server: Server, name: str, credentials: Credentials) -> Image:
    """Back when it is there."""
    with _client(server) as client:
        for line in client.pull(name, stream=True, decode=True, auth_config=credentials.as_config() or None):
            if "error" in line:
                raise EngineFailed(f"Could not pull image: {line['error']}")
    try:
        return image(server, name)
    except NotFound as error:
        raise EngineFailed(error.text) from error


def log_in(server: Server, credentials: Credentials) -> str:
    """What the registry says to the engine."""
    with _client(server) as client:
        said: dict[str, Any] = client.login(
            credentials.username or "",
            password=credentials.password or "",
            email=credentials.email,
            registry=credentials.url,
            reauth=True,
        )
    return str(said.get("Status"))


def accepts(status: str) -> bool:
    return status == _LOGGED_IN


@contextmanager
def _client(server: Server) -> Iterator[APIClient]:
    """A client whose failures are Problems."""
    import docker.errors  # takes a while, and most of what is served needs no engine
    import requests

    client = None
    try:
        client = _connected(server)
        yield client
    except docker.errors.NotFound as error:
        raise NotFound(_said(error)) from error
    except docker.errors.APIError as error:
        raise EngineFailed(_said(error)) from error
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        if _has_waited(error):
            raise EngineFailed(error) from error
        raise Broken(f"the engine at {server.host} cannot be reached: {_reason(error)}") from error
    finally:
        if client is not None:
            client.close()


def _connected(server: Server) -> APIClient:
    from docker import APIClient

    if not server.host.startswith((_UNIX, _TCP)):
        raise Broken(f"Unsupported protocol scheme found: {server.host!r}")
    certificates = (server.document.get("cert-path") or "").strip()
    local = server.host.startswith(_UNIX)
    if local:
        _knock(server.host.removeprefix(_UNIX))
    timeout: Any = _READ_SECONDS if local else (_CONNECT_SECONDS, _READ_SECONDS)
    return APIClient(
        base_url=server.host,
        version="auto",
        timeout=timeout,
        tls=_tls(Path(certificates)) if certificates and not local else False,
    )


def _knock(path: str) -> None:
    """Docker's own client leaves a socket open behind itself where nobody listens."""
    with socket.socket(socket.AF_UNIX) as knocking:
        knocking.settimeout(_CONNECT_SECONDS)
        knocking.connect(path)


def _tls(folder: Path) -> Any:
    """As the service does it: the engine's certificate is not looked at."""
    from docker.tls import TLSConfig

    client_certificate = (str(folder / "cert.pem"), str(folder / "key.pem"))
    return TLSConfig(client_cert=client_certificate, ca_cert=str(folder / "ca.pem"), verify=False)


def _has_waited(error: BaseException) -> bool:
    """Whether somewhere below it is a time-out."""
    import requests

    below: BaseException | None = error
    while below is not None:
        if isinstance(below, requests.Timeout | TimeoutError):
            return True
        below = below.__cause__ or below.__context__
    return False


def _reason(error: BaseException) -> str:
    """What the operating system said, from under the layers of the client's library."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, OSError) and found.strerror:
            return found.strerror
        found = next((arg for arg in found.args if isinstance(arg, BaseException)), None) or _below(found)
    return str(error)


def _below(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else error.__cause__ or error.__context__


def _said(error: Any) -> str:
    return str(error.explanation or error)
