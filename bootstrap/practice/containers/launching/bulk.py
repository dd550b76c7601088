"""One launch for each of many objects: accepted as a whole, submitted one by one."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bootstrap.practice.containers import orchestrations
from bootstrap.practice.containers.launching import queue, waiting
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import Broken

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@dataclass(frozen=True)
class Accepted:
    id: str
    pipeline: str
    requests: tuple[Request, ...]


def submit(site: Site, request: Request) -> Accepted:
    """A Problem where the request as a whole makes no sense; what becomes of each is told by its workflow."""
    if not request.wrapper:
        raise Broken('Cannot invoke "CommandWrapperEntity.getName()" because the wrapper is null')
    targets = _targets(request)
    try:
        pipeline = queue.pipeline_of(site, request)
    except queue.NotAccepted as error:
        raise Broken(str(error)) from error
    number = f"bulk-{request.user}{site.clock.millis()}{secrets.randbelow(10_000)}"
    several = tuple(replace(request, bulk=number, given={**request.given, request.root: target}) for target in targets)
    with site.storage.write():
        numbers = [waiting.enqueue(site, one) for one in several]
    for launch in numbers:
        waiting.begin(site, launch)
    return Accepted(number, _shown(site, request, pipeline), several)


def _targets(request: Request) -> list[str]:
    """The root's value is a list, written as JSON."""
    try:
        several = json.loads(request.target or "")
    except json.JSONDecodeError as error:
        raise Broken(f"Unable to read the list of {request.root or 'a root element'}: {error}") from error
    if not isinstance(several, list):
        raise Broken(f"Unable to read the list of {request.root}: it is none")
    return [str(one) for one in several]


def _shown(site: Site, request: Request, pipeline: str) -> str:
    chosen = orchestrations.chosen(site, request.project) if request.project else None
    if chosen and chosen.enabled and chosen.wrappers[:1] == (request.wrapper,):
        return f"{chosen.name} orchestration"
    return pipeline
