"""A Docker engine for tests, with the images that they run. Skipped, with the reason, where there is none.

    from tests.docker_engine import docker_engine      # in a conftest.py, named in its __all__

    @pytest.mark.docker
    def test_something(docker_engine: Engine) -> None:
        docker_engine.host, docker_engine.busy, docker_engine.labelled

No registry is needed: the images stand on BASE_IMAGE if that is set, else on an image that is made here, of a static
busybox or with debootstrap. In a pipeline (CI is set) a missing engine is an error.
"""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import socket
import struct
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

import docker
import docker.errors
import pytest
import requests

HOST = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
_CONTEXTS = Path(__file__).parent / "conformance" / "images"
_BASE, _TAG = "xnat-bootstrap/test-base", "1"
_DEBIAN = "bookworm"
_SECONDS = 550  # less than what ends a test that hangs
_PROBE_SECONDS = 60  # in which a container that does nothing has run, on a slow machine too
_INTERPRETER = 3  # a segment of this type in an ELF file names one


@dataclass(frozen=True)
class Engine:
    host: str
    base: str
    busy: str = "conformance/busy:1"  # a shell and the usual small tools
    labelled: str = "conformance/labelled:1"  # carries commands in its label

    def client(self) -> docker.DockerClient:
        return docker.DockerClient(self.host, timeout=_SECONDS)


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[Engine]:
    try:
        _knock()
        client = docker.DockerClient(HOST, timeout=_SECONDS)
        client.ping()
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        do_without(f"no Docker engine answers at {HOST}: {error}")
    try:
        engine = Engine(HOST, _base(client))
        for name, tag in (("busy", engine.busy), ("labelled", engine.labelled)):
            client.images.build(path=str(_CONTEXTS / name), tag=tag, buildargs={"BASE_IMAGE": engine.base}, rm=True)
        yield engine
    finally:
        client.close()


def still_runs_containers() -> bool:
    """Engines have been seen that answer, and start nothing any more."""
    try:
        client = docker.DockerClient(HOST, timeout=_PROBE_SECONDS)
        try:
            client.containers.run(_base(client), ["true"], remove=True, network_mode="none")
        finally:
            client.close()
    except (docker.errors.DockerException, requests.RequestException, OSError):
        return False
    return True


def _knock() -> None:
    """Docker's own client leaves a socket open behind itself where nobody listens, which is an error in a test."""
    if HOST.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.connect(HOST.removeprefix("unix://"))


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """Tests run in several processes: what costs minutes is made by one of them, and the others wait for it."""
    with (Path(tempfile.gettempdir()) / f"xnat-bootstrap-{what}-{os.getuid()}.lock").open("w") as file:
        _wait_for(file, what)
        yield


def _wait_for(file: IO[str], what: str) -> None:
    give_up = time.monotonic() + _SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            assert time.monotonic() < give_up, f"another process has been making {what} for {_SECONDS} s: {file.name}"
            time.sleep(0.2)
        else:
            return


def do_without(reason: str) -> NoReturn:
    """In a pipeline what a test needs is there, or the pipeline is wrong."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _base(client: docker.DockerClient) -> str:
    """The image on which all others stand."""
    if given := os.environ.get("BASE_IMAGE"):
        return given
    name = f"{_BASE}:{_TAG}"
    try:
        client.images.get(name)
    except docker.errors.ImageNotFound:
        client.api.import_image_from_data(_file_system(), repository=_BASE, tag=_TAG)
    return name


def _file_system() -> bytes:
    """A tar of everything that a small system needs."""
    if system := of_busybox():
        return system
    if shutil.which("debootstrap"):
        return _of_debian()
    do_without("set BASE_IMAGE, or install a static busybox or debootstrap, to make the images of the tests")


def of_busybox() -> bytes | None:
    """Such a system of a static busybox; None if there is none."""
    busybox = shutil.which("busybox")
    return _of_busybox(Path(busybox)) if busybox and _is_static(Path(busybox)) else None


def _is_static(program: Path) -> bool:
    """Whether it runs without an interpreter, which is what loads shared libraries: 64 bits only."""
    data = program.read_bytes()
    if data[:5] != b"\x7fELF\x02":
        return False
    (table,), size, count = struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
    return all(struct.unpack_from("<I", data, table + size * one)[0] != _INTERPRETER for one in range(count))


def _of_busybox(busybox: Path) -> bytes:
    applets = subprocess.run([str(busybox), "--list"], check=True, capture_output=True, text=True).stdout.split()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for folder, mode in (("bin", 0o755), ("etc", 0o755), ("root", 0o700), ("tmp", 0o1777), ("usr/bin", 0o755)):
            _add(tar, folder, tarfile.DIRTYPE, mode)
        _add(tar, "bin/busybox", tarfile.REGTYPE, 0o755, busybox.read_bytes())
        _add(tar, "etc/passwd", tarfile.REGTYPE, 0o644, b"root:x:0:0:root:/root:/bin/sh\n")
        _add(tar, "etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\n")
        for applet in applets:
            if applet != "busybox":
                _add(tar, f"bin/{applet}", tarfile.SYMTYPE, 0o777, target="busybox")
        _add(tar, "usr/bin/env", tarfile.SYMTYPE, 0o777, target="/bin/env")
    return packed.getvalue()


def _of_debian() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["debootstrap", "--variant=minbase", _DEBIAN, folder], check=True, capture_output=True)
        return subprocess.run(["tar", "-C", folder, "-c", "."], check=True, capture_output=True).stdout


def _add(tar: tarfile.TarFile, name: str, kind: bytes, mode: int, data: bytes = b"", *, target: str = "") -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), target
    tar.addfile(entry, io.BytesIO(data))
