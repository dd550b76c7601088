"""Things of the archive as JSON: what matchers of the Container Service and filters of the event service look at.

    model = models.of(site, scan)                   with everything below it
    model = models.of(site, project, {"subjects"})  only these levels

What a thing has not is left out. `directory` and `path` are places as XNAT reports them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import experiments, files, owners, places, projects, resources, scans, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import File
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

Model = Mapping[str, Any]
EVERYTHING = frozenset({"subjects", "sessions", "scans", "assessors", "resources", "files"})
_OF_SCAN = {
    "note": "note",
    "modality": "modality",
    "quality": "quality",
    "scanner": "scanner",
    "scanner-manufacturer": "scanner/manufacturer",
    "scanner-model": "scanner/model",
    "scanner-software-version": "scanner/softwareVersion",
    "series-description": "series_description",
    "start-time": "startTime",
    "uid": "UID",
    "scan-type": "type",
}


def of(site: Site, thing: Thing | Resource, levels: Collection[str] = EVERYTHING) -> Model:
    if isinstance(thing, Project):
        return _present(_project(site, thing, levels))
    if isinstance(thing, Subject):
        return _present(_subject(site, thing, levels))
    if isinstance(thing, Scan):
        return _present(_scan(site, thing, levels))
    if isinstance(thing, Resource):
        return _resource(site, thing, _uri_of_owner(site, thing), levels)
    if isinstance(thing, Reconstruction):
        raise TypeError("a reconstruction is looked at by nobody")
    if thing.is_session:
        return _present(_session(site, thing, levels))
    return _present(_assessor(site, thing, levels) if thing.is_assessor else _of_subject(site, thing, levels))


def uri(site: Site, thing: Thing) -> str:
    if isinstance(thing, Project):
        return f"/archive/projects/{thing.id}"
    if isinstance(thing, Subject):
        return f"/archive/subjects/{thing.id}"
    if isinstance(thing, Scan):
        return f"/archive/experiments/{thing.session}/scans/{thing.id}"
    if isinstance(thing, Reconstruction):
        return f"/archive/experiments/{thing.session}/reconstructions/{thing.id}"
    if thing.session:
        return f"/archive/experiments/{thing.session}/assessors/{thing.id}"
    return f"/archive/experiments/{thing.id}"


def _project(site: Site, project: Project, levels: Collection[str]) -> dict[str, Any]:
    item = project.item
    return {
        **_head("Project", project.id, project.id, "xnat:projectData", uri(site, project)),
        "directory": f"{preferences.text(site, 'archivePath')}/{project.id}/{project.current_arc}",
        "title": project.title or None,
        "running-title": project.running_title or None,
        "description": item.text("description") or None,
        "keywords": item.text("keywords") or None,
        "accessibility": project.accessibility,
        "aliases": list(item.texts(projects.ALIAS)),
        "subjects": _several(site, subjects.in_project(site, project.id), levels) if "subjects" in levels else [],
        "project-assets": [],
        "resources": _resources(site, project, levels),
    }


def _subject(site: Site, subject: Subject, levels: Collection[str]) -> dict[str, Any]:
    named = {"group": "group", "source": "src", "initials": "initials"}
    sessions, others = [], []
    if "sessions" in levels:
        own = experiments.of_subject(site, subject.id)
        sessions = [one for one in own if one.is_session]
        others = [one for one in own if not one.is_session and not one.is_assessor]
    return {
        **_head("Subject", subject.id, subject.label, subject.type, uri(site, subject)),
        "project-id": subject.project,
        **{name: subject.item.text(place) or None for name, place in named.items()},
        "sessions": _several(site, sessions, levels),
        "subject-assessors": _several(site, others, levels),
        "resources": _resources(site, subject, levels),
    }


def _session(site: Site, session: Experiment, levels: Collection[str]) -> dict[str, Any]:
    own_scans = scans.of_session(site, session.id) if "scans" in levels else []
    assessors = experiments.assessors_of(site, session.id) if "assessors" in levels else []
    return {
        **_head("Session", session.id, session.label, session.type, uri(site, session)),
        "scans": _several(site, own_scans, levels),
        "assessors": _several(site, assessors, levels),
        "resources": _resources(site, session, levels),
        "directory": _place(site, session) + "/",
        "project-id": session.project,
        "subject-id": session.subject,
        "visit-id": session.item.fields.get("visit_id"),
    }


def _of_subject(site: Site, experiment: Experiment, levels: Collection[str]) -> dict[str, Any]:
    return {
        **_head("SubjectAssessor", experiment.id, experiment.label, experiment.type, uri(site, experiment)),
        "resources": _resources(site, experiment, levels),
        "directory": _place(site, experiment) + "/",
        "project-id": experiment.project,
        "subject-id": experiment.subject,
    }


def _assessor(site: Site, assessor: Experiment, levels: Collection[str]) -> dict[str, Any]:
    return {
        **_head("Assessor", assessor.id, assessor.label, assessor.type, uri(site, assessor)),
        "resources": _resources(site, assessor, levels),
        "directory": _place(site, assessor),
        "project-id": assessor.project,
        "session-id": assessor.session,
        "name": assessor.item.fields.get("name"),
    }


def _scan(site: Site, scan: Scan, levels: Collection[str]) -> dict[str, Any]:
    session = experiments.by_id(site, scan.session)
    fields = scan.item.fields
    directory = f"{_place(site, session)}/SCANS/{scan.id}" if session else None
    return {
        **_head("Scan", scan.id, f"{scan.id} - {scan.scan_type}", scan.type, uri(site, scan)),
        "resources": _resources(site, scan, levels),
        "directory": directory,
        "frames": _number(scan.item),
        "integer-id": scan.number,
        "project-id": session.project if session else None,
        "session-id": scan.session,
        **{name: fields.get(place) or None for name, place in _OF_SCAN.items()},
    }


def _resources(site: Site, thing: Thing, levels: Collection[str]) -> list[Model]:
    if "resources" not in levels:
        return []
    above = uri(site, thing)
    return [_resource(site, one, above, levels) for one in resources.of(site, owners.of(thing))]


def _resource(site: Site, resource: Resource, above: str, levels: Collection[str]) -> Model:
    own = f"{above}/resources/{resource.folder_name}"
    listed = files.of(site, resource) if "files" in levels else []
    return {
        **_head("Resource", resource.label, resource.label, resource.type, own),
        "directory": places.reported(site, resources.folder(site, resource)),
        "files": [_file(site, one, own) for one in listed],
        "integer-id": resource.number,
        "parent-uri": above,
    }


def _file(site: Site, file: File, above: str) -> Model:
    said = file.facts
    return _present(
        {
            "type": "File",
            "label": file.name,
            "uri": f"{above}/files/{file.path}",
            "name": file.name,
            "path": places.reported(site, file.place),
            "tags": said.tags.split(","),
            "format": said.format or None,
            "content": said.format or None,
            "size": file.size,
            "checksum": file.digest or None,
        }
    )


def _several(site: Site, things: Collection[Thing], levels: Collection[str]) -> list[Model]:
    return [of(site, one, levels) for one in things]


def _head(kind: str, number: str, label: str, xsi_type: str, address: str) -> dict[str, Any]:
    return {"type": kind, "id": number, "label": label, "xsiType": xsi_type, "uri": address}


def _place(site: Site, experiment: Experiment) -> str:
    return places.reported(site, places.of_experiment(site, experiment))


def _number(item: Item) -> int | None:
    text = item.fields.get("frames", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _uri_of_owner(site: Site, resource: Resource) -> str:
    owned = owners.thing(site, resource.owner)
    return uri(site, owned) if owned else ""


def _present(document: dict[str, Any]) -> Model:
    return {name: value for name, value in document.items() if value is not None}
