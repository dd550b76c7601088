"""What a filter looks at, and what the logging action keeps: the object of an event as it is when it is worked off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.practice.data import experiments, models, resources, scans, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.events.happenings import Payload

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_ARCHIVE = "/archive"
_OF_A_PROJECT = frozenset({"subjects"})


def newest(site: Site, thing: Subject | Experiment | Scan | Resource) -> Payload | None:
    """None if it is gone."""
    found: Thing | Resource | None
    if isinstance(thing, Subject):
        found = subjects.by_id(site, thing.id)
    elif isinstance(thing, Experiment):
        found = experiments.by_id(site, thing.id)
    elif isinstance(thing, Scan):
        found = scans.by_number(site, thing.number)
    else:
        found = resources.by_number(site, thing.number)
    return of(site, found) if found else None


def of(site: Site, thing: Thing | Resource) -> Payload:
    """As the Container Service sees it, but for a few names."""
    whole = thing if not _is_project(thing) else None
    levels = models.EVERYTHING if whole is not None else _OF_A_PROJECT
    document = dict(models.of(site, thing, levels))
    kind = document["type"]
    if kind == "Session":
        document["modalities-in-study"] = _modalities(document)
    elif kind == "Assessor":
        document["uri"] = str(document["uri"]).removeprefix(_ARCHIVE)
    elif kind == "Project":
        document["investigators"] = []
        document["subjects"] = [_of_project(one, document["uri"]) for one in document["subjects"]]
    elif kind == "Subject":
        document.pop("subject-assessors")
    return document


def _is_project(thing: Thing | Resource) -> bool:
    from bootstrap.practice.data.projects import Project

    return isinstance(thing, Project)


def _modalities(session: dict[str, Any]) -> list[str | None]:
    return list(dict.fromkeys(scan.get("modality") for scan in session["scans"]))


def _of_project(subject: Payload, above: str) -> Payload:
    shown = {name: value for name, value in subject.items() if name != "subject-assessors"}
    return shown | {"uri": f"{above}/subjects/{subject['id']}"}
