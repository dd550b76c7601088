"""A wrapper launched by the clock: on everything in the subscription's projects that it is for, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bootstrap.facts import type_ancestry
from bootstrap.facts.jsonpath import FilterFault
from bootstrap.facts.payload_filter import passes
from bootstrap.practice.containers.commands.store import Wrapper
from bootstrap.practice.containers.launching import bulk
from bootstrap.practice.containers.launching.request import Request
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.data import experiments, models, projects, rights, scans, schema, subjects
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.events import happenings, payloads
from bootstrap.practice.events.delivery import ActionFailed, Delivery

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_KINDS = ("Project", "ProjectAsset", "Subject", "SubjectAssessor", "Session", "Scan", "Assessor")


def launch(delivery: Delivery, wrapper: Wrapper, root: str) -> None:
    kind = str(wrapper.document["external-inputs"][0]["type"])
    if kind not in _KINDS:
        raise ActionFailed(f"Inputs of type {kind} cannot be launched by a schedule.")
    queued = False
    for project in _projects(delivery):
        targets = [models.uri(delivery.site, one) for one in _candidates(delivery, wrapper, kind, project)]
        if targets:
            _launch(delivery, wrapper, root, project, targets)
            delivery.step(
                "ACTION_STEP", f"Containers queued for {len(targets)} {kind.lower()}(s) in project: {project}"
            )
            queued = True
    if not queued:
        delivery.step("ACTION_STEP", f"No inputs of type: {kind}. Nothing to do.")
    delivery.step("ACTION_COMPLETE", "Done")


def _launch(delivery: Delivery, wrapper: Wrapper, root: str, project: str, targets: list[str]) -> None:
    given = {**delivery.attributes, root: json.dumps(targets)}
    request = Request(delivery.user, given, wrapper=wrapper.id, project=project, root=root)
    try:
        bulk.submit(delivery.site, request)
    except Problem as error:
        raise ActionFailed(error.text) from error


def _projects(delivery: Delivery) -> list[str]:
    """Those that are named, or else all that the acting user can see."""
    site, reader = delivery.site, happenings.reader(delivery.site, delivery.user)
    named = delivery.subscription.filter.projects or [one.id for one in projects.everything(site)]
    return [one for one in named if rights.exists(site, one) and rights.may_read(site, reader, one)]


def _candidates(delivery: Delivery, wrapper: Wrapper, kind: str, project: str) -> Iterator[Thing]:
    """What the contexts and the filter let through."""
    contexts, text = wrapper.document["contexts"], delivery.subscription.filter.payload_filter
    for thing in _things(delivery.site, kind, project):
        xsi_type = schema.PROJECT if isinstance(thing, projects.Project) else thing.type
        if not any(type_ancestry.is_a(xsi_type, context) for context in contexts):
            continue
        if not text or _passes(text, payloads.of(delivery.site, thing)):
            yield thing


def _passes(text: str, payload: happenings.Payload) -> bool:
    try:
        return passes(text, payload)
    except FilterFault:
        return False


def _things(
    site: Site, kind: str, project: str
) -> Iterator[projects.Project | subjects.Subject | experiments.Experiment | scans.Scan]:
    if kind == "Project" and (found := projects.find(site, project)):
        yield found
    if kind == "Subject":
        yield from subjects.in_project(site, project)
    for one in experiments.in_project(site, project) if kind not in ("Project", "Subject") else ():
        if kind == "Scan":
            yield from scans.of_session(site, one.id)
        elif _is(kind, one):
            yield one


def _is(kind: str, one: experiments.Experiment) -> bool:
    if kind == "Session":
        return one.is_session
    return one.is_assessor if kind == "Assessor" else kind == "SubjectAssessor" and not one.is_assessor
