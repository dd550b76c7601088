"""The importer SI: one session at a time, built at once, and archived if that is where it is to go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bootstrap.practice.data import rights
from bootstrap.practice.data.incoming import archiving, building, headers, prearchive, routing, scripts, taking
from bootstrap.practice.data.incoming.archiving import NotArchived, Wanted
from bootstrap.practice.data.incoming.asked import Asked, terms
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.conflicts import Terms
from bootstrap.practice.data.incoming.destination import named
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.receiving import Receiver, Refused
from bootstrap.practice.data.incoming.routing import PROJECT, SESSION, SUBJECT
from bootstrap.practice.data.incoming.uris import uri_list, uri_of
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_NO_PROJECT = "An error occurred adding the session to the prearchive database"
_NOTHING = "Upload did not include parsable files for session generation."
_SEVERAL = "Upload included files for multiple imaging sessions."
_BAD_PAIR = "Overwrite flag was not set to a valid option. ('append' or 'delete')"
_TO_ARCHIVE = "1"
_FRONT = "Operation Failed: "


def imported(call: Call, asked: Asked, place: Path, name: str) -> Answer:
    """What is no DICOM file is passed over."""
    destination, code, word = named(asked.first("dest")), asked.first("prearchive_code"), asked.first("overwrite")
    if code == _TO_ARCHIVE and word:
        return bodies.status_page(400, _BAD_PAIR)
    project = routing.visible(call.site, call.caller, destination.project or asked.first("project"))
    if project is None:
        return bodies.status_page(500, _NO_PROJECT)
    archives = destination.is_archive or code == _TO_ARCHIVE
    if archives and not rights.may_edit(call.site, call.caller, project.id):
        return bodies.status_page(403)
    labels = {PROJECT: project.id, SUBJECT: destination.subject or asked.first("subject")}
    if archives:
        labels[SESSION] = destination.session or asked.first("session")
    found = _built(call, _received(call, asked, labels, place, name))
    if len(found) > 1:
        return bodies.status_page(400, _SEVERAL)
    if not archives:
        return uri_list([found[0].uri])
    return _archived(call, found[0], _terms(asked, word))


def _received(call: Call, asked: Asked, labels: dict[str, str], place: Path, name: str) -> list[Waiting]:
    """The session's name is the patient's ID where none is given, whatever is no letter or digit an underscore."""
    receiver: Receiver | None = None
    for path, file in _readable(place, name):
        if receiver is None:
            patient = re.sub(r"\W", "_", headers.read(file)["PatientID"], flags=re.ASCII)
            said = {SESSION: patient} | {target: label for target, label in labels.items() if label}
            wanted = replace(terms(asked, said, rename=False), keeps_failed=True)
            receiver = Receiver(call.site, call.caller, wanted)
        try:
            receiver.take(file, path)
        except Refused as error:
            if isinstance(error.__cause__, scripts.Failed):
                _mark(call, receiver.kept.values())
                raise Refusal(bodies.status_page(500, str(error))) from error
    if receiver is None:
        raise Refusal(bodies.status_page(400, _NOTHING))
    found = receiver.finish()
    if not found:  # the site's script has refused all of it
        _mark(call, receiver.without.values())
        raise Refusal(bodies.status_page(500))
    return found


def _mark(call: Call, several: Iterable[Waiting]) -> None:
    for one in several:
        prearchive.change(call.site, one, status=prearchive.ERROR)


def _readable(place: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path, file in taking.files_of(place, name):
        try:
            headers.read(file)
        except headers.Unreadable:
            continue
        yield path, file


def _built(call: Call, several: list[Waiting]) -> list[Waiting]:
    try:
        return [building.build(call.site, one) for one in several]
    except (NothingThere, Busy, Gone) as error:
        raise Refusal(bodies.status_page(500, str(error))) from error


def _terms(asked: Asked, word: str) -> Terms:
    if word in ("delete", "override"):
        return Terms(merges=True, overrides=True, overwrites=True)
    return Terms(merges=bool(word), overwrites=asked.says("overwrite_files"))


def _archived(call: Call, waiting: Waiting, on: Terms) -> Answer:
    try:
        made = archiving.archive_session(call.site, call.caller.name, waiting, Wanted(terms=on))
    except NotArchived as error:
        return bodies.status_page(409, str(error).removeprefix(_FRONT))
    except (Busy, Gone) as error:
        return bodies.status_page(409, str(error))
    return uri_list([uri_of(call.site, made)])
