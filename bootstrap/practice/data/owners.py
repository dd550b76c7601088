"""What a resource can hang on - a project, subject, experiment, scan, reconstruction - and where its folders lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiments, places, reconstructions, scans, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.places import name
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

PROJECT, SUBJECT, EXPERIMENT = "project", "subject", "experiment"
SCAN, RECONSTRUCTION = "scan", "reconstruction"
IN, OUT = "in", "out"
Thing = Project | Subject | Experiment | Scan | Reconstruction


@dataclass(frozen=True)
class Owner:
    kind: str
    id: str  # the project's ID, the accession ID, or the number of the scan's row
    side: str = ""  # of an assessor: IN or OUT


def of(thing: Thing, side: str = "") -> Owner:
    """Resources of an assessor are its output where nothing else is said."""
    if isinstance(thing, Project):
        return Owner(PROJECT, thing.id)
    if isinstance(thing, Subject):
        return Owner(SUBJECT, thing.id)
    if isinstance(thing, Scan):
        return Owner(SCAN, str(thing.number))
    if isinstance(thing, Reconstruction):
        return Owner(RECONSTRUCTION, str(thing.number), side or OUT)
    return Owner(EXPERIMENT, thing.id, (side or OUT) if thing.is_assessor else "")


def thing(site: Site, owner: Owner) -> Thing | None:
    from bootstrap.practice.data import projects

    if owner.kind == PROJECT:
        return projects.find(site, owner.id)
    if owner.kind == SUBJECT:
        return subjects.by_id(site, owner.id)
    if owner.kind == SCAN:
        return scans.by_number(site, int(owner.id))
    if owner.kind == RECONSTRUCTION:
        return reconstructions.by_number(site, int(owner.id))
    return experiments.by_id(site, owner.id)


def session(site: Site, owned: Thing) -> Experiment | None:
    """Of a scan, a reconstruction, an assessor: the session; of a session itself."""
    if isinstance(owned, Scan | Reconstruction):
        return experiments.by_id(site, owned.session)
    if isinstance(owned, Experiment):
        return experiments.by_id(site, owned.session) if owned.session else owned
    return None


def project(site: Site, owned: Thing) -> str:
    if isinstance(owned, Project):
        return owned.id
    if isinstance(owned, Subject | Experiment):
        return owned.project
    found = session(site, owned)
    return found.project if found else ""


def folder(site: Site, owner: Owner) -> Path | None:
    """Where the folders of its resources lie; None if it is gone."""
    owned = thing(site, owner)
    if owned is None:
        return None
    if isinstance(owned, Project):
        return places.of_project(site, owned.id) / "resources"
    if isinstance(owned, Subject):
        return places.of_project(site, owned.project) / "subjects" / name(owned.label)
    if isinstance(owned, Experiment):
        own = places.of_experiment(site, owned)
        return own / (owner.side if owned.session else "RESOURCES")
    above = session(site, owned)
    if above is None:
        return None
    place = places.of_experiment(site, above)
    if isinstance(owned, Scan):
        return place / "SCANS" / name(owned.id)
    return place / "PROCESSED" / name(owned.id) / owner.side
