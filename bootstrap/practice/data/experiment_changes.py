"""Experiments made and changed: PUT to /data/experiments/{ID} and those below projects, POST to the lists."""

from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import (
    addresses,
    archive,
    experiments,
    rights,
    scans,
    search_elements,
    submitted,
    workflows,
)
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import subjects as people
from bootstrap.practice.data.experiment_routes import BY_ID, IN_PROJECT, NOT_FOUND, OF_SUBJECT, rename
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.places import BadName
from bootstrap.practice.data.projects import Project
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subjects import BadLabel, Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

NO_CONTENTS = "Need PUT Contents"
OTHER_PROJECT = "Project must be modified through separate URI."
_NO_PROJECT = "Submitted experiment record must include the project attribute."
_NO_SUBJECT = (
    "The content of element 'xnat:subjectAssessorData' is not complete. "
    "'{\"http://nrg.wustl.edu/xnat\":subject_ID}' Required Field"
)


@room.put(BY_ID)
@room.put(IN_PROJECT)
@room.put(OF_SUBJECT)
def put(call: Call) -> Answer:
    if call.tail.startswith("/projects"):
        return bodies.not_built("sharing an experiment")
    if call.tail:
        return bodies.status_page(400)
    if "PROJECT_ID" in call.parts and addresses.project(call) is None:
        return bodies.status_page(404)
    existing = _existing(call)
    if existing and call.query.get("label"):
        return rename(call, existing, call.query["label"])
    said = submitted.typed(call, existing.type if existing else "")
    if said is None:
        return bodies.status_page(417, NO_CONTENTS)
    _check_type(said)
    project = _project(call, existing, said)
    label = said.fields.get("label")
    if label and (existing is None or label != existing.label):
        existing = experiments.by_label(call.site, project.id, label)  # a document's label counts, not the path's
    return _change(call, existing, said) if existing else _create(call, project, said, 201)


@room.post("/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments")
def post(call: Call) -> Answer:
    if addresses.subject(call) is None:
        return bodies.status_page(404)
    said = submitted.typed(call)
    if said is None:
        return bodies.status_page(417, "Need POST Contents")
    _check_type(said)
    project, label = _project(call, None, said), said.fields.get("label", "")
    if not label:
        return bodies.status_page(500)
    if experiments.by_label(call.site, project.id, label):
        return bodies.status_page(409, "Specified experiment already exists.")
    answer = _create(call, project, said, 200)
    made = experiments.by_label(call.site, project.id, label)
    return addresses.created(call, made.id) if made else answer


@room.post("/data/projects/{PROJECT_ID}/experiments")
def post_to_project(_call: Call) -> Answer:
    return bodies.status_page(500)


def _existing(call: Call) -> Experiment | None:
    found = addresses.experiment(call)
    if found and not rights.may_see(call.site, call.caller, found.project):
        raise Refusal(bodies.status_page(404, NOT_FOUND))
    if found and not rights.may_read(call.site, call.caller, found.project):
        raise Refusal(bodies.status_page(417, NO_CONTENTS))
    return found


def _check_type(said: Item) -> None:
    if not type_ancestry.is_a(said.type, types.EXPERIMENT):
        raise Refusal(bodies.status_page(422, "Only xnat:Subject documents can be PUT to this address."))


def _project(call: Call, existing: Experiment | None, said: Item) -> Project:
    """Where it belongs, if the caller may put it there."""
    of_path = addresses.project(call)
    named = existing.project if existing else of_path.id if of_path else said.fields.get("project", "")
    project = addresses.visible(call, named)
    if project is None:
        raise Refusal(bodies.status_page(422, _NO_PROJECT))
    replaces = existing is not None and call.query.get("allowDataDeletion") == "true"
    if said.fields.get("project", "" if replaces else project.id) != project.id:
        raise Refusal(bodies.status_page(409, OTHER_PROJECT))
    if not rights.may_edit(call.site, call.caller, project.id):
        verb = "edit" if existing else "create"
        text = f"Specified user account has insufficient {verb} privileges for experiments in this project."
        raise Refusal(bodies.status_page(403, text))
    return project


def _create(call: Call, project: Project, said: Item, status: int) -> Answer:
    label = said.fields.get("label") or call.parts["EXPT_ID"]
    named = call.parts.get("SUBJECT_ID") or said.fields.get("subject_ID", "")
    if not named:
        return bodies.status_page(400, _NO_SUBJECT)
    if experiments.by_id(call.site, said.fields.get("ID", "")):
        return bodies.status_page(409, OTHER_PROJECT)
    said.fields.pop("subject_ID", None)
    try:
        with call.site.storage.write():
            subject, is_new = _subject(call, project.id, named)
            place = experiments.new_session(project.id, subject.id, label, said.type)
            made = archive.make_session(call.site, call.caller.name, place, said)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    except (BadLabel, BadName):
        return bodies.status_page(500)
    if is_new:
        workflows.record(call.site, call.caller.name, subject, "Auto-created for experiment")
    workflows.record(call.site, call.caller.name, made, f"Added {search_elements.singular(made.type)}")
    return bodies.as_text(made.id, status)


def _change(call: Call, existing: Experiment, said: Item) -> Answer:
    if said.fields.get("ID", existing.id) != existing.id:
        return bodies.status_page(400, "ID cannot be modified")
    below = said.children.pop(types.SCANS, None)
    try:
        with call.site.storage.write():
            if named := said.fields.get("subject_ID"):
                said.fields["subject_ID"] = _subject(call, existing.project, named)[0].id
            experiments.change(call.site, existing, said)
            _change_scans(call, existing, below)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    except (BadLabel, BadName):
        return bodies.status_page(500)
    workflows.record(call.site, call.caller.name, existing, f"Modified {search_elements.singular(existing.type)}")
    return bodies.as_text(existing.id)


def _change_scans(call: Call, session: Experiment, said: list[Item] | None) -> None:
    """Those that a document names; others go only if the caller allows it."""
    site, named = call.site, {one.fields.get("ID", "") for one in said or ()}
    for one in said or ():
        old = scans.find(site, session.id, one.fields.get("ID", ""))
        if old:
            scans.change(site, old, one)
        else:
            archive.make_scan(site, call.caller.name, session, one.fields.get("ID", ""), one)
    if call.query.get("allowDataDeletion") == "true":
        scans.delete(site, session, [scan for scan in scans.of_session(site, session.id) if scan.id not in named])


def _subject(call: Call, project: str, named: str) -> tuple[Subject, bool]:
    """By label or ID, or a new one."""
    there = people.by_label(call.site, project, named) or people.by_id(call.site, named)
    if there and there.project == project:
        return there, False
    return archive.make_subject(call.site, call.caller.name, project, named, Item("xnat:subjectData")), True
