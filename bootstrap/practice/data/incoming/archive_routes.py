"""/data/services/archive and the like: sessions of the prearchive archived, checked, rebuilt, moved and deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from werkzeug.datastructures import MultiDict

from bootstrap.practice.data import experiments, projects, rights, schema, subjects, submitted, tables
from bootstrap.practice.data.incoming import archiving, building, conflicts, moving, prearchive, routing
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms
from bootstrap.practice.data.incoming.destination import named
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.prearchive_lists import table
from bootstrap.practice.data.incoming.uris import uri_list, uri_of
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_PLACE = 5  # parts of /prearchive/projects/P/TIMESTAMP/FOLDER
_OWN = ("subject", "session", "project", "label", "SUBJECT_ID", "EXPT_LABEL")


@room.post("/data/services/archive")
def archive(call: Call) -> Answer:
    """One is waited for; several go on in the background, and their rows are the answer."""
    asked = _asked(call)
    sources = asked.getlist("src")
    if not sources:
        return bodies.status_page(404, "Unknown prearchive session.")
    found = [_session(call, source) for source in sources]
    for one in found:
        if not rights.may_edit(call.site, call.caller, one.project):
            return bodies.status_page(403)
    if len(found) > 1:
        return _several(call, asked, found)
    return _archived(call, asked, found[0])


@room.post("/data/services/validate-archive")
def validate(call: Call) -> Answer:
    """What speaks against it."""
    asked = _asked(call)
    if not asked.get("src"):
        return bodies.status_page(404, "Unknown prearchive session.")
    found = _session(call, asked["src"])
    item, folder = found.session, prearchive.folder(call.site, found)
    if item is None:
        return bodies.status_page(500)
    existing = experiments.by_label(call.site, found.project, routing.label(asked.get("session") or found.name))
    subject = subjects.by_label(call.site, found.project, routing.label(asked.get("subject") or found.subject))
    several = building.series(folder / "SCANS")
    rows = [
        {"code": str(one.code), "type": one.type, "message": one.message}
        for one in conflicts.reasons(call.site, existing, subject, item, several)
    ]
    return tables.answer(call, ("code", "type", "message"), rows, total=False, default=tables.XML)


@room.post("/data/services/prearchive/rebuild")
def rebuild(call: Call) -> Answer:
    return _in_background(call, prearchive.BUILDING, lambda one: building.build(call.site, one), missing=500)


@room.post("/data/services/prearchive/move")
def move(call: Call) -> Answer:
    target = _asked(call).get("newProject", "")
    if not target:
        return _in_background(call, "", lambda one: one, missing=404)
    return _in_background(call, prearchive.MOVING, lambda one: moving.move(call.site, one, target), missing=404)


@room.post("/data/services/prearchive/delete")
def delete(call: Call) -> Answer:
    return _in_background(call, prearchive.DELETING, lambda one: moving.delete(call.site, one), missing=404)


def _archived(call: Call, asked: MultiDict[str, str], found: Waiting) -> Answer:
    wanted = _wanted(asked, found, Terms(merges=True, overrides=_overrides(asked), overwrites=_overwrites(asked)))
    try:
        session = archiving.archive_session(call.site, call.caller.name, found, wanted)
    except Busy:
        return bodies.status_page(403, f"Operation already in progress on {found.address}")
    except Gone:
        return bodies.status_page(404, f"{found.address} not found.")
    except (NotArchived, NothingThere) as error:
        return bodies.status_page(500, f"FAILED: Unable to archive {found.name}: {error}")
    uri = uri_of(call.site, session)
    if found.is_auto or asked.get("redirect", "").lower() == "true":
        return bodies.nothing(303).with_header("Location", uri)
    return uri_list([uri])


def _several(call: Call, asked: MultiDict[str, str], found: list[Waiting]) -> Answer:
    """Here `append` merges only, and without a word nothing is merged."""
    word = asked.get("overwrite", "")
    overrides = word in ("delete", "override")
    terms = Terms(
        merges=bool(word), overrides=overrides, overwrites=overrides or asked.get("overwrite_files") == "true"
    )
    site, user = call.site, call.caller.name
    shown = [_begun(call, one, prearchive.ARCHIVING) for one in found]
    for one in found:
        site.background.later(0, partial(_archive_quietly, call, user, one, _wanted(asked, one, terms)))
    return table(call, shown, default=tables.XML)


def _archive_quietly(call: Call, user: str, one: Waiting, wanted: Wanted) -> None:
    """Why not stands in the session's own log."""
    try:
        archiving.archive_session(call.site, user, one, wanted)
    except (NotArchived, NothingThere, Busy, Gone):
        return


