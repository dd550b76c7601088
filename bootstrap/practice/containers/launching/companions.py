"""Setup and wrapup containers: kept with the container they go with, launched before it and after it.

What the engine has of them is looked after like any other container. That the one they go with goes on or fails is
decided from what is kept of them, again at every look, so that a server that was stopped in between loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.admin import tokens
from bootstrap.practice.containers import server as servers
from bootstrap.practice.containers.launching import beginning, environment, records, running, workflow
from bootstrap.practice.containers.launching.records import SYSTEM, Container, Step
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import EngineFailed, Problem
from bootstrap.practice.containers.resolution.companions import SETUP, WRAPUP, Companion
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_SUFFIX = {SETUP: "-setup", WRAPUP: "-wrapup"}
_NAME = {SETUP: "Setup", WRAPUP: "Wrapup"}
_OF_PARENT = "Failed (Parent)"
_log = logging.getLogger(__name__)


def keep(site: Site, parent: Container, several: Sequence[Companion]) -> list[int]:
    """In the transaction that keeps the container. The numbers of those that run before it."""
    made = [records.add(site, _record(site, parent, one)) for one in several]
    return [one.id for one in made if _kind(one) == SETUP]


def launch(site: Site, number: int) -> None:
    """Once, whoever asks for it. One that cannot be launched has failed."""
    if not records.claim(site, number):
        return
    one = records.find(site, number)
    if one is None or one.engine_id:
        records.give_back(site, number)
        return
    token = tokens.issue(site, one.username)
    try:
        _launch(site, one, token)
    except Problem as error:
        step = Step("Failed", SYSTEM, message=f"Unable to launch: {error.text}", exit_code="1")
        tokens.invalidate(site, token)
        beginning.fail(site, records.find(site, number) or one, step)
    _look_after(site, one)


def take_up(site: Site, one: Container) -> None:
    """One that is not on the engine yet: launched if that is due, ended if nothing is there that it could go with."""
    parent = _parent(site, one)
    if parent is None:
        beginning.fail(site, one, Step(_OF_PARENT, SYSTEM, message="The container that it went with is at its end"))
    elif _kind(one) == SETUP:
        site.background.later(0, lambda: launch(site, one.id))


def is_set_up(site: Site, parent: Container) -> bool:
    """Whether all that runs before it has run. If one of these has failed, so has the container."""
    return _are_through(site, parent, SETUP)


def is_wrapped_up(site: Site, parent: Container, *, succeeded: bool) -> bool:
    """Whether all that runs after it has run; after a failure nothing does. What is not launched yet is launched."""
    waiting = [one for one in records.companions(site, parent.id, WRAPUP) if one.is_open and not one.engine_id]
    if not succeeded:
        for one in waiting:
            beginning.fail(site, one, Step(_OF_PARENT, SYSTEM, message="Parent container failed"))
        return True
    for one in waiting:
        launch(site, one.id)
    return _are_through(site, parent, WRAPUP)


def begin(site: Site, parent: Container) -> None:
    """Start it, as soon as it is set up."""
    if is_set_up(site, parent):
        beginning.begin(site, parent)


def has_ended(site: Site, one: Container) -> int | None:
    """What it went with goes on or fails; its number, if it can be finalised."""
    parent = _parent(site, one)
    if parent is None:
        return None
    if _kind(one) == WRAPUP:
        return parent.id
    begin(site, parent)
    return None


def _launch(site: Site, one: Container, token: Row) -> None:
    """What a server that was stopped had made of it already is taken away."""
    if records.is_terminal(one.status):
        raise EngineFailed(f"it is {one.status}")
    backend = running.backend_of(servers.get(site))
    document = one.document | {"env": one.document["env"] | environment.added(site, one.workflow, token["alias"])}
    if _kind(one) == SETUP:
        document["container-labels"] = environment.labels(site, one.workflow, one.username)
    order = environment.order(site, document, token, {}, (environment.COMPANION, one.id))
    backend.forget(order.marks)
    made = backend.create(order)
    container, service = ("", made) if backend.is_swarm else (made, "")
    one = replace(one, container=container, service=service, alias=token["alias"], document=document)
    records.put_on_engine(site, one)
    beginning.begin(site, one)


def _record(site: Site, parent: Container, one: Companion) -> Container:
    number = workflow.beside(site, parent.workflow, parent.username, _SUFFIX[one.document["subtype"]])
    request = Request(parent.username, project=parent.project, workflow=number)
    return Container(
        *(0, "Created", 0.0, one.command, 0, "", "", parent.backend, one.document["container-name"] or "", number),
        *(parent.username, parent.project, "", one.document | {"object-uris": {}}, request, True, parent.id),
    )


def _are_through(site: Site, parent: Container, kind: str) -> bool:
    several = records.companions(site, parent.id, kind)
    failed = [one for one in several if not one.is_open and one.status != "Complete"]
    if failed:
        _fail(site, parent, kind, several, failed)
        return False
    return not any(one.is_open for one in several)


def _fail(site: Site, parent: Container, kind: str, several: Sequence[Container], failed: Sequence[Container]) -> None:
    """The others of them are killed, or never launched."""
    said = "; ".join(
        f"db id {one.id}, {'service' if one.service else 'container'} id {one.engine_id}" for one in failed
    )
    step = Step(f"Failed ({_NAME[kind]})", SYSTEM, message=f"Failed {_NAME[kind]} container {said}")
    if not beginning.fail(site, parent, step):
        return
    rest = several if kind == WRAPUP else (*several, *records.companions(site, parent.id, WRAPUP))
    for one in rest:
        if one.is_open and not one.engine_id:
            beginning.fail(site, one, step)
        elif one.is_open:
            _kill(site, one)


def _kill(site: Site, one: Container) -> None:
    try:
        running.kill(site, one.username, one)
    except Problem as error:
        _log.info("killing container %s: %s", one.engine_id, error.text)


def _look_after(site: Site, one: Container) -> None:
    """Where one could not be launched, what it goes with fails."""
    parent = _parent(site, one)
    if parent is not None:
        _are_through(site, parent, _kind(one))


def _parent(site: Site, one: Container) -> Container | None:
    """As long as it is open."""
    found = None if one.parent is None else records.find(site, one.parent)
    return found if found and found.is_open else None


def _kind(one: Container) -> str:
    return str(one.document["subtype"])
