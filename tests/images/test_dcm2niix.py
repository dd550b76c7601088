"""images/dcm2niix: any Debian will do as its base. Here the base is one whose apt-get is of our own making."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from bootstrap.kinds.build_context import read_context
from bootstrap.xnat.engine_door import EngineDoor
from tests.docker_engine import Engine, docker_engine

__all__ = ["docker_engine"]

FOLDER = Path(__file__).parents[2] / "images" / "dcm2niix"
# Says what it was asked for, and "installs" a program that ends as dcm2niix does when it is asked for its version.
STAND_IN = r"""
FROM {base}
RUN printf '#!/bin/sh\necho "apt-get $*"\nif [ "$1" = install ]; then \
    printf "#!/bin/sh\necho dcm2niix \$*\nexit 3\n" >/usr/bin/dcm2niix; chmod +x /usr/bin/dcm2niix; fi\n' \
    >/usr/bin/apt-get && chmod +x /usr/bin/apt-get && mkdir -p /var/lib/apt/lists/partial
"""


def test_its_base_can_be_chosen_and_is_debian_by_default() -> None:
    instructions = [line for line in (FOLDER / "Dockerfile").read_text().splitlines() if re.match("[A-Z]+ ", line)]
    assert instructions[:2] == ["ARG BASE_IMAGE=debian:bookworm-slim", "FROM ${BASE_IMAGE}"]


def test_only_its_dockerfile_decides_what_it_is() -> None:
    assert [entry.path for entry in read_context(FOLDER, {}).entries] == [".dockerignore", "Dockerfile"]


@pytest.mark.docker
def test_it_builds_on_another_base_and_has_the_program(docker_engine: Engine) -> None:
    client = docker_engine.client()
    base, tag = "xnat-bootstrap/stand-in:1", "xnat-bootstrap/dcm2niix-test:1"
    client.images.build(fileobj=io.BytesIO(STAND_IN.format(base=docker_engine.base).encode()), tag=base, rm=True)
    try:
        with EngineDoor(docker_engine.host) as door, read_context(FOLDER, {}).packed() as packed:
            door.build(packed, tag, args={"BASE_IMAGE": base}, labels={})
        made = client.images.get(tag)
        assert made.attrs["Config"]["Cmd"] == ["dcm2niix", "-h"]
        left = client.containers.run(tag, ["ls", "/var/lib/apt/lists", "/usr/bin/dcm2niix"], remove=True)
        assert left.decode().split() == ["/usr/bin/dcm2niix", "/var/lib/apt/lists:"]
    finally:
        for name in (tag, base):
            client.images.remove(name, force=True)
        client.close()
