"""/data/subjects/{ID} and /data/projects/{ID}/subjects/{ID}: made and changed by PUT, made by POST, read, deleted."""

from __future__ import annotations

from bootstrap.practice.data import (
    addresses,
    archive,
    item_forms,
    projects,
    rights,
    schema,
    subjects,
    submitted,
    tables,
)
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subjects import BadLabel, Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_ONE, _IN_PROJECT = "/data/subjects/{SUBJECT_ID}", "/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}"
_PROJECT_COLUMNS = ("ID", "Secondary_ID", "Name", "label")
_BY_ID_ONLY = (
    "Unable to find the specified subject. When searching by subject ID only, you must specify the accession number "
    "and not the subject label, which is not unique across the XNAT system. {} is not a known subject accession ID."
)
_IN_NO_PROJECT = (
    "Unable to find the specified subject. "
    "The project {} does not contain a subject identifiable by the ID or label {}."
)
_NO_PROJECT = "Submitted subject record must include the project attribute."
_ELSEWHERE = "Project must be modified through separate URI."


@room.get(_ONE)
@room.get(_IN_PROJECT)
def show(call: Call) -> Answer:
    """Of any project, by its ID; what follows the path does not matter."""
    subject, asked = _found(call), call.parts["SUBJECT_ID"]
    if subject is None or not rights.may_read(call.site, call.caller, subject.project):
        project = addresses.project(call)
        return bodies.status_page(
            404, _IN_NO_PROJECT.format(project.id, asked) if project else _BY_ID_ONLY.format(asked)
        )
    return of_projects(call, subject) if call.tail == "/projects" else item_forms.answer(call, subject.item)


def of_projects(call: Call, found: Subject | Experiment) -> Answer:
    """The one that it is in: nothing is shared here."""
    own = projects.find(call.site, found.project)
    row = {"ID": found.project, "Secondary_ID": own.running_title, "Name": own.title} if own else {}
    return tables.answer(call, _PROJECT_COLUMNS, [row | {"label": found.label}], title="Projects")


@room.put(_ONE)
@room.put(_IN_PROJECT)
def put(call: Call) -> Answer:
    if call.tail.startswith("/projects"):
        return bodies.not_built("the projects of a subject")
    if call.tail:
        return bodies.status_page(400)
    subject = _existing(call)
    if subject and call.query.get("label"):
        return _rename(call, subject, call.query["label"])
    said = _said(call)
    project = _project(call, subject, said)
    label = said.fields.get("label") or (subject.label if subject else call.parts["SUBJECT_ID"])
    if subject is None or label != subject.label:
        subject = subjects.by_label(call.site, project, label)  # a document's label counts, not the path's
    return _store(call, subject, project, label, said)


@room.post("/data/projects/{PROJECT_ID}/subjects")
def post(call: Call) -> Answer:
    said = _said(call)
    project = _project(call, None, said)
    label = said.fields.get("label") or said.fields.get("ID")
    if not label:
        return bodies.status_page(500)
    if subjects.by_label(call.site, project, label):
        return bodies.status_page(409, "Subject already exists.")
    answer = _store(call, None, project, label, said)
    made = subjects.by_label(call.site, project, label)
    return addresses.created(call, made.id) if made else answer


@room.delete(_ONE)
@room.delete(_IN_PROJECT)
def delete(call: Call) -> Answer:
    if call.tail:
        return bodies.not_built("the projects of a subject")
    subject = _existing(call)
    if subject is None or not rights.may_read(call.site, call.caller, subject.project):
        return bodies.status_page(404, "Unable to find the specified subject.")
    if not rights.may_delete(call.site, call.caller, subject.project):
        return bodies.status_page(403)
    remove = submitted.is_true(call, "removeFiles")
    archive.delete(call.site, call.caller.name, subject, remove_files=remove)
    return bodies.nothing()


def _found(call: Call) -> Subject | None:
    """By label in the project of the path, or by ID anywhere."""
    project, asked = addresses.project(call), call.parts["SUBJECT_ID"]
    in_project = subjects.by_label(call.site, project.id, asked) if project else None
    return in_project or subjects.by_id(call.site, asked)


def _existing(call: Call) -> Subject | None:
    """As `_found`, but not of another project than the path's."""
    subject = _found(call)
    if subject is None or "PROJECT_ID" not in call.parts:
        return subject
    project = addresses.project(call)
    return subject if project and project.id == subject.project else None


def _said(call: Call) -> Item:
    said = submitted.read(call, schema.SUBJECT)
    if said.type != schema.SUBJECT:
        raise Refusal(bodies.status_page(422, "Only xnat:Subject documents can be PUT to this address."))
    return said


def _project(call: Call, subject: Subject | None, said: Item) -> str:
    """Where it belongs: as the path says, or else the item."""
    of_path = addresses.project(call)
    there = subject.project if subject else of_path.id if of_path else None
    if "PROJECT_ID" in call.parts and of_path is None:
        there = None
    elif there is None and (named := addresses.visible(call, said.fields.get("project", ""))):
        there = named.id
    if there is None:
        raise Refusal(bodies.status_page(422, _NO_PROJECT))
    if said.fields.get("project", there) != there:
        raise Refusal(bodies.status_page(409, _ELSEWHERE))
    return there


def _store(call: Call, subject: Subject | None, project: str, label: str, said: Item) -> Answer:
    """201 if it is new. Its ID is the answer."""
    accession = said.fields.get("ID", "")
    if subject and accession not in ("", subject.id):
        return bodies.status_page(400, "ID cannot be modified")
    if accession and not schema.is_id(accession):
        return bodies.status_page(417, "Invalid character in subject label.")
    if not rights.may_edit(call.site, call.caller, project):
        verb = "edit" if subject else "create"
        text = f"Specified user account has insufficient {verb} privileges for subjects in this project."
        return bodies.status_page(403, text)
    if faults := said.faults():
        return bodies.status_page(400, "\n".join(faults))
    if subject is None and accession and subjects.by_id(call.site, accession):
        return bodies.status_page(409, _ELSEWHERE)
    try:
        made = subject or archive.make_subject(call.site, call.caller.name, project, label, said)
        if subject:
            subjects.change(call.site, subject, said)
    except (BadLabel, CannotBeStored):
        return bodies.status_page(500)
    return bodies.as_text(made.id, 200 if subject else 201)


def _rename(call: Call, subject: Subject, label: str) -> Answer:
    """Nothing else that is said is looked at."""
    if not rights.may_edit(call.site, call.caller, subject.project):
        return bodies.status_page(403)
    if label == subject.label:
        return bodies.nothing()
    if subjects.by_label(call.site, subject.project, label):
        return bodies.status_page(409, "Specified label is already in use.")
    try:
        archive.rename_subject(call.site, subject, label)
    except BadLabel:
        return bodies.status_page(500)
    return bodies.nothing()
