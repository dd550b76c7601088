"""The engine and the image, once for all tests here."""

from __future__ import annotations

from tests.docker_engine import docker_engine
from tests.practice_image import practice_image

__all__ = ["docker_engine", "practice_image"]
