"""Assessors of a session, and its reconstructions: made, changed, read, deleted, listed."""

from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import (
    addresses,
    archive,
    experiment_items,
    experiments,
    item_forms,
    listing,
    reconstructions,
    rights,
    search_elements,
    submitted,
    tables,
    workflows,
)
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data.experiment_routes import NOT_FOUND, removed, rename
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_SESSIONS = (
    "/data/experiments/{ASSESSED_ID}",
    "/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments/{ASSESSED_ID}",
)
_ASSESSORS = tuple(f"{path}/assessors/{{EXPT_ID}}" for path in _SESSIONS)
_LISTS = tuple(f"{path}/reconstructions" for path in _SESSIONS)
_ONE = tuple(f"{path}/{{RECON_ID}}" for path in _LISTS)
_NUMBER, _DEFAULT = "xnat_reconstructedimagedata_id", ("ID", "type", "baseScanType")
_NO_SESSION = (
    "The content of element 'xnat:imageAssessorData' is not complete. "
    "'{\"http://nrg.wustl.edu/xnat\":imageSession_ID}' Required Field"
)
_NO_RECONSTRUCTION = "Unable to find the specified reconstruction."


@room.get(_ASSESSORS[0])
@room.get(_ASSESSORS[1])
def show(call: Call) -> Answer:
    found = addresses.readable(call)
    if found is None:
        return bodies.status_page(404, NOT_FOUND)
    return item_forms.answer(call, experiment_items.whole(call.site, found))


@room.put(_ASSESSORS[0])
@room.put(_ASSESSORS[1])
def put(call: Call) -> Answer:
    if call.tail:
        return bodies.not_built("sharing an assessor")
    existing = addresses.readable(call)
    if existing and not existing.is_assessor:
        return bodies.status_page(500)
    if existing and call.query.get("label"):
        return rename(call, existing, call.query["label"])
    said = submitted.typed(call, existing.type if existing else "")
    if said is None:
        return bodies.status_page(417, "Need POST Contents")
    if not type_ancestry.is_a(said.type, types.ASSESSOR):
        return bodies.status_page(422, "Only xnat:Subject documents can be PUT to this address.")
    return _change(call, existing, said) if existing else _create(call, said)


@room.delete(_ASSESSORS[0])
@room.delete(_ASSESSORS[1])
def delete(call: Call) -> Answer:
    found = addresses.readable(call)
    return removed(call, found) if found else bodies.status_page(404, NOT_FOUND)


@room.get(_LISTS[0])
@room.get(_LISTS[1])
def list_reconstructions(call: Call) -> Answer:
    session = addresses.session(call)
    if session is None:
        return bodies.status_page(404)
    columns = listing.columns(call, types.RECONSTRUCTION, _DEFAULT)
    rows = [
        {_NUMBER: str(one.number)}
        | {column.name: listing.Entry(one.item).value(column) for column in columns}
        | {"URI": f"/data/experiments/{session.id}/reconstructions/{one.id}"}
        for one in reconstructions.of_session(call.site, session.id)
    ]
    return tables.answer(call, [_NUMBER, *(column.name for column in columns), "URI"], rows)


@room.get(_ONE[0])
@room.get(_ONE[1])
def show_reconstruction(call: Call) -> Answer:
    return item_forms.answer(call, _reconstruction(call)[1].item)


@room.put(_ONE[0])
@room.put(_ONE[1])
def put_reconstruction(call: Call) -> Answer:
    session = addresses.session(call)
    if session is None:
        return bodies.status_page(417, "Specified reconstruction must reference a valid image session.")
    _check_edit(call, session)
    said = submitted.read(call, types.RECONSTRUCTION)
    existing = reconstructions.find(call.site, session.id, call.parts["RECON_ID"])
    try:
        if existing:
            reconstructions.change(call.site, existing, said)
        else:
            reconstructions.create(call.site, session, call.parts["RECON_ID"], said)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    except BadLabel:
        return bodies.status_page(500)
    return bodies.nothing()


@room.delete(_ONE[0])
@room.delete(_ONE[1])
def delete_reconstruction(call: Call) -> Answer:
    session, found = _reconstruction(call)
    if not rights.may_delete(call.site, call.caller, session.project):
        return bodies.status_page(403)
    archive.delete(call.site, call.caller.name, found)
    return bodies.nothing()


def _create(call: Call, said: Item) -> Answer:
    session = addresses.session(call)
    if session is None:
        return bodies.status_page(400, _NO_SESSION)
    _check_edit(call, session)
    label = said.fields.get("label") or call.parts["EXPT_ID"]
    if experiments.by_label(call.site, session.project, label):
        return bodies.status_page(409, "Specified label is already in use.")
    try:
        made = archive.make_assessor(call.site, call.caller.name, session, label, said)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    except BadLabel:
        return bodies.status_page(500)
    workflows.record(call.site, call.caller.name, made, f"Added {search_elements.singular(made.type)}")
    return bodies.as_text(made.id, 201)


def _change(call: Call, existing: Experiment, said: Item) -> Answer:
    _check_edit(call, existing)
    if said.fields.get("ID", existing.id) != existing.id:
        return bodies.status_page(400, "ID cannot be modified")
    try:
        archive.change_assessor(call.site, call.caller.name, existing, said)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    workflows.record(call.site, call.caller.name, existing, f"Modified {search_elements.singular(existing.type)}")
    return bodies.as_text(existing.id)


def _check_edit(call: Call, experiment: Experiment) -> None:
    if not rights.may_edit(call.site, call.caller, experiment.project):
        raise Refusal(bodies.status_page(403))


def _reconstruction(call: Call) -> tuple[Experiment, Reconstruction]:
    session = addresses.session(call)
    found = reconstructions.find(call.site, session.id, call.parts["RECON_ID"]) if session else None
    if session is None or found is None:
        raise Refusal(bodies.status_page(404, _NO_RECONSTRUCTION))
    return session, found
