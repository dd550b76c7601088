"""Which happenings there are: what is made, changed and deleted in the archive, each told of as XNAT does.

Not everything is told. Scans and resources go silently, a session that is changed says nothing, and a resource is news
only where it is new on a scan, or gets more files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.data import models, news, owners, projects, resources, rights
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.news import CREATED, DELETED, MERGED, UPDATED, News
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.events import payloads
from bootstrap.practice.events.happenings import HAPPENED, Happening, Payload
from bootstrap.practice.events.room import room
from bootstrap.practice.http.call import Caller

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_GONE = {
    "SubjectEvent": "XnatSubjectdata",
    "SessionEvent": "XnatImagesessiondata",
    "SubjectAssessorEvent": "XnatSubjectassessordata",
}


@room.at_start
def listen(site: Site) -> None:
    site.bus.on(projects.CREATED, lambda facts: _project_created(site, **facts), after=None)
    site.bus.on(projects.DELETED, lambda facts: _project_deleted(site, **facts), after=None)
    site.bus.on(news.HAPPENED, lambda facts: _follow(site, facts["news"]), after=None)


def _project_created(site: Site, project: str, user: str) -> None:
    """Of the type of the project's archive settings, because it is these that are stored last."""

    def payload(site: Site, reader: Caller) -> Payload | None:
        found = projects.find(site, project) if rights.may_read(site, reader, project) else None
        return payloads.of(site, found) if found else None

    uri = f"/archive/projects/{project}"
    made = Happening("ProjectEvent", "CREATED", user, project, "arc:project", project, uri, payload, about=project)
    _tell(site, made)


def _project_deleted(site: Site, project: str, user: str) -> None:
    uri = f"/archive/projects/{project}"
    _tell(site, Happening("ProjectEvent", "DELETED", user, project, "xnat:projectData", project, uri))


def _follow(site: Site, told: News) -> None:
    for kind in _kinds(told):
        _tell(site, _gone(told, kind) if told.how == DELETED else _happening(site, told, kind))


def _kinds(told: News) -> Iterator[str]:
    thing, how = told.thing, told.how
    if isinstance(thing, Subject) and how in (CREATED, DELETED):
        yield "SubjectEvent"
    elif isinstance(thing, Scan) and how == CREATED:
        yield "ScanEvent"
    elif isinstance(thing, Resource):
        yield from _of_resource(thing, how)
    elif isinstance(thing, Experiment):
        yield from _of_experiment(thing, how)


def _of_experiment(thing: Experiment, how: str) -> Iterator[str]:
    if thing.is_assessor:
        if how in (CREATED, UPDATED):
            yield "ImageAssessorEvent"
        return
    if thing.is_session and how in (CREATED, MERGED, DELETED):
        yield "SessionEvent"
    if how in (CREATED, DELETED):
        yield "SubjectAssessorEvent"


def _of_resource(thing: Resource, how: str) -> Iterator[str]:
    if how == UPDATED or (how == CREATED and thing.owner.kind == owners.SCAN):
        yield "ResourceEvent"


def _happening(site: Site, told: News, kind: str) -> Happening:
    thing = told.thing
    assert isinstance(thing, Subject | Experiment | Scan | Resource)

    def payload(site: Site, reader: Caller) -> Payload | None:
        return payloads.newest(site, thing) if rights.may_read(site, reader, told.project) else None

    label, about = thing.label, thing.id
    uri = str(resources.place_of_catalog(site, thing)) if isinstance(thing, Resource) else models.uri(site, thing)
    if isinstance(thing, Scan):
        label, about = f"{thing.id} - {thing.scan_type}", str(thing.number)
    happening = Happening(kind, told.how, told.user, told.project, thing.type, label, uri, payload)
    return replace(happening, about=about)


def _gone(told: News, kind: str) -> Happening:
    """Nothing is left to look at, not even an address."""
    return Happening(kind, DELETED, told.user, told.project, told.thing.type, _GONE[kind], None)


def _tell(site: Site, happening: Happening) -> None:
    site.bus.tell(HAPPENED, happening=happening)
