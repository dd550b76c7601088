"""Which happenings there are: projects that are made and deleted. Other rooms tell of theirs on the bus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import projects, rights, subjects
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.events.happenings import HAPPENED, Happening, Payload
from bootstrap.practice.events.room import room
from bootstrap.practice.http.call import Caller

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@room.at_start
def listen(site: Site) -> None:
    site.bus.on(projects.CREATED, lambda facts: _created(site, **facts), after=None)
    site.bus.on(projects.DELETED, lambda facts: _deleted(site, **facts), after=None)


def _created(site: Site, project: str, user: str) -> None:
    """Of the type of the project's archive settings, because it is these that are stored last."""

    def payload(site: Site, reader: Caller) -> Payload | None:
        return _project(site, project) if rights.may_read(site, reader, project) else None

    _tell(site, Happening("ProjectEvent", "CREATED", user, project, "arc:project", project, _uri(project), payload))


def _deleted(site: Site, project: str, user: str) -> None:
    _tell(site, Happening("ProjectEvent", "DELETED", user, project, "xnat:projectData", project, _uri(project)))


def _tell(site: Site, happening: Happening) -> None:
    site.bus.tell(HAPPENED, happening=happening)


def _uri(project: str) -> str:
    return f"/archive/projects/{project}"


def _project(site: Site, project: str) -> Payload | None:
    made = projects.find(site, project)
    if made is None:
        return None
    found: dict[str, Any] = {
        "type": "Project",
        "id": project,
        "label": project,
        "xsiType": "xnat:projectData",
        "uri": _uri(project),
        "resources": [],
        "subjects": [_subject(subject) for subject in subjects.in_project(site, project)],
        "directory": f"{preferences.text(site, 'archivePath')}/{project}/{made.current_arc}",
        "title": made.title or None,
        "description": made.item.text("description") or None,
        "keywords": made.item.text("keywords") or None,
        "accessibility": made.accessibility,
        "aliases": list(made.item.texts(projects.ALIAS)),
        "investigators": [],
        "project-assets": [],
        "running-title": made.running_title or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _subject(subject: Subject) -> Payload:
    named = {"group": "group", "source": "src", "initials": "initials"}
    return {
        "type": "Subject",
        "id": subject.id,
        "label": subject.label,
        "xsiType": "xnat:subjectData",
        "uri": f"{_uri(subject.project)}/subjects/{subject.id}",
        "sessions": [],
        "resources": [],
        "project-id": subject.project,
        **{name: text for name, place in named.items() if (text := subject.item.text(place))},
    }
