"""Orchestrations that run: the first wrapper of one sets it going, the end of each step begins the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.containers import orchestrations
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.launching import waiting, workflow
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.containers.resolution import objects

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def begun(site: Site, request: Request) -> Request:
    """As the first step of the orchestration that the project has chosen, if it is that."""
    target = request.target
    thing = objects.at(site, target) if target and target.startswith("/") else None
    project = request.project or (objects.project_of(site, thing) if thing else "")
    try:
        wrapper = request.wrapper or store.wrapper_number(site, request.command, request.name)
    except Problem:
        return request
    chosen = orchestrations.chosen(site, project)
    if chosen is None or not chosen.enabled or chosen.wrappers[:1] != (wrapper,):
        return request
    return replace(request, orchestration=chosen.id)


def enqueue_next(site: Site, request: Request, *, succeeded: bool) -> int | None:
    """Of the same object, as the same user, without the values of the first. Its number in the queue, if there is one.

    In the transaction that ends the step before it, so that a killed server neither forgets nor repeats it.
    """
    following = _next(site, request, succeeded=succeeded)
    return waiting.enqueue(site, following) if following else None


def _next(site: Site, request: Request, *, succeeded: bool) -> Request | None:
    if not request.orchestration:
        return None
    try:
        running = orchestrations.get(site, request.orchestration)
    except Problem:
        return None
    step = request.step + 1
    if not running.enabled or step >= len(running.wrappers) or (running.halts and not succeeded):
        return None
    wrapper = store.find_wrapper(site, running.wrappers[step])
    target = _target(site, request)
    if wrapper is None or not wrapper.document["external-inputs"] or target is None:
        return None
    root = wrapper.document["external-inputs"][0]["name"]
    return replace(
        request, wrapper=wrapper.id, command=0, name="", root=root, given={root: target}, step=step, workflow=None
    )


def _target(site: Site, request: Request) -> str | None:
    if request.target:
        return request.target
    found = workflow.find(site, request.workflow)
    return f"/archive/experiments/{found.object}" if found else None
