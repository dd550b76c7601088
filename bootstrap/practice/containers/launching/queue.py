"""Launches that were asked for: accepted at once, staged later, and taken up again after a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bootstrap.practice.bus import HANDLER_DELAY
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.launching import chains, staging, waiting, workflow
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

UNASSIGNED = "To be assigned"
_log = logging.getLogger(__name__)


class NotAccepted(Exception):
    """The launch could not even be queued; in XNAT's words."""


def submit(site: Site, request: Request) -> str:
    """The workflow, as a text; without a root that has a value there is none yet."""
    with site.storage.write():
        told, request = _with_workflow(site, _in_chain(site, request))
        number = waiting.enqueue(site, request)
        workflow.follow(site, request.workflow, "_Queued")
    waiting.begin(site, number)
    return told


@room.at_start
def take_up(site: Site) -> None:
    """What is queued from now on, and what was when the server stopped, however it did."""
    site.bus.on(waiting.QUEUED, lambda facts: _stage(site, facts["launch"]))
    for row in site.storage.rows("SELECT id FROM launches ORDER BY id"):
        site.background.later(HANDLER_DELAY, _job(site, row["id"], again=True))


def pipeline_of(site: Site, request: Request) -> str:
    """The wrapper's name. One that is named needs not be there."""
    if not request.wrapper:
        return request.name
    try:
        command = store.command_of(site, request.wrapper)
    except Problem as error:
        raise NotAccepted(error.text) from error
    return next(one.name or "" for one in command.wrappers if one.id == request.wrapper)


def _with_workflow(site: Site, request: Request) -> tuple[str, Request]:
    if not request.root:
        return UNASSIGNED, request
    pipeline = pipeline_of(site, request)
    if request.target is None:
        return UNASSIGNED, request
    if not request.target:
        return str(workflow.about_nothing(site)), request
    number = workflow.for_target(site, request, pipeline)
    return str(number), request.with_workflow(number)


def _in_chain(site: Site, request: Request) -> Request:
    return request if request.orchestration else chains.begun(site, request)


def _job(site: Site, number: int, *, again: bool = False) -> Callable[[], None]:
    return lambda: _stage(site, number, again=again)


def _stage(site: Site, number: int, *, again: bool = False) -> None:
    """A server that is about to stop leaves it to the next one: an engine that hangs must not keep it."""
    if not site.background.is_closing and _is_given_a_workflow(site, number):
        staging.stage(site, number, again=again)


def _is_given_a_workflow(site: Site, number: int) -> bool:
    """What was enqueued without one, as one of many or as a step, gets its own now. False if it can never be run."""
    request = waiting.find(site, number)
    if request is None:
        return False
    if request.workflow is not None or not (request.bulk or request.step):
        return True
    try:
        with site.storage.write():
            _, request = _with_workflow(site, _in_chain(site, request))
            waiting.change(site, number, request)
    except NotAccepted as error:
        _log.info("launch %d of %s: %s", number, request.user, error)
        waiting.remove(site, number)
        return False
    return True
