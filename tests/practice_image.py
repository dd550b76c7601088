"""The image of the tool and the practice server, built here without a network.

    from tests.practice_image import practice_image      # in a conftest.py or a test, with docker_engine

Its base is the Python of the tests, its packages are those that are installed here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import docker
import docker.errors
import pytest

from tests import wheelhouse
from tests.docker_engine import Engine, one_at_a_time
from tests.python_base import python_base

ROOT = Path(__file__).parents[1]
TAG = "xnat-bootstrap/test-tool:1"
DOCKERFILE = "images/xnat-bootstrap/Dockerfile"
_CONTEXT = (".dockerignore", "LICENSE", "README.md", "constraints.txt", "pyproject.toml")


@pytest.fixture(scope="session")
def practice_image(docker_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Stays on the engine, whose cache makes the next build quick."""
    client = docker_engine.client()
    try:
        with one_at_a_time("test-tool"):
            build(client, TAG, context(tmp_path_factory.mktemp("tool")))
        yield TAG
    finally:
        client.close()


def context(folder: Path) -> Path:
    """What a clone has, with a wheelhouse in it."""
    for name in _CONTEXT:
        shutil.copy2(ROOT / name, folder / name)
    for name in ("bootstrap", "images/xnat-bootstrap"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    wheelhouse.fill(folder / "wheelhouse")
    return folder


def build(client: docker.DockerClient, tag: str, folder: Path) -> None:
    arguments = {"BASE_IMAGE": python_base(client)}
    try:
        client.images.build(
            path=str(folder), dockerfile=DOCKERFILE, tag=tag, buildargs=arguments, network_mode="none", rm=True
        )
    except docker.errors.BuildError as error:
        said = "".join(str(line.get("stream", line.get("error", ""))) for line in error.build_log)
        pytest.fail(f"building {DOCKERFILE}: {error}\n{said[-3000:]}")
