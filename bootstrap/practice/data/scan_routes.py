"""Scans of a session: made and changed by PUT (200 in any case), by POST to the list; read, deleted, listed."""

from __future__ import annotations

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import (
    addresses,
    archive,
    experiment_items,
    item_forms,
    listing,
    rights,
    scans,
    submitted,
    tables,
)
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data.experiment_changes import NO_CONTENTS
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.keeping import CannotBeStored
from bootstrap.practice.data.places import BadName
from bootstrap.practice.data.room import room
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.schema import typed_path as schema_path
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_LISTS = (
    "/data/experiments/{ASSESSED_ID}/scans",
    "/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments/{ASSESSED_ID}/scans",
)
_ONE = tuple(f"{path}/{{SCAN_ID}}" for path in _LISTS)
_DEFAULT = ("ID", "type", "quality", "xsiType", "note", "series_description")
_NUMBER = "xnat_imagescandata_id"
_NOT_FOUND, _NO_SESSION = "Unable to find the specified scan.", "Specified scan must reference a valid image session."
_NO_MODALITY = (
    "Multiple scan modalities can be associated here.  "
    "Please retry with the specification of a particular modality (i.e. ?xsiType=xnat:mrScanData)."
)


@room.get(_LISTS[0])
@room.get(_LISTS[1])
def list_of_session(call: Call) -> Answer:
    session = addresses.readable(call, "ASSESSED_ID")
    if session is None:
        return bodies.status_page(404 if _is_visible(call) else 500)
    asked = call.query.get("columns", "").split(",")
    typed = next((known for known, _ in map(schema_path, asked) if known), "")
    number = f"{typed.lower()}/{_NUMBER}" if typed else _NUMBER
    columns = listing.columns(call, typed or types.SCAN, _DEFAULT, ("xsiType",))
    entries = [(one, _entry(one)) for one in scans.of_session(call.site, session.id)]
    rows = [
        {number: str(scan.number)}
        | {column.name: entry.value(column) for column in columns}
        | {"URI": f"/data/experiments/{session.id}/scans/{scan.id}"}
        for scan, entry in entries
        if listing.fits(call, types.SCAN, entry, ("xsiType",))
    ]
    return tables.answer(call, [number, *(column.name for column in columns), "URI"], rows)


@room.get(_ONE[0])
@room.get(_ONE[1])
def show(call: Call) -> Answer:
    found = _found(call)
    if found is None:
        return bodies.status_page(404, _NOT_FOUND)
    return item_forms.answer(call, experiment_items.of_scan(call.site, found[1]))


@room.put(_ONE[0])
@room.put(_ONE[1])
def put(call: Call) -> Answer:
    if call.tail:
        return bodies.not_built("sharing a scan") if call.tail.startswith("/projects") else bodies.status_page(400)
    session = _editable(call)
    existing = scans.find(call.site, session.id, call.parts["SCAN_ID"])
    asked = call.query.get("xsiType")
    if existing and asked and asked != existing.type:
        return bodies.status_page(409, "Specified xsiType differs from existing xsiType")
    said = submitted.typed(call, existing.type if existing else "")
    _check_type(said)
    assert said is not None
    scan = said.fields.get("ID") or call.parts["SCAN_ID"]
    if existing and scan != existing.id:
        existing = scans.find(call.site, session.id, scan)
    return _stored(call, session, existing, scan, said) or bodies.nothing()


@room.post(_LISTS[0])
@room.post(_LISTS[1])
def post(call: Call) -> Answer:
    session = _editable(call)
    said = submitted.typed(call)
    _check_type(said)
    assert said is not None
    scan = said.fields.get("ID") or _next_id(call, session)
    if scans.find(call.site, session.id, scan):
        return bodies.status_page(409, "Specified scan already exists.")
    return _stored(call, session, None, scan, said) or addresses.created(call, scan)


@room.delete(_ONE[0])
@room.delete(_ONE[1])
def delete(call: Call) -> Answer:
    found = _found(call)
    if found is None:
        return bodies.status_page(404, _NOT_FOUND)
    if not rights.may_delete(call.site, call.caller, found[0].project):
        return bodies.status_page(403)
    archive.delete(call.site, call.caller.name, found[1])
    return bodies.nothing()


def _found(call: Call) -> tuple[Experiment, Scan] | None:
    session = addresses.session(call)
    scan = scans.find(call.site, session.id, call.parts["SCAN_ID"]) if session else None
    return (session, scan) if session and scan else None


def _editable(call: Call) -> Experiment:
    session = addresses.session(call)
    if session is None:
        raise Refusal(bodies.status_page(417, _NO_SESSION))
    if not rights.may_edit(call.site, call.caller, session.project):
        raise Refusal(bodies.status_page(403))
    return session


def _check_type(said: Item | None) -> None:
    if said is None:
        raise Refusal(bodies.status_page(417, NO_CONTENTS))
    if said.type == types.SCAN:
        raise Refusal(bodies.status_page(400, _NO_MODALITY))
    if not type_ancestry.is_a(said.type, types.SCAN):
        text = f"Only Scan documents can be PUT to this address. Expected: {types.SCAN} Received: {said.type}"
        raise Refusal(bodies.status_page(400, text))


def _stored(call: Call, session: Experiment, existing: Scan | None, scan: str, said: Item) -> Answer | None:
    """None if it went well."""
    try:
        if existing:
            scans.change(call.site, existing, said)
        else:
            archive.make_scan(call.site, call.caller.name, session, scan, said)
    except CannotBeStored as error:
        return bodies.status_page(400, str(error))
    except (BadLabel, BadName):
        return bodies.status_page(500)
    return None


def _next_id(call: Call, session: Experiment) -> str:
    taken = {scan.id for scan in scans.of_session(call.site, session.id)}
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _is_visible(call: Call) -> bool:
    """To whom nothing of it may be shown at all, XNAT shows that it has failed."""
    if "PROJECT_ID" in call.parts and addresses.project(call) is None:
        return False
    found = addresses.experiment(call, "ASSESSED_ID")
    return found is None or rights.may_see(call.site, call.caller, found.project)


def _entry(scan: Scan) -> listing.Entry:
    return listing.Entry(scan.item, {"xsiType": scan.type})
