"""A base image on which apt finds dcm2niix without a network: kept on the engine, as the base of all tests is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import docker
import docker.errors

from tests.docker_engine import do_without, one_at_a_time

BASE = "xnat-bootstrap/test-debian-dcm2niix:1"
_RELEASE = "bookworm"


def debian(client: docker.DockerClient, folder: Path) -> str:
    """Made in a folder, once for an engine."""
    with one_at_a_time("test-debian"):
        try:
            client.images.get(BASE)
        except docker.errors.ImageNotFound:
            if not shutil.which("debootstrap"):
                return os.environ.get("BASE_IMAGE") or do_without(
                    "set BASE_IMAGE to a Debian that reaches its mirror, or install debootstrap, for dcm2niix"
                )
            name, _, tag = BASE.partition(":")
            client.api.import_image_from_data(_file_system(folder / "debian"), repository=name, tag=tag)
    return BASE


def _file_system(tree: Path) -> bytes:
    call = ["debootstrap", "--variant=minbase", "--include=dcm2niix,pigz", _RELEASE, str(tree)]
    made = subprocess.run(call, check=False, capture_output=True, text=True)
    if made.returncode:
        do_without(f"debootstrap makes no Debian with dcm2niix: {made.stdout[-500:]} {made.stderr[-500:]}")
    (tree / "etc/apt/sources.list").write_text("")
    return subprocess.run(["tar", "-C", str(tree), "-c", "."], check=True, capture_output=True).stdout
