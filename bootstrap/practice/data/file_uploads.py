"""Files put into resources, by PUT or POST: as a body, as parts of a form, or out of an archive."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.data import archive, places, targets, unpacking
from bootstrap.practice.data.file_routes import asked_path
from bootstrap.practice.data.files import Incoming
from bootstrap.practice.data.resource_routes import facts, paths, record
from bootstrap.practice.data.room import room
from bootstrap.practice.data.unpacking import Budget
from bootstrap.practice.http import bodies, uploads
from bootstrap.practice.http.call import Answer, Call, as_bytes

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_NAMELESS = "upload.unsupported"
_NOTHING = (
    "Unable to identify any uploaded files. Send a file as a part of a multipart/form-data request, "
    "or as the body with inbody=true or with a Content-Type of its own."
)
_log = logging.getLogger(__name__)


@room.at_start
def clear_away(site: Site) -> None:
    """What a server that was killed has left of uploads, which nobody was told had been stored."""
    for left in site.folder.spool.glob(f"{uploads.FRONT}*"):
        shutil.rmtree(left, ignore_errors=True)


def put(call: Call) -> Answer:
    target = targets.find(call)
    if not target.may_edit(call):
        return bodies.nothing()  # XNAT says 200 and stores nothing
    if len(target.things) != 1:
        return bodies.status_page(404)
    if call.media_type == uploads.MULTIPART and "inbody" in call.query:
        return bodies.status_page(400)
    if call.media_type == "application/x-www-form-urlencoded" and "inbody" not in call.query:
        return bodies.status_page(500)
    label = targets.labels(call)[0] if "RESOURCE_ID" in call.parts else ""
    with uploads.received(call) as received:
        if not received:
            return bodies.status_page(400, _NOTHING)
        try:
            several = list(_named(call, received))
            done = archive.upload(
                call.site,
                call.caller.name,
                target.owners[0],
                label,
                several,
                facts=facts(call),
                overwrite=_says(call, "overwrite"),
                counts=call.query.get("update-stats", "true") in ("true", "1"),
            )
        except places.BadName:
            return bodies.status_page(400)
        except unpacking.TooMuch as error:
            return bodies.status_page(400, f"The archive is refused: {error}.")
        except OSError as error:
            _log.warning("storing %s: %s", call.raw_path, error.strerror)
            return bodies.status_page(500)
    record(call, target, "Uploaded File")
    if done.duplicates:
        return Answer(200, as_bytes({"duplicates": done.duplicates}), bodies.HTML)
    return Answer(200, type=bodies.TEXT)


def _named(call: Call, received: list[uploads.Received]) -> Iterator[Incoming]:
    """Under the name of the path, or else under that of the form."""
    path = asked_path(call).rstrip("/")
    for one in received:
        name = path if path and len(received) == 1 else "/".join(part for part in (path, one.name) if part)
        if _says(call, "extract") and name.lower().endswith((*unpacking.ZIP, *unpacking.TAR, ".tgz", ".gz")):
            yield from _unpacked(one.place, name.rpartition("/")[2])
        else:
            yield Incoming(name or _NAMELESS, one.place)


def _unpacked(place: Path, name: str) -> Iterator[Incoming]:
    """At the root of the resource. Of what is no archive nothing comes, and nobody is told."""
    folder = place.with_name(f"{place.name}-unpacked")
    folder.mkdir()
    try:
        for number, (path, file) in enumerate(unpacking.unpacked(place, name, Budget.of(place, folder))):
            yield Incoming(str(path), file.rename(folder / str(number)))
    except unpacking.NoArchive as error:
        _log.info("unpacking an upload: %s", error)


def _says(call: Call, name: str) -> bool:
    return call.query.get(name, "").lower() == "true"


for _path in paths("/files"):
    room.put(_path)(put)
    room.post(_path)(put)
