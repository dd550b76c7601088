"""/data/services/import: images uploaded, as a zip or one by one, into the prearchive or on into the archive."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bootstrap.practice.data import progress, rights, unpacking
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import (
    archiving,
    building,
    committing,
    from_cache,
    prearchive,
    session_importer,
    taking,
)
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.asked import Asked, terms
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms as ArchiveTerms
from bootstrap.practice.data.incoming.destination import Destination, named
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.receiving import Receiver
from bootstrap.practice.data.incoming.routing import PROJECT, SESSION, SUBJECT
from bootstrap.practice.data.incoming.uris import uri_list, uri_of
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies, uploads
from bootstrap.practice.http.call import Answer, Call, Refusal

_ZIP, _GRADUAL, _SESSION = "DICOM-zip", "gradual-DICOM", "SI"
_NOT_BUILT = {"inbox", "XAR", "automation"}
_NAMES = {"application/zip": "upload.zip", "application/x-tar": "upload.tar"}
_DICOM_TYPES = ("application/dicom", "application/x-mirc")


@room.post("/data/services/import")
def post(call: Call) -> Answer:
    """Of errors a page that says 200, if HTML is asked for."""
    try:
        answer = _imported(call)
    except Refusal as refusal:
        answer = refusal.answer
    if call.query.get("format") == "html" and answer.status != 501:
        answer.status = 200
    return answer


def _imported(call: Call) -> Answer:
    asked = Asked.of(call)
    handler = asked.first("import-handler") or (_GRADUAL if call.media_type in _DICOM_TYPES else "")
    if handler and handler not in (_ZIP, _GRADUAL, _SESSION):
        if handler in _NOT_BUILT:
            return bodies.not_built(f"{handler} imports")
        return bodies.status_page(404, f"Unknown importer implementation specified: {handler}")
    if call.caller.is_guest:
        return bodies.status_page(403)
    if "src" in asked.values:
        return from_cache.imported(call, asked, partial(_by_handler, call, asked, handler))
    with uploads.received(call) as received:
        if len(received) > 1:
            return bodies.status_page(400, "Importer is limited to one uploaded resource at a time.")
        if not received:
            return bodies.status_page(400, "Unable to identify upload format.") if handler else bodies.status_page(500)
        listener, work = asked.first("http-session-listener"), partial(_by_handler, call, asked, handler, received[0])
        if not listener:
            return work()
        progress.begin(call, listener)
        return progress.followed(call, listener, work)


def _by_handler(call: Call, asked: Asked, handler: str, received: uploads.Received) -> Answer:
    if handler == _GRADUAL:
        return _gradual(call, asked, received)
    name = received.name or _NAMES.get(call.media_type, "")
    if not unpacking.is_archive(name):
        raise Refusal(bodies.status_page(400, "Unsupported format UNKNOWN"))
    if handler == _SESSION:
        return session_importer.imported(call, asked, received.place, name)
    return _zipped(call, asked, received.place, name)


def _gradual(call: Call, asked: Asked, received: uploads.Received) -> Answer:
    """Project, subject and session go by other names here; the lower-case ones count for nothing."""
    destination = named(asked.first("dest"))
    labels = {
        PROJECT: asked.first("PROJECT_ID") or destination.project,
        SUBJECT: asked.first("SUBJECT_ID"),
        SESSION: asked.first("EXPT_LABEL"),
    }
    receiver = Receiver(call.site, call.caller, terms(asked, labels, rename=True))
    taking.take(receiver, received.place, received.name or "upload.dcm")
    return uri_list([waiting.uri for waiting in receiver.finish()])


def _zipped(call: Call, asked: Asked, place: Path, name: str) -> Answer:
    destination = named(asked.first("dest"))
    labels = {
        PROJECT: destination.project or asked.first("project", "PROJECT_ID"),
        SUBJECT: destination.subject or asked.first("subject", "SUBJECT_ID"),
        SESSION: destination.session or asked.first("session", "EXPT_LABEL"),
    }
    commits = asked.values.get("action") == "commit" or destination.is_given
    receiver = Receiver(call.site, call.caller, terms(asked, labels, rename=asked.says("rename")))
    taking.take_all(receiver, place, name, ignores=commits or asked.says("Ignore-Unparsable"))
    found = receiver.finish()
    if commits:
        return uri_list(
            [uri_of(call.site, _committed(call, asked, destination, one) if not one.direct else one) for one in found]
        )
    return uri_list([waiting.uri for waiting in found])


def _committed(call: Call, asked: Asked, destination: Destination, waiting: Waiting) -> Waiting | Experiment:
    archives = destination.is_archive or asked.says("AA") or asked.says("auto-archive")
    failed = Refusal(bodies.status_page(400, "unable to archive for the Prearchive session"))
    try:
        if not rights.may_edit(call.site, call.caller, waiting.project):
            if archives:
                prearchive.change(call.site, waiting, status=prearchive.ERROR)
                raise failed
            return waiting
        built = building.build(call.site, waiting)
        if not archives or built.status != prearchive.READY:
            return built
        wanted = Wanted(terms=_archive_terms(call, asked, built))
        return archiving.archive_session(call.site, call.caller.name, built, wanted)
    except (NotArchived, NothingThere, Busy, Gone) as error:
        raise failed from error


def _archive_terms(call: Call, asked: Asked, waiting: Waiting) -> ArchiveTerms:
    """Nothing said, and the session not one that goes on its own: it must be a new one."""
    word = asked.first("overwrite")
    own = committing.own_terms(call.site, waiting)
    overwrites = asked.says("overwrite_files") or (own.overwrites and waiting.is_auto)
    if word in ("delete", "override"):
        return ArchiveTerms(merges=True, overrides=True, overwrites=True)
    return ArchiveTerms(merges=bool(word) or waiting.is_auto, overwrites=overwrites)
