"""/data/user/cache/resources: files that a user puts aside, as for the input of a command."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts, preferences
from bootstrap.practice.data import places
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies, uploads
from bootstrap.practice.http.call import Answer, Call

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_FRONT, _FILES = "/user/cache/resources/", "/files/"
_ADDRESS = "/data/user/cache/resources/{XNAME}/files/{FILE}"
_log = logging.getLogger(__name__)
_RESOURCE = "/data/user/cache/resources/{XNAME}"
_GONE = "Unable to identify specified files."


@dataclass(frozen=True)
class Cached:
    resource: str
    path: str
    place: Path


def find(site: Site, user: str, address: str) -> Cached | None:
    """What is at an address such as /user/cache/resources/R/files/F; None where there is no such file."""
    resource, mark, path = address.removeprefix(_FRONT).partition(_FILES)
    if not address.startswith(_FRONT) or not mark:
        return None
    place = _place(site, user, resource, path)
    return Cached(resource, path, place) if place and place.is_file() else None


@room.put(_ADDRESS)
@room.post(_ADDRESS)
def put(call: Call) -> Answer:
    if call.caller.is_guest:
        return bodies.status_page(403)
    place = _asked(call)
    if place is None:
        return bodies.status_page(400)
    with uploads.received(call) as received:
        if not received:
            return bodies.status_page(400)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(received[0].place, place)
        except OSError as error:
            _log.warning("storing %s: %s", call.raw_path, error.strerror)
            return bodies.status_page(500)
    return bodies.nothing()


@room.get(_ADDRESS)
def get(call: Call) -> Answer:
    place = _asked(call)
    if place is None or not place.is_file():
        return bodies.status_page(404, _GONE)
    return Answer(200, place.read_bytes(), "application/octet-stream")


@room.delete(_ADDRESS)
def delete(call: Call) -> Answer:
    place = _asked(call)
    if place is None or not place.is_file():
        return bodies.status_page(404, _GONE)
    place.unlink()
    return bodies.nothing()


@room.put(_RESOURCE)
def make_folder(call: Call) -> Answer:
    if call.caller.is_guest:
        return bodies.status_page(403)
    place = _resource(call.site, call.caller.name, call.parts["XNAME"])
    if place is None or call.tail.strip("/"):
        return bodies.status_page(400)
    if place.exists():
        return bodies.status_page(412, "Resource with this name already exists.")
    place.mkdir(parents=True)
    return bodies.nothing()


@room.delete(_RESOURCE)
def remove_folder(call: Call) -> Answer:
    """An empty one stays: there are no files to be deleted."""
    place = _resource(call.site, call.caller.name, call.parts["XNAME"])
    if place is None or call.tail.strip("/") or not place.is_dir() or not any(place.iterdir()):
        return bodies.status_page(404, "No matching files found.")
    shutil.rmtree(place)
    return bodies.nothing()


def _asked(call: Call) -> Path | None:
    path = "/".join(part for part in (call.parts["FILE"], call.tail.strip("/")) if part)
    return _place(call.site, call.caller.name, call.parts["XNAME"], path)


def _place(site: Site, user: str, resource: str, path: str) -> Path | None:
    """None for what no file can be called."""
    folder = _resource(site, user, resource)
    try:
        found = folder / places.relative(path) if folder else None
        if found:
            found.exists()  # which a name that is too long makes an error
    except (places.BadName, OSError):
        return None
    return found


def _resource(site: Site, user: str, name: str) -> Path | None:
    own = site.folder.place(preferences.text(site, "cachePath")) / "USERS" / str(accounts.number_of(site, user))
    try:
        found = own / places.name(name)
        found.exists()
    except (places.BadName, OSError):
        return None
    return found