def _in_background(call: Call, status: str, job: Callable[[Waiting], object], *, missing: int) -> Answer:
    found = [_session(call, source, missing=missing) for source in _asked(call).getlist("src")]
    for one in found:
        allowed = rights.may_edit(call.site, call.caller, one.project) if one.project else not call.caller.is_guest
        if not allowed:
            return bodies.status_page(403)
    shown = [_begun(call, one, status) if status else one for one in found]
    for one in found if status else ():
        call.site.background.later(0, partial(_quietly, job, one))
    return table(call, shown, default=tables.XML)


def _begun(call: Call, one: Waiting, status: str) -> Waiting:
    """Queued, so that nobody else takes it."""
    with call.site.storage.write():
        now = prearchive.by_number(call.site, one.number)
        if now is None or now.status in prearchive.BUSY:
            raise Refusal(bodies.status_page(403, f"Operation already in progress on {one.address}"))
        return prearchive.change(call.site, now, status=prearchive.QUEUED + status)


def _quietly(job: Callable[[Waiting], object], one: Waiting) -> None:
    try:
        job(one)
    except (NothingThere, Busy, Gone):
        return


def _asked(call: Call) -> MultiDict[str, str]:
    """Parameters of the query, and of the form if it has come through."""
    found = MultiDict(call.query)
    if call.media_type == "application/x-www-form-urlencoded":
        for name, value in call.form().items(multi=True):
            found.add(name, value)
    return found


def _session(call: Call, source: str, *, missing: int = 404) -> Waiting:
    """The one at an address of the prearchive, with or without /data. A Refusal if there is none."""
    address = source.removeprefix("/data").removeprefix("/REST")
    parts = address.strip("/").split("/")
    if len(parts) < _PLACE or parts[:2] != ["prearchive", "projects"]:
        raise Refusal(bodies.status_page(400))
    project, timestamp, folder = parts[2], parts[3], "/".join(parts[4:])
    if project != routing.UNASSIGNED:
        known = projects.find_by_name(call.site, project)
        if known is None or not rights.may_read(call.site, call.caller, known.id):
            raise Refusal(bodies.status_page(500, f"{address} invalid."))
        project = known.id
    found = prearchive.find(call.site, project, timestamp, folder)
    if found is None:
        raise Refusal(bodies.status_page(missing, _not_found(call, address, project, timestamp, folder)))
    return found


def _not_found(call: Call, address: str, project: str, timestamp: str, folder: str) -> str:
    if call.raw_path.endswith("/archive"):
        return f"{address} not found."
    return f"No prearchive resource with session {folder} and timestamp {timestamp} exists in the project {project}"


def _wanted(asked: MultiDict[str, str], found: Waiting, terms: Terms) -> Wanted:
    destination, item = named(asked.get("dest", "")), found.session
    return Wanted(
        subject=asked.get("subject") or destination.subject,
        session=asked.get("session") or asked.get("label") or destination.session,
        fields=_fields(asked, item) if item else None,
        terms=terms,
    )


def _fields(asked: MultiDict[str, str], built: Item) -> Item | None:
    """Fields of the session that are said with their full paths."""
    said = Item(built.type)
    for name, value in asked.items():
        path = schema.own_path(built.type, name)
        if path and value:
            said.put(path, submitted.escaped(value))
    return said if said.fields or said.children else None


def _overrides(asked: MultiDict[str, str]) -> bool:
    return asked.get("overwrite", "") != ""


def _overwrites(asked: MultiDict[str, str]) -> bool:
    return _overrides(asked) or asked.get("overwrite_files", "").lower() == "true"
