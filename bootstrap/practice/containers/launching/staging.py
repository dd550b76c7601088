"""A launch taken out of the queue: resolved, made a container of the engine, and started."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bootstrap.errors import LocalFileError
from bootstrap.practice.admin import tokens
from bootstrap.practice.containers import server as servers
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.launching import (
    beginning,
    chains,
    companions,
    environment,
    records,
    running,
    waiting,
    workflow,
)
from bootstrap.practice.containers.launching.backends import Backend
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import NoServer, NotFound, Problem
from bootstrap.practice.containers.resolution import objects
from bootstrap.practice.containers.resolution.command import Resolved, resolve
from bootstrap.practice.containers.resolution.context import Context, caller_of
from bootstrap.practice.containers.resolution.failures import EngineRefused, LaunchFailed, NotThere, Stumbled
from bootstrap.practice.containers.server import Server

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_log = logging.getLogger(__name__)


def stage(site: Site, number: int, *, again: bool = False) -> None:
    """`again`: a server that was stopped may have begun it."""
    request = waiting.find(site, number)
    if request is None:
        return
    workflow.follow(site, request.workflow, "Staging", "Command resolution")
    try:
        _stage(site, number, request, again=again)
    except LaunchFailed as failure:
        _fail(site, number, request, failure)
    except (Problem, LocalFileError, OSError) as error:
        _fail(site, number, request, Stumbled(str(error)))


def _stage(site: Site, number: int, request: Request, *, again: bool) -> None:
    server = servers.find(site)
    context = _context(site, request)
    resolved = resolve(context, server)
    request = _with_workflow(site, request, context, resolved)
    backend = _backend(server)
    token = tokens.issue(site, request.user)
    document = _document(site, request, resolved, token["alias"])
    order = environment.order(site, document, token, resolved.secrets, (environment.LAUNCH, number))
    try:
        if again:
            backend.forget(order.marks)
        engine_id = backend.create(order)
    except Problem as error:
        tokens.invalidate(site, token)
        raise EngineRefused(error.text) from error
    new = _record(request, context, document, token["alias"], backend, engine_id)
    with site.storage.write():
        made = records.add(site, new, number)
        before = companions.keep(site, made, resolved.companions)
    for one in before:
        companions.launch(site, one)
    if not before:
        beginning.begin(site, made)


def _context(site: Site, request: Request) -> Context:
    try:
        number = request.wrapper or store.wrapper_number(site, request.command, request.name)
        command = store.command_of(site, number)
    except NotFound as error:
        raise NotThere(error.text) from error
    wrapper = next(one for one in command.wrappers if one.id == number)
    project = request.project or project_of_given(site, wrapper.document, request.given)
    return Context(site, caller_of(site, request.user), command, wrapper, request.given, project)


def project_of_given(site: Site, wrapper: Document, given: dict[str, str]) -> str:
    """The project of the first object that is named, whose configuration counts."""
    for one in wrapper["external-inputs"]:
        text = given.get(one["name"], "")
        thing = objects.at(site, text) if text.startswith("/") else objects.with_id(site, one["type"], text)
        if thing is not None:
            return objects.project_of(site, thing)
    return ""


def _with_workflow(site: Site, request: Request, context: Context, resolved: Resolved) -> Request:
    """It is known now what it is about, if it is about one thing."""
    if len(resolved.roots) == 1:
        name, model = context.wrapper.name or "", resolved.roots[0]
        if request.workflow is None:
            request = request.with_workflow(workflow.for_object(site, request, name, model))
        else:
            workflow.complete(site, request.workflow, name, model)
    workflow.follow(site, request.workflow, "Queued")
    return request


def _backend(server: Server | None) -> Backend:
    try:
        if server is None:
            raise NoServer
        return running.backend_of(server)
    except Problem as error:
        raise EngineRefused(error.text) from error


def _document(site: Site, request: Request, resolved: Resolved, alias: str) -> Document:
    """The record, with what the launch adds."""
    added = environment.added(site, request.workflow, alias)
    document = resolved.document
    if twice := added.keys() & document["env"].keys():
        raise Stumbled(f"Multiple entries with same key: {', '.join(sorted(twice))}")
    labels = {**environment.labels(site, request.workflow, request.user), **document["container-labels"]}
    uris = {name: str(model["uri"]) for name, model in resolved.objects.items()}
    return {**document, "env": document["env"] | added, "container-labels": labels, "object-uris": uris}


def _record(
    request: Request, context: Context, document: Document, alias: str, backend: Backend, engine_id: str
) -> Container:
    container, service = ("", engine_id) if backend.is_swarm else (engine_id, "")
    return Container(
        *(0, "Created", 0.0, context.command.id, context.wrapper.id, container, service),
        "swarm" if backend.is_swarm else "docker",
        document.get("container-name") or "",
        *(request.workflow, request.user, context.project, alias, document, request, True),
    )


def _fail(site: Site, number: int, request: Request, failure: LaunchFailed) -> None:
    """Only its workflow tells."""
    _log.info("launch %d of %s: %s: %s", number, request.user, failure.status, failure.details)
    with site.storage.write():
        waiting.remove(site, number)
        workflow.follow(site, request.workflow, failure.status, failure.details)
        following = chains.enqueue_next(site, request, succeeded=False)
    waiting.begin(site, following)
