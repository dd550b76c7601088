"""What a path below /data is about, whose resources and files are asked for: one thing, or several scans at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bootstrap.practice.data import addresses, owners, reconstructions, resources, rights, scans, submitted
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.owners import Owner, Thing
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Call, Refusal, decode_segment

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_LOST = 'Cannot invoke "org.nrg.xdat.om.XnatProjectdata.getId()" because "this.proj" is null'


@dataclass(frozen=True)
class Target:
    things: tuple[Thing, ...]  # several scans, or one of anything; none where no scan fits
    project: str
    side: str
    uri: str  # how the path of their files begins, of several scans without the scans

    @property
    def owners(self) -> tuple[Owner, ...]:
        return tuple(owners.of(thing, self.side) for thing in self.things)

    def may_edit(self, call: Call) -> bool:
        return rights.may_edit(call.site, call.caller, self.project)

    def may_delete(self, call: Call) -> bool:
        return rights.may_delete(call.site, call.caller, self.project)


def find(call: Call) -> Target:
    """A Refusal where there is nothing, or nothing that the caller may see."""
    side = call.parts.get("TYPE", "")
    if side not in ("", owners.IN, owners.OUT):
        raise Refusal(bodies.status_page(404))
    if "ASSESSED_ID" in call.parts:
        return _below_session(call, side)
    if "EXPT_ID" in call.parts:
        return _of_experiment(call, addresses.readable(call), side)
    if "SUBJECT_ID" in call.parts:
        subject = addresses.subject(call)
        if subject is None:
            raise Refusal(bodies.status_page(404, "Unable to identify subject"))
        return Target((subject,), subject.project, side, _front(call, subject))
    project = addresses.project(call)
    if project is None or not rights.may_read(call.site, call.caller, project.id):
        raise Refusal(bodies.status_page(404))
    return Target((project,), project.id, side, f"/data/projects/{project.id}")


def labels(call: Call) -> list[str]:
    """The resources that the path names, as labels are stored: with the escapes of the path."""
    segments = call.raw_path.split("/")
    asked = call.parts["RESOURCE_ID"]
    raw = next(one for before, one in pairwise(segments) if before == "resources" and decode_segment(one) == asked)
    return [submitted.escaped(one) for one in raw.split(",")]


def named(site: Site, target: Target, asked: list[str]) -> Iterator[tuple[Thing, Resource]]:
    """Those of its resources that are asked for, by label or number."""
    for thing, owner in zip(target.things, target.owners, strict=True):
        for one in asked:
            if found := resources.find(site, owner, one):
                yield thing, found


def every(site: Site, target: Target) -> Iterator[tuple[Thing, Resource]]:
    for thing, owner in zip(target.things, target.owners, strict=True):
        for resource in resources.of(site, owner):
            yield thing, resource


def _below_session(call: Call, side: str) -> Target:
    session = addresses.session(call)
    if session is None:
        raise Refusal(bodies.status_page(404, "Unable to identify experiment"))
    front = _front(call, session)
    if "SCAN_ID" in call.parts:
        return _of_scans(call, session, front)
    if "RECON_ID" in call.parts:
        found = reconstructions.find(call.site, session.id, call.parts["RECON_ID"])
        if found is None:
            raise Refusal(bodies.status_page(404, "Unable to identify reconstruction"))
        return Target((found,), session.project, side, f"{front}/reconstructions/{found.id}/{side or owners.OUT}")
    assessor = addresses.readable(call)
    found_one = _of_experiment(call, assessor, side)
    return Target(found_one.things, session.project, side, f"{front}/assessors/{found_one.things[0].id}")


def _of_scans(call: Call, session: Experiment, front: str) -> Target:
    asked = call.parts["SCAN_ID"]
    found = tuple(scans.chosen(call.site, session.id, asked))
    if not found and asked not in ("ALL", "*"):
        raise Refusal(bodies.status_page(500 if call.method == "GET" else 404, _LOST))
    return Target(found, session.project, "", front)


def _of_experiment(call: Call, found: Experiment | None, side: str) -> Target:
    if found is None:
        raise Refusal(bodies.status_page(404, "Unable to identify experiment"))
    return Target((found,), found.project, side, _front(call, found))


def _front(call: Call, thing: Subject | Experiment) -> str:
    """By IDs, but along the path that was asked."""
    front = f"/data/projects/{thing.project}" if "PROJECT_ID" in call.parts else "/data"
    if isinstance(thing, Subject):
        return f"{front}/subjects/{thing.id}"
    if "SUBJECT_ID" in call.parts:
        front += f"/subjects/{thing.subject}"
    return f"{front}/experiments/{thing.session or thing.id}"
