"""/data/services/import: images uploaded, as a zip or one by one, into the prearchive or on into the archive."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.practice.data import rights, unpacking, user_cache
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import archiving, building, committing, prearchive, progress, session_importer
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms as ArchiveTerms
from bootstrap.practice.data.incoming.destination import Destination, named
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.receiving import Receiver, Refused, Terms
from bootstrap.practice.data.incoming.routing import PROJECT, SESSION, SUBJECT
from bootstrap.practice.data.incoming.uris import uri_list, uri_of
from bootstrap.practice.data.room import room
from bootstrap.practice.data.unpacking import Budget
from bootstrap.practice.http import bodies, uploads
from bootstrap.practice.http.call import Answer, Call, Refusal

_ZIP, _GRADUAL = "DICOM-zip", "gradual-DICOM"
_NOT_BUILT = {"inbox", "XAR", "automation"}
_NAMES = {"application/zip": "upload.zip", "application/x-tar": "upload.tar"}
_DEEPEST = 3  # archives within archives
_DICOM_TYPES = ("application/dicom", "application/x-mirc")
_log = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class _Asked:
    """Parameters of the query go before those of the form."""

    call: Call
    values: Mapping[str, str]

    @classmethod
    def of(cls, call: Call) -> _Asked:
        form = dict(call.request.form) if call.media_type == uploads.MULTIPART else {}
        return cls(call, form | dict(call.query))

    def says(self, name: str) -> bool:
        return self.values.get(name, "").lower() == "true"

    def first(self, *names: str) -> str:
        return next((self.values[name] for name in names if self.values.get(name)), "")


def _imported(call: Call) -> Answer:
    asked = _Asked.of(call)
    handler = asked.first("import-handler") or (_GRADUAL if call.media_type in _DICOM_TYPES else "")
    if handler and handler not in (_ZIP, _GRADUAL, session_importer.NAME):
        if handler in _NOT_BUILT:
            return bodies.not_built(f"{handler} imports")
        return bodies.status_page(404, f"Unknown importer implementation specified: {handler}")
    if call.caller.is_guest:
        return bodies.status_page(403)
    if "src" in asked.values:
        return _from_cache(call, asked, handler)
    with uploads.received(call) as received:
        if len(received) > 1:
            return bodies.status_page(400, "Importer is limited to one uploaded resource at a time.")
        if not received:
            return bodies.status_page(400, "Unable to identify upload format.") if handler else bodies.status_page(500)
        if handler == _GRADUAL:
            return _gradual(call, asked, received[0])
        return _of_archive(call, asked, handler, received[0])


def _from_cache(call: Call, asked: _Asked, handler: str) -> Answer:
    """What the user has put aside before; with a listener it goes on after the answer."""
    if handler == _GRADUAL:
        return bodies.not_built("gradual-DICOM imports from the user's cache")
    cached = user_cache.find(call.site, call.caller.name, asked.values["src"])
    if cached is None:
        return bodies.status_page(404, "Unknown src file.")
    listener = asked.first("http-session-listener")
    if not listener:
        return _of_cached(call, asked, handler, cached)

    def job() -> None:
        try:
            _of_cached(call, asked, handler, cached)
        except Refusal as refusal:
            raise progress.Failed(f"the import was answered with {refusal.answer.status}") from refusal

    progress.follow(call.site, call.caller.name, listener, job)
    return Answer(200, b"Submitted for prearchival", "text/plain")


def _of_cached(call: Call, asked: _Asked, handler: str, cached: user_cache.Cached) -> Answer:
    """Of a copy: what an import takes is moved away."""
    with uploads.folder(call.site) as folder:
        place = folder / "body"
        try:
            shutil.copyfile(cached.place, place)
        except FileNotFoundError:
            raise Refusal(bodies.status_page(404, "Unknown src file.")) from None
        return _of_archive(call, asked, handler, uploads.Received(cached.place.name, place))


def _of_archive(call: Call, asked: _Asked, handler: str, received: uploads.Received) -> Answer:
    if handler != session_importer.NAME:
        return _zipped(call, asked, received)
    wishes = session_importer.wishes(asked.values, named(asked.first("dest")))
    folder = _beside(received.place)
    name = received.name or _NAMES.get(call.media_type, "")
    files = _files(received.place, name, Budget.of(received.place, folder), _DEEPEST)
    return session_importer.imported(call, wishes, files)


def _gradual(call: Call, asked: _Asked, received: uploads.Received) -> Answer:
    """Project, subject and session go by other names here; the lower-case ones count for nothing."""
    destination = named(asked.first("dest"))
    labels = {
        PROJECT: asked.first("PROJECT_ID") or destination.project,
        SUBJECT: asked.first("SUBJECT_ID"),
        SESSION: asked.first("EXPT_LABEL"),
    }
    receiver = Receiver(call.site, call.caller, _terms(asked, labels, rename=True))
    _take(receiver, received.place, received.name or "upload.dcm", ignores=False)
    return uri_list([waiting.uri for waiting in receiver.finish()])


def _zipped(call: Call, asked: _Asked, received: uploads.Received) -> Answer:
    destination = named(asked.first("dest"))
    name = received.name or _NAMES.get(call.media_type, "")
    if not unpacking.is_archive(name):
        raise Refusal(bodies.status_page(400, "Unsupported format UNKNOWN"))
    labels = {
        PROJECT: destination.project or asked.first("project", "PROJECT_ID"),
        SUBJECT: destination.subject or asked.first("subject", "SUBJECT_ID"),
        SESSION: destination.session or asked.first("session", "EXPT_LABEL"),
    }
    commits = asked.values.get("action") == "commit" or destination.is_given
    receiver = Receiver(call.site, call.caller, _terms(asked, labels, rename=asked.says("rename")))
    _take_all(receiver, received.place, name, ignores=commits or asked.says("Ignore-Unparsable"))
    found = receiver.finish()
    if commits:
        return uri_list(
            [uri_of(call.site, _committed(call, asked, destination, one) if not one.direct else one) for one in found]
        )
    return uri_list([waiting.uri for waiting in found])


def _terms(asked: _Asked, labels: Mapping[str, str], *, rename: bool) -> Terms:
    return Terms(
        labels=labels,
        rename=rename,
        prevent_anon=asked.says("prevent_anon"),
        prevent_auto_commit=asked.says("prevent_auto_commit"),
        direct=asked.says("Direct-Archive"),
        source=asked.first("SOURCE"),
        visit=asked.first("VISIT"),
    )


def _take_all(receiver: Receiver, place: Path, name: str, *, ignores: bool) -> None:
    """Every file of the archive, and of those in it. What is no archive has none."""
    folder = _beside(place)
    taken, refused = 0, ""
    try:
        for path, file in _files(place, name, Budget.of(place, folder), _DEEPEST):
            try:
                _take(receiver, file, path, ignores=False)
                taken += 1
            except Refusal:
                if not ignores:
                    raise
                refused = refused or path
    except unpacking.NoArchive as error:
        _log.info("an upload has no end: %s", error)
    except unpacking.TooMuch as error:
        raise Refusal(bodies.status_page(400, f"The archive is refused: {error}.")) from error
    if refused and not taken:
        raise _unreadable(refused)


def _beside(place: Path) -> Path:
    """Where its files come out; it goes with the upload."""
    folder = place.with_name(f"{place.name}-unpacked")
    folder.mkdir()
    return folder


def _files(place: Path, name: str, budget: Budget, depth: int) -> Iterator[tuple[str, Path]]:
    for path, file in unpacking.unpacked(place, name, budget):
        if depth and unpacking.is_archive(path.name):
            inner = file.rename(file.with_name(f"archive-{depth}"))
            yield from _files(inner, path.name, budget, depth - 1)
        else:
            yield path.name, file


def _take(receiver: Receiver, place: Path, name: str, *, ignores: bool) -> None:
    try:
        receiver.take(place, name)
    except Refused as error:
        _log.info("%s is not taken: %s", name, error)
        raise _unreadable(name) from error


def _unreadable(name: str) -> Refusal:
    return Refusal(bodies.status_page(400, f"unable to read DICOM object {name}"))


def _committed(call: Call, asked: _Asked, destination: Destination, waiting: Waiting) -> Waiting | Experiment:
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


def _archive_terms(call: Call, asked: _Asked, waiting: Waiting) -> ArchiveTerms:
    """Nothing said, and the session not one that goes on its own: it must be a new one."""
    word = asked.first("overwrite")
    own = committing.own_terms(call.site, waiting)
    overwrites = asked.says("overwrite_files") or (own.overwrites and waiting.is_auto)
    if word in ("delete", "override"):
        return ArchiveTerms(merges=True, overrides=True, overwrites=True)
    return ArchiveTerms(merges=bool(word) or waiting.is_auto, overwrites=overwrites)
