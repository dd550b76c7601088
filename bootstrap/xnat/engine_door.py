"""The one door to a Docker engine besides XNAT's own: images are built, pulled by digest, tagged and pushed here.

Passwords come in as `Secret`; they go to the registry that they are for, and into no message.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from bootstrap.errors import EngineRefused, EngineUnreachable
from bootstrap.values import Secret
from bootstrap.xnat.engine_talk import Talk

if TYPE_CHECKING:
    from docker import APIClient
    from docker.errors import APIError

LOCAL = "unix:///var/run/docker.sock"
_UNIX = "unix://"
_KNOCK_SECONDS = 3.0
_SILENCE_SECONDS = 600  # how long a build or a transfer may say nothing
_TOO_MANY_REQUESTS = 429
_HINT = "start it, or name another one: `compute: {build_engine: ...}`, or DOCKER_HOST"


@dataclass(frozen=True)
class Credentials:
    username: str
    password: Secret


@dataclass(frozen=True)
class EngineImage:
    id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    digests: tuple[str, ...] = ()  # as REPOSITORY@sha256:...


@dataclass(frozen=True)
class Mount:
    """What a container sees (`inside`) of the engine's host (`host`)."""

    container: str
    host: str
    inside: str


class EngineDoor:
    """`build_engine`, else DOCKER_HOST, else the local engine. Nothing is sent before it is used."""

    def __init__(
        self,
        build_engine: str | None = None,
        *,
        environ: Mapping[str, str] = os.environ,
        tell: Callable[[str], None] = lambda _text: None,
        silence: int = _SILENCE_SECONDS,
    ) -> None:
        self._named, self._environ, self._tell, self._silence = build_engine, environ, tell, silence

    @property
    def address(self) -> str:
        return self._named or self._environ.get("DOCKER_HOST") or LOCAL

    def ping(self) -> None:
        with self._failures("asking the engine whether it is there"):
            self._client.ping()

    def image(self, name: str) -> EngineImage | None:
        """By a tag, an id or REPOSITORY@DIGEST; None where the engine does not have it."""
        import docker.errors

        with self._failures(f"looking for the image {name}"):
            try:
                found: Any = self._client.inspect_image(name)  # type: ignore[no-untyped-call]
            except docker.errors.ImageNotFound:
                return None
        labels = (found.get("Config") or {}).get("Labels") or {}
        return EngineImage(str(found["Id"]), labels, tuple(found.get("RepoDigests") or ()))

    def why_not_fetchable(self, name: str, credentials: Credentials | None = None) -> str | None:
        """What keeps the engine from reaching the registry of this image. It asks for a description, and pulls nothing.

        A registry that answers is reached, also where it has no such image or not for this account, and a name that is
        none is no matter of reach: a pull tells that.
        """
        import docker.errors
        import requests

        with self._failures(f"asking for {name}"):
            try:
                self._client.inspect_distribution(name, auth_config=_config(credentials))  # type: ignore[no-untyped-call]
            except requests.Timeout:
                return f"its registry gave no answer within {self._silence} s"
            except docker.errors.APIError as error:
                out_of_reach = error.is_server_error() or error.status_code == _TOO_MANY_REQUESTS
                return _said(error) if out_of_reach else None
        return None

    def build(
        self,
        context: IO[bytes],
        tag: str,
        *,
        args: Mapping[str, str],
        labels: Mapping[str, str],
        platform: str | None = None,
    ) -> None:
        """`context` is a tar with a Dockerfile at its top."""
        doing = f"building the image {tag}"
        with self._failures(doing):
            said = self._client.build(
                fileobj=context,
                custom_context=True,
                tag=tag,
                buildargs=dict(args),
                labels=dict(labels),
                platform=platform,
                rm=True,
                forcerm=True,
                decode=True,
            )
            Talk(doing, self._tell).listen(said)

    def pull(self, repository: str, tag: str, credentials: Credentials | None = None) -> None:
        """`tag` may be a digest."""
        doing = f"pulling {_joined(repository, tag)}"
        with self._failures(doing):
            said = self._client.pull(repository, tag=tag, stream=True, decode=True, auth_config=_config(credentials))
            Talk(doing, self._tell).listen(said)

    def push(self, repository: str, tag: str, credentials: Credentials | None = None) -> None:
        doing = f"pushing {repository}:{tag}"
        with self._failures(doing):
            said = self._client.push(repository, tag=tag, stream=True, decode=True, auth_config=_config(credentials))
            Talk(doing, self._tell).listen(said)

    def tag(self, image: str, repository: str, tag: str) -> None:
        with self._failures(f"tagging {image} as {repository}:{tag}"):
            self._client.tag(image, repository, tag, force=True)

    def mounts(self) -> list[Mount]:
        """Of every container that runs there."""
        with self._failures("listing the mounts of the containers"):
            running = self._client.containers()
        return [
            Mount((one.get("Names") or ["?"])[0].lstrip("/"), str(mount["Source"]), str(mount["Destination"]))
            for one in running
            for mount in one.get("Mounts") or ()
            if mount.get("Source")
        ]

    def __enter__(self) -> EngineDoor:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> APIClient:
        from docker import APIClient
        from docker.utils import kwargs_from_env

        if self.address.startswith(_UNIX):
            _knock(self.address.removeprefix(_UNIX))
        given: dict[str, Any] = {"base_url": self.address}
        if not self._named:
            given |= kwargs_from_env(environment=dict(self._environ))
        return APIClient(**given, version="auto", timeout=self._silence)

    @contextmanager
    def _failures(self, doing: str) -> Iterator[None]:
        """Docker's errors as ours: an engine that is not there is told apart from one that says no."""
        import docker.errors  # takes a while, and few sites build
        import requests

        try:
            yield
        except docker.errors.APIError as error:
            raise EngineRefused(f"{doing}: the engine at {self.address} said: {_said(error)}") from error
        except (docker.errors.DockerException, requests.RequestException, OSError) as error:
            raise EngineUnreachable(
                f"{doing}: no Docker engine answers at {self.address}: {error}", hint=_HINT
            ) from error


def _said(error: APIError) -> str:
    return " ".join(str(error.explanation or error).split())


def _knock(path: str) -> None:
    """Docker's own client leaves a socket open behind itself where nobody listens."""
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no {path}")
    with socket.socket(socket.AF_UNIX) as knocking:
        knocking.settimeout(_KNOCK_SECONDS)
        knocking.connect(path)


def _joined(repository: str, tag: str) -> str:
    return f"{repository}@{tag}" if tag.startswith("sha256:") else f"{repository}:{tag}"


def _config(credentials: Credentials | None) -> dict[str, str] | None:
    if credentials is None:
        return None
    return {"username": credentials.username, "password": credentials.password.reveal()}
