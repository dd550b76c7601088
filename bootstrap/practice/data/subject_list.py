"""/data/subjects and /data/projects/{ID}/subjects: the lists."""

from __future__ import annotations

from collections.abc import Iterable

from bootstrap.practice.data import addresses, keeping, listing, rights, schema, subjects, tables
from bootstrap.practice.data.room import room
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_DEFAULT = ("ID", "project", "label", "insert_date", "insert_user")
_FACTS = ("insert_date", "insert_user", "last_modified")
_URI = "URI"


@room.get("/data/projects/{PROJECT_ID}/subjects")
def list_of_project(call: Call) -> Answer:
    project = addresses.project(call)
    if project is None:
        return bodies.status_page(404)
    if not rights.may_read(call.site, call.caller, project.id):
        return bodies.status_page(403, f"Unable to read subjects for Project: {project.id}")
    return _table(call, subjects.in_project(call.site, project.id))


@room.get("/data/subjects")
def list_of_site(call: Call) -> Answer:
    everything = subjects.everything(call.site)
    readable = rights.readable(call.site, call.caller, (subject.project for subject in everything))
    return _table(call, [subject for subject in everything if subject.project in readable])


def _table(call: Call, candidates: Iterable[Subject]) -> Answer:
    """ID and URI come along, whatever is asked for."""
    if "fields" in call.query:
        return listing.fields(call, schema.SUBJECT)
    columns = listing.columns(call, schema.SUBJECT, _DEFAULT, _FACTS)
    if all(column.name != "ID" for column in columns):
        columns.insert(0, listing.Column("ID", "ID"))
    entries = [_entry(subject) for subject in candidates]
    found, is_page = listing.page(call, [one for one in entries if listing.fits(call, schema.SUBJECT, one, _FACTS)])
    rows = [
        {column.name: entry.value(column) for column in columns} | {_URI: f"/data/subjects/{entry.item.text('ID')}"}
        for entry in found
    ]
    return tables.answer(call, [*(column.name for column in columns), _URI], rows, total=not is_page)


def _entry(subject: Subject) -> listing.Entry:
    facts = (keeping.date(subject.created), subject.created_by, keeping.date(subject.item.changed))
    return listing.Entry(subject.item, dict(zip(_FACTS, facts, strict=True)))
