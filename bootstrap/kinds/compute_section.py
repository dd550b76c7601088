"""The section `compute`: what XNAT runs containers on, in XNAT's own spelling, and what this tool does about it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from bootstrap.config.section import Model, Section
from bootstrap.config.site import Site

Backend = Literal["docker", "swarm", "kubernetes"]


def _named(name: str, description: str, **more: Any) -> Any:
    return Field(**{"default": None, "alias": name, "description": description, **more})


def _text(name: str, description: str) -> Any:
    return _named(name, description, max_length=255)


class Constraint(Model):
    attribute: str = Field(min_length=1, max_length=255, description="what a node has, such as node.labels.gpu")
    comparator: Literal["==", "!="] = Field("==", description="`==` or `!=`")
    values: list[str] = Field(min_length=1, description="what it may be; the first one is the default")
    user_settable: bool = Field(False, alias="user-settable", description="may who launches choose among the values")


class Compute(Model):
    backend: Backend | None = Field(None, description="docker, swarm or kubernetes; null is docker")
    name: str | None = Field(None, max_length=255, description="what it is called; null is Local socket")
    host: str | None = Field(
        None,
        max_length=255,
        description="where XNAT itself finds the engine: unix:///var/run/docker.sock or tcp://HOST:2375; not used "
        "with kubernetes",
    )
    cert_path: str | None = _text("cert-path", "a folder on XNAT's machine with ca.pem, cert.pem and key.pem")
    xnat_prefix: str | None = _text(
        "path-translation-xnat-prefix", "how a path begins for XNAT; replaced for docker and swarm"
    )
    docker_prefix: str | None = _text(
        "path-translation-docker-prefix", "how the same path begins on the engine's machine"
    )
    pull_on_init: bool | None = _named(
        "pull-images-on-xnat-init", "whether a start of XNAT pulls the images of all commands; null is no"
    )
    container_user: str | None = _text(
        "container-user", "whom containers run as; with kubernetes a number; null is the image's own"
    )
    auto_cleanup: bool | None = _named(
        "auto-cleanup", "whether containers are removed when they have ended; null is yes"
    )
    constraints: list[Constraint] | None = _named(
        "swarm-constraints", "on which nodes of a swarm or cluster containers may run; null is any"
    )
    finalizing_jobs: int | None = _named(
        "max-concurrent-finalizing-jobs", "how many ended services of a swarm are taken in at once; null is any", ge=1
    )
    status_email: bool | None = _named(
        "status-email-enabled", "whether who launched is sent a mail when it has ended; null is yes"
    )
    gpu_vendor: str | None = _text("gpu-vendor", "nvidia or amd; kubernetes only")
    archive_pvc: str | None = _text("archive-pvc-name", "the volume claim that holds the archive; kubernetes only")
    build_pvc: str | None = _text("build-pvc-name", "the volume claim that holds the build folder; kubernetes only")
    combined_pvc: str | None = _text("combined-pvc-name", "one volume claim for both; kubernetes only")
    archive_translation: str | None = _text(
        "archive-path-translation", "how paths of the archive begin before the volume claim's own part"
    )
    build_translation: str | None = _text(
        "build-path-translation", "how paths of the build folder begin before the volume claim's own part"
    )
    combined_translation: str | None = _text(
        "combined-path-translation", "the same for one volume claim that holds both"
    )
    required: bool = Field(
        True, description="whether a run without an engine is incomplete (exit code 5), or what needs it is deferred"
    )
    build_engine: str | None = Field(
        None, description="the engine that images are built and pulled on; DOCKER_HOST, else the local one"
    )
    protected: bool = Field(False, description="never put back to what a fresh XNAT has")
    ignore: list[str] = Field(default_factory=list, description="keys that are neither compared nor written")

    def said(self) -> dict[str, Any]:
        """What the file says of XNAT's document, by XNAT's own names."""
        own = {"required", "build_engine", "protected", "ignore"}
        return {
            type(self).model_fields[name].alias or name: _plain(getattr(self, name))
            for name in type(self).model_fields
            if name in self.model_fields_set - own
        }


def _plain(value: Any) -> Any:
    return [one.model_dump(by_alias=True) for one in value] if isinstance(value, list) else value


COMPUTE = Section(
    key="compute",
    shape=Compute,
    doc="What XNAT runs containers on, and whether a run of this tool needs it.",
    example="""\
backend: docker
host: unix:///var/run/docker.sock
auto-cleanup: true
required: false
""",
)


def compute_of(site: Site) -> Compute:
    """The section of a site; all defaults where the file does not have it."""
    section: Compute | None = site.section("compute")
    return section or Compute()
