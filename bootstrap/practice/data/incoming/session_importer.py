"""SI, the older importer: one session of an archive, built at once, and refused with the reason.

Unlike DICOM-zip it never adds to a session that waits already, and its session is called after the patient's ID until
it goes into the archive.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.practice.data import rights, unpacking
from bootstrap.practice.data.incoming import archiving, building, scripts
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms as ArchiveTerms
from bootstrap.practice.data.incoming.destination import Destination
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.receiving import Receiver, Refused, Terms
from bootstrap.practice.data.incoming.routing import PROJECT, SUBJECT, visible
from bootstrap.practice.data.incoming.uris import uri_list, uri_of
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

NAME = "SI"
_NO_OPTION = "Overwrite flag was not set to a valid option. ('append' or 'delete')"
_NO_PROJECT = "An error occurred adding the session to the prearchive database"
_NO_FILES = "Upload did not include parsable files for session generation."
_SEVERAL = "Upload included files for multiple imaging sessions."
_FAILED = "Operation Failed: "
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wishes:
    destination: Destination
    project: str
    subject: str
    session: str
    overwrite: str
    overwrite_files: bool


def wishes(values: Mapping[str, str], destination: Destination) -> Wishes:
    """One pair of parameters is refused whatever it says."""
    overwrite = values.get("overwrite", "")
    if values.get("prearchive_code") == "1" and overwrite:
        raise Refusal(bodies.status_page(400, _NO_OPTION))
    return Wishes(
        destination,
        destination.project or values.get("project", ""),
        destination.subject or values.get("subject", ""),
        destination.session or values.get("session", ""),
        overwrite,
        values.get("overwrite_files", "").lower() == "true",
    )


def imported(call: Call, asked: Wishes, files: Iterable[tuple[str, Path]]) -> Answer:
    if visible(call.site, call.caller, asked.project) is None:
        return bodies.status_page(500, _NO_PROJECT)
    labels = {PROJECT: asked.project, SUBJECT: asked.subject}
    receiver = Receiver(call.site, call.caller, Terms(labels=labels, rename=True, anew=True))
    _take_all(receiver, files)
    built = [_built(call, one) for one in receiver.finish()]
    if not built:
        return bodies.status_page(400, _NO_FILES)
    if len(built) > 1:
        return bodies.status_page(400, _SEVERAL)
    if not asked.destination.is_archive:
        return uri_list([uri_of(call.site, built[0])])
    return _archived(call, asked, built[0])


def _take_all(receiver: Receiver, files: Iterable[tuple[str, Path]]) -> None:
    try:
        for name, place in files:
            _take(receiver, place, name)
    except unpacking.NoArchive as error:
        _log.info("an upload has no end: %s", error)
    except unpacking.TooMuch as error:
        raise Refusal(bodies.status_page(400, f"The archive is refused: {error}.")) from error


def _take(receiver: Receiver, place: Path, name: str) -> None:
    """What is no image is passed over; a script that fails is a failure of the whole."""
    try:
        receiver.take(place, name)
    except Refused as error:
        if isinstance(error.__cause__, scripts.Failed):
            raise Refusal(bodies.status_page(500, str(error))) from error
        _log.info("%s is not taken: %s", name, error)


def _built(call: Call, waiting: Waiting) -> Waiting:
    try:
        return building.build(call.site, waiting)
    except (NothingThere, Busy, Gone) as error:
        raise Refusal(bodies.status_page(500, str(error))) from error


def _archived(call: Call, asked: Wishes, waiting: Waiting) -> Answer:
    if not rights.may_edit(call.site, call.caller, waiting.project):
        return bodies.status_page(409, "Operation Failed: Unable to save the session in this project")
    overrides = asked.overwrite in ("delete", "override")
    terms = ArchiveTerms(bool(asked.overwrite), overrides, overrides or asked.overwrite_files)
    try:
        wanted = Wanted(subject=asked.subject, session=asked.session, terms=terms)
        made = archiving.archive_session(call.site, call.caller.name, waiting, wanted)
    except NotArchived as error:
        return bodies.status_page(409, str(error).removeprefix(_FAILED))
    except (Busy, Gone) as error:
        return bodies.status_page(409, str(error))
    return uri_list([uri_of(call.site, made)])
