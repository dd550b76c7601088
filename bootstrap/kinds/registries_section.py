"""The section `registries`: where images come from and go to, in XNAT's own spelling."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site
from bootstrap.kinds.image_reference import DOCKER_HUB, host_of_url
from bootstrap.values import Secret
from bootstrap.xnat.engine_door import Credentials


class Registry(Model):
    identity: ClassVar[str | None] = "name"

    name: str = Field(min_length=1, max_length=255, description="what it is called")
    url: str = Field(
        min_length=1,
        max_length=255,
        description="its address, such as https://ghcr.io; Docker Hub is https://index.docker.io/v1/; with a swarm the "
        "bare host",
    )
    username: str | None = Field(None, max_length=255, description="who signs in there; null is nobody")
    password: Secret | None = Field(None, description="the password, best as `!env NAME`; XNAT never shows it again")
    email: str | None = Field(None, max_length=255, description="the account's address; few registries ask for it")
    token: Secret | None = Field(None, description="an identity token; XNAT never shows it again")
    default: Literal[True] | None = Field(
        None, description="`true`: images that name no registry are pulled from here; one registry only"
    )
    was: str | None = Field(None, description="its name before")
    protected: bool = Field(False, description="never deleted or renamed")
    ignore: list[str] = Field(default_factory=list, description="fields that are neither compared nor written")


REGISTRIES = Section(
    key="registries",
    shape=list[Registry],
    doc="Where images are pulled from and pushed to. Others are left alone.",
    example="""\
- name: ghcr
  url: https://ghcr.io
  username: robot
  password: !env GHCR_PASSWORD
""",
)


def registries_of(site: Site) -> list[Registry]:
    return list(site.section("registries") or ())


def credentials_for(site: Site, host: str) -> Credentials | None:
    """How the file signs in at the registry of this host."""
    for registry in registries_of(site):
        if host_of_url(registry.url) == host and registry.username and registry.password:
            return Credentials(registry.username, registry.password)
    return None


def repository_in(registry: Registry, name: str) -> str:
    """Where an image of this name lies there, unless the file says it; empty where it cannot be told."""
    host = host_of_url(registry.url)
    if host == DOCKER_HUB:
        return f"{registry.username}/{name}" if registry.username else ""
    return f"{host}/{name}"
