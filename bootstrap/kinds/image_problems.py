"""What is wrong with `images` and can be known without a server."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.config.site import Site
from bootstrap.kinds.compute_section import compute_of
from bootstrap.kinds.container_server import KUBERNETES
from bootstrap.kinds.image_uses import ImageUse, loaded
from bootstrap.values import Problem

_OF_A_BUILD = ("args", "platform", "push", "repository")


def image_problems(site: Site) -> Iterator[Problem]:
    found = loaded(site)
    yield from found.problems
    backend = compute_of(site).backend
    for use in found.uses:
        yield from _misplaced(use)
        yield from _moving(use)
        if backend == KUBERNETES:
            yield from _of_a_cluster(use)


def _misplaced(use: ImageUse) -> Iterator[Problem]:
    said = use.image.model_fields_set
    for key in _OF_A_BUILD:
        if key in said and use.form != "build":
            message = f"{use.name}: `{key}` is for an image that is built here"
            yield Problem("error", "image-option", message, "leave it out", use.source(key))
    if "via" in said and use.form != "pull":
        message = f"{use.name}: `via` is for an image that is pulled"
        yield Problem("error", "image-option", message, "leave it out", use.source("via"))
    if use.image.via == "xnat" and use.reference.digest:
        message = f"{use.name}: XNAT cannot pull by a digest"
        yield Problem("error", "image-digest", message, "`via: engine` pulls it here and tags it", use.source("via"))
    if use.form == "present" and use.reference.digest:
        message = f"{use.name}: XNAT knows images by their tags, not by a digest"
        yield Problem("error", "image-digest", message, "write the tag that it has there", use.source("present"))


def _moving(use: ImageUse) -> Iterator[Problem]:
    if use.reference.moves:
        message = f"{use.name}: `latest` is another image from day to day, so a command would change by itself"
        yield Problem("warning", "image-latest", message, "write a version, or a digest", use.source(use.form))


def _of_a_cluster(use: ImageUse) -> Iterator[Problem]:
    if use.form == "build" and use.image.push is None:
        message = f"{use.name}: a cluster cannot have what is only on the engine that built it"
        yield Problem("error", "image-unpushed", message, "`push:` it to a registry", use.source("build"))
    if use.image.via == "xnat":
        message = f"{use.name}: with kubernetes XNAT pulls nothing; its nodes do when something is launched"
        yield Problem("warning", "no-effect", message, "leave `via` out", use.source("via"))
