"""The archive as other rooms see it: things are found by address, made, given files, deleted; and the news is told.

archive.find(site, "/archive/projects/P/subjects/S/experiments/E/scans/1/resources/DICOM")
                                    Project, Subject, Experiment, Scan, Reconstruction, Resource or None
archive.upload(site, user, owners.of(scan), "NIFTI", [Incoming("a/b.nii", Path(...))])     files are moved in
archive.make_subject, make_session, make_assessor, make_scan, make_resource, delete

subjects, experiments, scans        by_id, by_label, of_subject, of_session, ...
resources.of(site, owner), resources.folder(site, resource)     files.of(site, resource): path, place, size
places.reported(site, path)         the same place as XNAT names it
experiment_items.whole(site, experiment)                        its item, with scans and resources
news.HAPPENED                       on the bus: what was made, changed, deleted
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import experiments, files, news, owners, projects, reconstructions, resources, scans
from bootstrap.practice.data import subjects as people
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import Incoming
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.news import News
from bootstrap.practice.data.owners import Owner, Thing
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.resources import Facts, Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_FRONTS = ("/data/archive/", "/REST/archive/", "/archive/", "/data/", "/REST/")


@dataclass(frozen=True)
class Upload:
    resource: Resource
    duplicates: list[str]  # files that were there already and have stayed as they were


def find(site: Site, address: str) -> Thing | Resource | None:
    """What is at an address; labels and IDs will do. What follows `files` is not looked at."""
    steps = _steps(address)
    found: Thing | Resource | None = None
    for kind, asked in steps:
        found = _step(site, found, kind, asked)
        if found is None or isinstance(found, Resource):
            return found
    return found


def make_subject(site: Site, user: str, project: str, label: str, said: Item) -> Subject:
    made = people.create(site, user, project, label, said)
    news.tell(site, [News(news.CREATED, made, project, user)])
    return made


def make_session(site: Site, user: str, made: Experiment, said: Item) -> Experiment:
    """`made` is what `experiments.new_session` says; scans that are said of it are made too."""
    below = said.children.pop(types.SCANS, [])
    with site.storage.write():
        session = experiments.create(site, user, made, said)
        several = [scans.create(site, session, one.fields.get("ID", ""), one.type, one) for one in below]
    told: list[news.Thing] = [session, *several]
    news.tell(site, [News(news.CREATED, one, session.project, user) for one in told])
    return session


def make_assessor(site: Site, user: str, session: Experiment, label: str, said: Item) -> Experiment:
    made = experiments.create(site, user, experiments.new_assessor(session, label, said.type), said)
    news.tell(site, [News(news.CREATED, made, made.project, user)])
    return made


def change_assessor(site: Site, user: str, assessor: Experiment, said: Item) -> Experiment:
    changed = experiments.change(site, assessor, said)
    news.tell(site, [News(news.UPDATED, changed, changed.project, user)])
    return changed


def make_scan(site: Site, user: str, session: Experiment, scan: str, said: Item) -> Scan:
    made = scans.create(site, session, scan, said.type, said)
    news.tell(site, [News(news.CREATED, made, session.project, user)])
    return made


def make_resource(site: Site, user: str, owner: Owner, label: str, facts: Facts | None = None) -> Resource:
    made = resources.create(site, user, owner, label, facts)
    news.tell(site, [News(news.CREATED, made, _project(site, owner), user)])
    return made


def upload(
    site: Site,
    user: str,
    owner: Owner,
    label: str,
    several: Iterable[Incoming],
    *,
    facts: Facts | None = None,
    overwrite: bool = False,
    counts: bool = True,
) -> Upload:
    """Into the resource of that label, which is made if there is none."""
    with site.storage.write():
        there = resources.find(site, owner, label)
        resource = there or resources.create(site, user, owner, label, facts)
        if there and facts:
            resource = resources.describe(site, there, facts)
        duplicates = files.put(site, user, resource, several, facts=facts, overwrite=overwrite, counts=counts)
    how = news.UPDATED if there else news.CREATED
    news.tell(site, [News(how, resource, _project(site, owner), user)])
    return Upload(resource, duplicates)


def delete(site: Site, user: str, thing: Thing | Resource, *, remove_files: bool = True) -> None:
    """With all that hangs on it. Projects have their own module."""
    if isinstance(thing, Subject):
        _delete_subject(site, user, thing, remove_files=remove_files)
    elif isinstance(thing, Experiment):
        experiments.delete(site, user, thing, remove_files=remove_files)
    elif isinstance(thing, Scan) and (session := experiments.by_id(site, thing.session)):
        scans.delete(site, session, [thing])
        news.tell(site, [News(news.DELETED, thing, session.project, user)])
    elif isinstance(thing, Reconstruction) and (session := experiments.by_id(site, thing.session)):
        reconstructions.delete(site, session, thing)
    elif isinstance(thing, Resource):
        project = _project(site, thing.owner)
        resources.delete(site, thing)
        news.tell(site, [News(news.DELETED, thing, project, user)])


def _delete_subject(site: Site, user: str, subject: Subject, *, remove_files: bool) -> None:
    own = owners.of(subject)
    folder = owners.folder(site, own)
    with site.storage.write():
        for one in experiments.of_subject(site, subject.id):
            if not one.session:
                experiments.delete(site, user, one, remove_files=remove_files)
        for resource in resources.of(site, own):
            site.storage.change("DELETE FROM resources WHERE number = ?", resource.number)
        people.delete(site, subject)
    if remove_files and folder:
        shutil.rmtree(folder, ignore_errors=True)
    news.tell(site, [News(news.DELETED, subject, subject.project, user)])


def _project(site: Site, owner: Owner) -> str:
    owned = owners.thing(site, owner)
    return owners.project(site, owned) if owned else ""


def _steps(address: str) -> Iterator[tuple[str, str]]:
    """Pairs such as projects and its ID; `in` and `out` go with the resources behind them."""
    front = next((front for front in _FRONTS if address.startswith(front)), "/")
    parts = [part for part in address.removeprefix(front).split("/") if part]
    at = 0
    while at < len(parts):
        if parts[at] in (owners.IN, owners.OUT) and parts[at + 1 : at + 2] == ["resources"]:
            yield f"{parts[at]}/resources", parts[at + 2] if at + 2 < len(parts) else ""
            at += 3
        else:
            yield parts[at], parts[at + 1] if at + 1 < len(parts) else ""
            at += 2


def _step(site: Site, above: Thing | Resource | None, kind: str, asked: str) -> Thing | Resource | None:
    if kind == "projects" and above is None:
        return projects.find_by_name(site, asked)
    if kind == "subjects" and (above is None or isinstance(above, Project)):
        by_label = people.by_label(site, above.id, asked) if above else None
        return by_label or people.by_id(site, asked)
    if kind == "experiments" and (above is None or isinstance(above, Project | Subject)):
        return _experiment(site, above, asked)
    if isinstance(above, Experiment) and kind in ("scans", "assessors", "reconstructions"):
        return _of_session(site, above, kind, asked)
    side, _, last = kind.rpartition("/")
    if last == "resources" and above is not None and not isinstance(above, Resource):
        return resources.find(site, owners.of(above, side), asked)
    return None


def _experiment(site: Site, above: Project | Subject | None, asked: str) -> Experiment | None:
    project = above.id if isinstance(above, Project) else above.project if above else ""
    return (experiments.by_label(site, project, asked) if project else None) or experiments.by_id(site, asked)


def _of_session(site: Site, session: Experiment, kind: str, asked: str) -> Thing | None:
    if kind == "scans":
        return scans.find(site, session.id, asked)
    if kind == "reconstructions":
        return reconstructions.find(site, session.id, asked)
    return _experiment(site, projects.find(site, session.project), asked)
