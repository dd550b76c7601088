"""/data/user/cache/resources: files that a user puts aside, as for the input of a command."""

from __future__ import annotations

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
    try:
        place = _place(site, user, resource, path)
    except places.BadName:
        return None
    return Cached(resource, path, place) if place.is_file() else None


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
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(received[0].place, place)
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


def _asked(call: Call) -> Path | None:
    path = "/".join(part for part in (call.parts["FILE"], call.tail.strip("/")) if part)
    try:
        return _place(call.site, call.caller.name, call.parts["XNAME"], path)
    except places.BadName:
        return None


def _place(site: Site, user: str, resource: str, path: str) -> Path:
    cache = site.folder.place(preferences.text(site, "cachePath"))
    own = cache / "USERS" / str(accounts.number_of(site, user))
    return own / places.name(resource) / places.relative(path)
