"""Where a path of /data leads, and where something has been made."""

from __future__ import annotations

from bootstrap.practice.data import experiments, projects, rights, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call


def project(call: Call) -> Project | None:
    """The project that the path names by its ID or an alias, if the caller may know of it."""
    return visible(call, call.parts.get("PROJECT_ID", ""))


def visible(call: Call, text: str) -> Project | None:
    found = projects.find_by_name(call.site, text) if text else None
    return found if found and rights.may_see(call.site, call.caller, found.id) else None


def created(call: Call, name: str) -> Answer:
    """What POST to a list answers: the address as text, and again as Location, there with the query."""
    path, query = f"{call.raw_path}/{name}", call.request.query_string.decode("latin-1")
    answer = bodies.as_text(call.request.host_url.rstrip("/") + path)
    return answer.with_header("Location", f"{path}?{query}" if query else path)


def experiment(call: Call, part: str = "EXPT_ID") -> Experiment | None:
    """The experiment that the path names: by label in the project of the path, or by ID anywhere."""
    asked, of_path = call.parts[part], project(call)
    by_label = experiments.by_label(call.site, of_path.id, asked) if of_path else None
    return by_label or experiments.by_id(call.site, asked)


def readable(call: Call, part: str = "EXPT_ID") -> Experiment | None:
    """As `experiment`, but only one that the caller may read."""
    found = experiment(call, part)
    return found if found and rights.may_read(call.site, call.caller, found.project) else None


def session(call: Call) -> Experiment | None:
    """The one whose scans, assessors, reconstructions the path is about, if the caller may read it."""
    found = readable(call, "ASSESSED_ID")
    return found if found and found.is_session else None


def subject(call: Call) -> Subject | None:
    """By label in the project of the path, or by ID anywhere; if the caller may read it."""
    asked, of_path = call.parts["SUBJECT_ID"], project(call)
    by_label = subjects.by_label(call.site, of_path.id, asked) if of_path else None
    found = by_label or subjects.by_id(call.site, asked)
    return found if found and rights.may_read(call.site, call.caller, found.project) else None
