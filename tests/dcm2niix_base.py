"""A base on which the image of dcm2niix is built without a network: kept on the engine, as the base of all tests is.

It is made of this machine's dcm2niix, with an apt-get that has nothing left to do; else with debootstrap.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import docker
import docker.errors

from tests.docker_engine import do_without, of_busybox, one_at_a_time
from tests.python_base import add_libraries

_QUICK, _DEBIAN = ("xnat-bootstrap/test-dcm2niix", "1"), ("xnat-bootstrap/test-debian-dcm2niix", "1")
_PROGRAMS = ("dcm2niix", "pigz")
_RELEASE = "bookworm"
_SECONDS = 500  # some mirrors are slow
_APT_GET = b'#!/bin/sh\necho "apt-get $*: it is there"\n'


def dcm2niix_base(client: docker.DockerClient, folder: Path) -> str:
    """Made in a folder, once for an engine."""
    with one_at_a_time("test-dcm2niix"):
        if all(shutil.which(name) for name in _PROGRAMS) and (system := of_busybox()):
            return _kept(client, _QUICK) or _imported(client, _QUICK, _with_programs(system))
        if shutil.which("debootstrap"):
            return _kept(client, _DEBIAN) or _imported(client, _DEBIAN, _debian(folder / "debian"))
    return os.environ.get("BASE_IMAGE") or do_without(
        "install dcm2niix, pigz and a static busybox, or debootstrap, "
        "or set BASE_IMAGE to a Debian that reaches its mirror, for the image of dcm2niix"
    )


def _kept(client: docker.DockerClient, name: tuple[str, str]) -> str | None:
    try:
        client.images.get(":".join(name))
    except docker.errors.ImageNotFound:
        return None
    return ":".join(name)


def _imported(client: docker.DockerClient, name: tuple[str, str], system: bytes) -> str:
    client.api.import_image_from_data(system, repository=name[0], tag=name[1])
    return ":".join(name)


def _with_programs(system: bytes) -> bytes:
    packed = io.BytesIO(system)
    with tarfile.open(fileobj=packed, mode="a") as tar:
        apt_get = tarfile.TarInfo("usr/bin/apt-get")
        apt_get.mode, apt_get.size = 0o755, len(_APT_GET)
        tar.addfile(apt_get, io.BytesIO(_APT_GET))
        programs = [Path(str(shutil.which(name))).resolve() for name in _PROGRAMS]
        for name, program in zip(_PROGRAMS, programs, strict=True):
            tar.add(program, f"usr/bin/{name}")
        add_libraries(tar, programs)
    return packed.getvalue()


def _debian(tree: Path) -> bytes:
    call = ["debootstrap", "--variant=minbase", f"--include={','.join(_PROGRAMS)}", _RELEASE, str(tree)]
    try:
        subprocess.run(call, check=True, capture_output=True, text=True, timeout=_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        do_without(f"debootstrap makes no Debian with dcm2niix: {error} {str(error.stdout)[-500:]}")
    (tree / "etc/apt/sources.list").write_text("")
    return subprocess.run(["tar", "-C", str(tree), "-c", "."], check=True, capture_output=True).stdout
