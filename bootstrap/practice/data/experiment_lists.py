"""Lists of experiments: of the site, of a project, of a subject; and of the assessors of a session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import addresses, experiments, keeping, listing, rights, schema, tables
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

SET_UP = {f"xnat:{kind}SessionData" for kind in ("cr", "ct", "mr", "pet", "petmr")}  # types of sessions that are shown
_DEFAULT = ("ID", "project", "date", "xsiType", "label", "insert_date")
_OF_SUBJECT, _OF_SESSION = ("subject_ID", "subject_label"), ("session_ID", "session_label")
_FACTS = (
    *("xsiType", "insert_date", "insert_user", "last_modified"),
    *("subject_label", "subject_project", "session_label"),
)
_ALWAYS = ("xsiType", "project")


@room.get("/data/projects/{PROJECT_ID}/experiments")
def list_of_project(call: Call) -> Answer:
    project = addresses.project(call)
    if project is None:
        return bodies.status_page(404)
    if not rights.may_read(call.site, call.caller, project.id):
        return bodies.status_page(403, f"Unable to read experiments for Project: {project.id}")
    return _shown(call, experiments.in_project(call.site, project.id), ())


@room.get("/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments")
def list_of_subject(call: Call) -> Answer:
    subject = addresses.subject(call)
    if subject is None:
        return bodies.status_page(404)
    return _shown(call, experiments.of_subject(call.site, subject.id), _OF_SUBJECT)


@room.get("/data/experiments")
def list_of_site(call: Call) -> Answer:
    """Without a root's ID, and of all types."""
    asked = call.query.get("xsiType", "")
    if asked and asked not in schema.TYPES:
        return bodies.status_page(500)
    if "subject_label" in call.query.get("columns", "").split(","):
        return bodies.status_page(500)
    there = experiments.everything(call.site)
    readable = rights.readable(call.site, call.caller, (found.project for found in there))
    several = [one for one in there if one.project in readable and asked in ("", one.type)]
    table = _Table(call, asked or types.EXPERIMENT, (), several)
    always = ("ID", *(() if asked else _ALWAYS))
    return table.answer(always, key=f"{asked.lower()}/id" if asked else "", title="Matching experiments")


@room.get("/data/experiments/{ASSESSED_ID}/assessors")
@room.get("/data/projects/{PROJECT_ID}/subjects/{SUBJECT_ID}/experiments/{ASSESSED_ID}/assessors")
def assessors(call: Call) -> Answer:
    session = addresses.session(call)
    if session is None:
        return bodies.status_page(404)
    asked = call.query.get("xsiType") or types.ASSESSOR
    several = [one for one in experiments.assessors_of(call.site, session.id) if type_ancestry.is_a(one.type, asked)]
    return _Table(call, asked, _OF_SESSION, several).answer(_ALWAYS, key=f"{asked.lower()}/id")


def _shown(call: Call, several: Iterable[Experiment], context: Sequence[str]) -> Answer:
    """Sessions of types that are not set up are not shown, unless they are asked for."""
    asked = call.query.get("xsiType", "")
    if asked and asked not in schema.TYPES:
        return bodies.nothing()
    if asked:
        found = [one for one in several if one.type == asked]
        return _Table(call, asked, context, found).answer((), key=f"{asked.lower()}/id")
    found = [one for one in several if one.type in SET_UP or not (one.is_session or one.session)]
    key = f"{types.SUBJECT_ASSESSOR.lower()}/id"
    return _Table(call, types.SUBJECT_ASSESSOR, context, found).answer(_ALWAYS, key=key)


class _Table:
    def __init__(self, call: Call, root: str, context: Sequence[str], several: Sequence[Experiment]) -> None:
        self._call, self._root, self._several = call, root, several
        found = listing.columns(call, root, (*_DEFAULT, *context), _FACTS)
        # what comes from elsewhere stands in front, as the database gives it
        self._columns = sorted(found, key=lambda column: not column.name.startswith(("subject_l", "session_l")))

    def answer(self, always: Sequence[str], *, key: str, **more: str) -> Answer:
        columns = [*self._columns, *(listing.Column(name, self._path(name)) for name in always)]
        columns = list({column.name: column for column in columns}.values())
        names = [*([key] if key else []), *(column.name for column in columns), "URI"]
        asked = [one for one in self._several if self._fits(one)] if self._is_filtered else self._several
        found, is_page = listing.page(self._call, asked)
        if not found and key and self._call.query.get("format") == "csv":
            raw = [f"{self._root.lower().replace(':', '_')}{number}" for number in range(len(names))]
            return tables.answer(self._call, raw, [], total=not is_page, **more)
        rows = [self._row(one, columns, key) for one in found]
        return tables.answer(self._call, names, rows, total=not is_page, **more)

    def _row(self, one: Experiment, columns: Sequence[listing.Column], key: str) -> dict[str, str]:
        row = {key: one.id} if key else {}
        for column in columns:
            row[column.name] = self._value(one, column)
        row["URI"] = f"/data/experiments/{one.id}"
        return row

    def _value(self, one: Experiment, column: listing.Column) -> str:
        if column.path is not None:
            return one.item.fields.get(column.path) or one.item.text(column.path)
        return self._fact(one, column.name)

    def _fact(self, one: Experiment, name: str) -> str:
        match name:
            case "xsiType":
                return one.type
            case "insert_date":
                return keeping.date(one.created)
            case "insert_user":
                return one.created_by
            case "last_modified":
                return keeping.date(one.item.changed)
            case "session_label":
                session = experiments.by_id(self._call.site, one.session)
                return session.label if session else ""
            case "subject_project":
                return one.project
        return self._subjects.get(one.subject, "")

    def _fits(self, one: Experiment) -> bool:
        facts = {name: self._fact(one, name) for name in _FACTS if name in self._call.query}
        return listing.fits(self._call, self._root, listing.Entry(one.item, facts), _FACTS)

    def _path(self, name: str) -> str | None:
        return None if name in _FACTS else name

    @cached_property
    def _is_filtered(self) -> bool:
        shown = ("columns", "format", "limit", "offset", "sortBy", "sortOrder", "req_format", "guiStyle")
        return any(name not in shown for name in self._call.query)

    @cached_property
    def _subjects(self) -> dict[str, str]:
        return {row["id"]: row["label"] for row in self._call.site.storage.rows("SELECT id, label FROM subjects")}
