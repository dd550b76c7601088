"""A home inside a container of a Docker engine: one that is named, or the one of a compose service."""

from __future__ import annotations

import os
import shutil
import socket
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from bootstrap.errors import HomeFailed, HomeUnreachable
from bootstrap.xnat.home import DEFAULT_FOLDER, LOG_LINES, PART, stamp_now
from bootstrap.xnat.home_shell import MAKE_FOLDER, ShellHome

if TYPE_CHECKING:
    from docker import DockerClient

LOCAL = "unix:///var/run/docker.sock"
_UNIX = "unix://"
STOP_SECONDS = 120  # XNAT writes its caches and ends its jobs first; Docker's own ten would kill it
_END, _TRIES = "that-is-all", 5
_ANSWER_SECONDS = 60 + 2 * STOP_SECONDS
SERVICE_LABEL, PROJECT_LABEL = "com.docker.compose.service", "com.docker.compose.project"
# Who gets what is put into a folder: the account that the container runs as; where that is root, the folder's.
_OWNER_OF = MAKE_FOLDER + ' && if [ "$(id -u)" = 0 ]; then stat -c "%u %g" "$1"; else echo "$(id -u) $(id -g)"; fi'


class ContainerHome(ShellHome):
    """`container` by name or id, or `service` by its labels, `project` where several have a service of that name."""

    def __init__(
        self,
        container: str | None = None,
        *,
        service: str | None = None,
        project: str | None = None,
        folder: str | None = None,
        engine: str | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._container_name, self._service, self._project, self._folder = container, service, project, folder
        self._engine = engine or environ.get("DOCKER_HOST") or LOCAL
        self.name = f"the container {container}" if container else f"the compose service {service}"
        self.stamp = stamp_now()

    @cached_property
    def folder(self) -> PurePosixPath:  # type: ignore[override]
        """As the site file says, else as the container's environment does."""
        if self._folder:
            return PurePosixPath(self._folder)
        with self._opened(f"looking at {self.name}") as container:
            config = container.attrs.get("Config") or {}
        said = dict(word.partition("=")[::2] for word in config.get("Env") or ())
        return PurePosixPath(said.get("XNAT_HOME") or DEFAULT_FOLDER)

    def shell(self, script: str, *arguments: str, doing: str, reads: bool = False) -> str:
        """An engine under load loses what a short command wrote, and then says that all went well."""
        words = ["sh", "-c", f"( {script}\n); code=$?; echo {_END}; exit $code", "sh", *arguments]
        for _ in range(_TRIES if reads else 1):
            with self._opened(doing) as container:
                if container.status != "running":  # nothing can be moved in one that stands still
                    container.start()
                code, said, why = _run(container, words)
            if code:
                raise HomeFailed(f"{doing}: {why.strip()[-800:] or f'the shell ended with {code}'}")
            if said.endswith(f"{_END}\n") or not reads:
                return said.removesuffix(f"{_END}\n")
        raise HomeFailed(f"{doing}: the engine at {self._engine} does not give what the command wrote")

    def fetch(self, path: str, to: Path) -> None:
        doing = f"reading {path} of {self.name}"
        with self._opened(doing) as container, tempfile.TemporaryFile() as packed:
            chunks, _status = container.get_archive(self._at(path))
            packed.writelines(chunks)
            packed.seek(0)
            with tarfile.open(fileobj=packed) as tar:
                _unpack(tar, to, doing)

    def put(self, source: Path, path: str, *, private: bool = False) -> None:
        doing = f"writing {path} in {self.name}"
        place = PurePosixPath(path)
        folder, part = self._at(str(place.parent)), place.name + PART
        owner = self.shell(_OWNER_OF, folder, doing=doing, reads=True).split()
        mode = 0o600 if private else 0o644
        try:
            with self._opened(doing) as container, _packed(source, part, owner, mode) as tar:
                container.put_archive(folder, tar)
        except HomeFailed:  # a full disk takes a part of it
            with suppress(HomeFailed, HomeUnreachable):
                self.shell('rm -f "$1"', f"{folder}/{part}", doing=doing)
            raise
        self.shell('mv -f "$1" "$2"', f"{folder}/{part}", self._at(path), doing=doing)

    def lost_by_restart(self, folder: str) -> str:
        """What is in the container's own layer stays, until somebody makes the container anew."""
        inside = self.folder / folder
        with self._opened(f"looking at the mounts of {self.name}") as container:
            host, mounts = container.attrs.get("HostConfig") or {}, container.attrs.get("Mounts") or ()
        memory = [mount["Destination"] for mount in mounts if mount.get("Type") == "tmpfs"]
        for place in (*memory, *(host.get("Tmpfs") or {})):
            if inside.is_relative_to(place):
                return f"{place} of {self.name} lies in memory (tmpfs): mount a volume or a folder there"
        return ""

    def cannot_restart(self) -> str:
        return ""

    def restart(self) -> None:
        with self._opened(f"restarting {self.name}") as container:
            container.restart(timeout=STOP_SECONDS)

    def logs(self) -> str:
        try:
            with self._opened(f"reading the log of {self.name}") as container:
                said: bytes = container.logs(tail=LOG_LINES)
        except (HomeFailed, HomeUnreachable):
            return ""
        return said.decode("utf-8", "replace")

    # The engine

    @contextmanager
    def _opened(self, doing: str) -> Iterator[Any]:
        """The container as it is now. Nothing of the engine's client is left open."""
        import docker
        import docker.errors
        import requests

        try:
            self._knock()
            with closing(docker.DockerClient(self._engine, version="auto", timeout=_ANSWER_SECONDS)) as client:
                yield self._found(client)
        except docker.errors.APIError as error:
            raise HomeFailed(f"{doing}: the engine at {self._engine} said: {error.explanation or error}") from error
        except (docker.errors.DockerException, requests.RequestException, ConnectionError) as error:
            raise self._silent(doing, error) from error
        except OSError as error:
            raise HomeFailed(f"{doing}: {error.strerror or error}") from error

    def _knock(self) -> None:
        """Docker's own client leaves a socket open behind itself where nobody listens."""
        if self._engine.startswith(_UNIX):
            try:
                with socket.socket(socket.AF_UNIX) as knocking:
                    knocking.connect(self._engine.removeprefix(_UNIX))
            except OSError as error:
                raise self._silent(f"looking for {self.name}", error) from error

    def _silent(self, doing: str, error: Exception) -> HomeUnreachable:
        hint = "see that it runs, and that this account may use it"
        return HomeUnreachable(f"{doing}: no Docker engine answers at {self._engine}: {error}", hint=hint)

    def _found(self, client: DockerClient) -> Any:
        import docker.errors

        if self._service:
            return self._of_service(client, self._service)
        try:
            return client.containers.get(str(self._container_name))
        except docker.errors.NotFound as error:
            raise self._nobody(f"the engine at {self._engine} has no such container") from error

    def _of_service(self, client: DockerClient, service: str) -> Any:
        labels = [f"{SERVICE_LABEL}={service}"]
        if self._project:
            labels.append(f"{PROJECT_LABEL}={self._project}")
        found = client.containers.list(all=True, filters={"label": labels})
        if not found:
            raise self._nobody(f"the engine at {self._engine} has no container of it (`docker compose up` makes one)")
        if len(found) > 1:
            names = ", ".join(sorted(f"{one.name} ({one.labels.get(PROJECT_LABEL, '?')})" for one in found))
            raise self._nobody(
                f"there are several: {names}; name the project as well: `{{compose: ..., project: ...}}`"
            )
        return found[0]

    def _nobody(self, why: str) -> HomeUnreachable:
        return HomeUnreachable(f"looking for XNAT's home in {self.name}: {why}", hint="see that `server.home` is right")


def _run(container: Any, words: list[str]) -> tuple[int, str, str]:
    """How a command ended, and what it wrote to its two ends. The SDK's own way leaves its socket open."""
    from docker.utils.socket import frames_iter

    engine = container.client.api
    begun = engine.exec_create(container.id, words)["Id"]
    taken: dict[int, list[bytes]] = {1: [], 2: []}
    talking = engine.exec_start(begun, socket=True)
    try:
        for end, data in frames_iter(talking, tty=False):  # type: ignore[no-untyped-call]
            taken.setdefault(end, []).append(data)
    finally:
        talking._response.close()
        talking.close()
    out, err = (b"".join(taken[end]).decode("utf-8", "replace") for end in (1, 2))
    return int(engine.exec_inspect(begun)["ExitCode"] or 0), out, err


def _unpack(tar: tarfile.TarFile, to: Path, doing: str) -> None:
    member = tar.next()
    content = tar.extractfile(member) if member else None
    if content is None:
        raise HomeFailed(f"{doing}: it is no file")
    with to.open("wb") as file:
        shutil.copyfileobj(content, file)


@contextmanager
def _packed(source: Path, name: str, owner: list[str], mode: int) -> Iterator[IO[bytes]]:
    """A tar of one file, owned as the folder is that it goes into."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = source.stat().st_size, mode, int(time.time())
    entry.uid, entry.gid = (int(owner[0]), int(owner[1])) if len(owner) == 2 else (0, 0)
    with tempfile.TemporaryFile() as packed:
        with tarfile.open(fileobj=packed, mode="w") as tar, source.open("rb") as content:
            tar.addfile(entry, content)
        packed.seek(0)
        yield packed
