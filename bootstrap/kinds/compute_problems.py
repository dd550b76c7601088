"""What is wrong with `compute` and can be known without a server. XNAT checks little of it, and fails later."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.config.site import Site
from bootstrap.kinds.compute_section import Compute
from bootstrap.values import Problem

_SCHEMES = ("unix://", "tcp://")
_VENDORS = ("nvidia", "amd")
_XNAT_PREFIX, _DOCKER_PREFIX = "path-translation-xnat-prefix", "path-translation-docker-prefix"
_OF_KUBERNETES = (
    *("gpu-vendor", "archive-pvc-name", "build-pvc-name", "combined-pvc-name"),
    *("archive-path-translation", "build-path-translation", "combined-path-translation"),
)
_NOT_OF_KUBERNETES = (_XNAT_PREFIX, _DOCKER_PREFIX, "host", "cert-path")


def compute_problems(site: Site) -> Iterator[Problem]:
    section: Compute | None = site.section("compute")
    if section is None:
        return
    yield from _of_any(site, section)
    yield from _of_kubernetes(site, section) if section.backend == "kubernetes" else _of_engines(site, section)


def _problem(site: Site, key: str, rule: str, message: str, hint: str, severity: str = "error") -> Problem:
    return Problem("error" if severity == "error" else "warning", rule, message, hint, site.source("compute", key))


def _of_any(site: Site, section: Compute) -> Iterator[Problem]:
    attributes = [constraint.attribute for constraint in section.constraints or ()]
    for attribute in sorted({each for each in attributes if attributes.count(each) > 1}):
        message = f"two constraints are of {attribute}: XNAT takes one of each attribute"
        yield _problem(site, "swarm-constraints", "constraint-twice", message, "write one with all its values")
    blank = [c.attribute for c in section.constraints or () if not all(value.strip() for value in c.values)]
    for attribute in blank:
        yield _problem(
            site, "swarm-constraints", "constraint-blank", f"the constraint {attribute} has a blank value", ""
        )


def _of_engines(site: Site, section: Compute) -> Iterator[Problem]:
    if section.host is not None and not section.host.startswith(_SCHEMES):
        message = f"XNAT stores the host {section.host!r} and then fails over it"
        yield _problem(site, "host", "engine-address", message, "write unix:///PATH or tcp://HOST:PORT")
    if bool(section.xnat_prefix) != bool(section.docker_prefix):
        there = _XNAT_PREFIX if section.xnat_prefix else _DOCKER_PREFIX
        message = "paths are translated only where both prefixes are given"
        yield _problem(site, there, "half-path-translation", message, "give both, or none", "warning")
    backend = section.backend or "docker"
    yield from _without_effect(site, section, _OF_KUBERNETES, backend)


def _of_kubernetes(site: Site, section: Compute) -> Iterator[Problem]:
    user = section.container_user
    if user and not user.isdecimal():
        message = f"with kubernetes the container user is a number, and this is {user!r}"
        yield _problem(site, "container-user", "kubernetes-user", message, "give its uid, in quotes")
    if section.gpu_vendor and section.gpu_vendor.lower() not in _VENDORS:
        message = f"XNAT knows no GPU vendor {section.gpu_vendor!r}"
        yield _problem(site, "gpu-vendor", "gpu-vendor", message, f"known: {', '.join(_VENDORS)}")
    if section.combined_pvc and (section.archive_pvc or section.build_pvc):
        message = "one volume claim for both, and one for each, exclude each other"
        yield _problem(site, "combined-pvc-name", "volume-claims", message, "leave one of the two out")
    if section.combined_translation and (section.archive_translation or section.build_translation):
        message = "one translation for both, and one for each, exclude each other"
        yield _problem(site, "combined-path-translation", "volume-claims", message, "leave one of the two out")
    if bool(section.archive_pvc) != bool(section.build_pvc):
        there = "archive-pvc-name" if section.archive_pvc else "build-pvc-name"
        message = "archive and build folder need a volume claim each"
        yield _problem(site, there, "volume-claims", message, "give both, or `combined-pvc-name`")
    yield from _without_effect(site, section, _NOT_OF_KUBERNETES, "kubernetes")


def _without_effect(site: Site, section: Compute, keys: tuple[str, ...], backend: str) -> Iterator[Problem]:
    for key, value in section.said().items():
        if key in keys and value:
            yield _problem(site, key, "no-effect", f"`{key}` does nothing with {backend}", "leave it out", "warning")
