"""/data/services/dicomdump: what stands in the first file of a scan, in prearchive or archive."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_description, tag_for_keyword

from bootstrap.dicomedit.charsets import decode
from bootstrap.dicomedit.problems import FileError
from bootstrap.practice.data import archive, files, owners, projects, resources, rights, scans, tables
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import building, headers, prearchive
from bootstrap.practice.data.incoming.prearchive_lists import may_see
from bootstrap.practice.data.incoming.routing import UNASSIGNED
from bootstrap.practice.data.room import room
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

if TYPE_CHECKING:
    from bootstrap.dicomedit.holding import Item

_COLUMNS = ("tag1", "tag2", "vr", "value", "desc")
_WAITING = re.compile(r"/prearchive/projects/([^/]+)/([^/]+)/([^/]+)(?:/scans/([^/]+))?")
_NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "SV": "q", "UV": "Q", "AT": "H"}
_NOT_SHOWN = {"OB", "OW", "OF", "OD", "OL", "OV", "UN"}
_LONGEST = 1024  # letters of a value that are shown


@room.get("/data/services/dicomdump")
def dump(call: Call) -> Answer:
    """Of all elements, or of those that `field` names."""
    place = _place(call, call.query.get("src", ""))
    if place is None:
        return bodies.status_page(404)
    try:
        item = headers.opened(place.read_bytes())
        wanted = {_tag(one) for one in call.query.getlist("field")}
        rows = list(_rows(item, wanted, above=None))
    except (FileError, OSError) as error:
        return bodies.status_page(500, str(error))
    return tables.answer(call, _COLUMNS, rows, total=False)


def _place(call: Call, source: str) -> Path | None:
    """The first file of what the address names, if the caller may read it."""
    if found := _WAITING.fullmatch(source.removeprefix("/data")):
        return _waiting(call, *found.groups())
    thing = archive.find(call.site, source)
    if thing is None or isinstance(thing, resources.Resource):
        return None
    if not rights.may_read(call.site, call.caller, owners.project(call.site, thing)):
        return None
    several = [thing] if isinstance(thing, Scan) else []
    if isinstance(thing, Experiment):
        several = scans.of_session(call.site, thing.id)
    for scan in several:
        for resource in resources.of(call.site, owners.of(scan)):
            if there := [file.place for file in files.of(call.site, resource) if _is_image(resource)]:
                return there[0]
    return None


def _is_image(resource: resources.Resource) -> bool:
    return resource.facts.format == "DICOM" or resource.label in (building.IMAGES, building.SECONDARY)


def _waiting(call: Call, project: str, timestamp: str, folder: str, scan: str | None) -> Path | None:
    known = projects.find_by_name(call.site, project)
    kept = known.id if known else "" if project == UNASSIGNED else project
    found = prearchive.find(call.site, kept, timestamp, folder)
    if found is None or not may_see(call, found.project):
        return None
    several = building.files(prearchive.folder(call.site, found) / "SCANS")
    return next((place for name, place in several if scan in (None, name)), None)


def _tag(text: str) -> int | None:
    if re.fullmatch(r"[0-9a-fA-F]{8}", text):
        return int(text, 16)
    return tag_for_keyword(text)


def _rows(item: Item, wanted: set[int | None], above: int | None) -> Iterator[dict[str, str]]:
    """One a line; of a sequence one for each item, and those within it."""
    for tag in item.tags():
        if wanted and above is None and tag not in wanted:
            continue
        below = item.items(tag)
        if below is None:
            yield _row(item, tag, above)
        for inner in below or ():
            yield _named(above or tag, tag, "SQ", "")
            yield from _rows(inner, wanted, above or tag)


def _row(item: Item, tag: int, above: int | None) -> dict[str, str]:
    vr = item.vr(tag) or "UN"
    return _named(above or tag, tag if above else None, vr, _value(item, tag, vr))


def _named(first: int, second: int | None, vr: str, value: str) -> dict[str, str]:
    tag = second if second is not None else first
    return {
        "tag1": _shown(first),
        "tag2": "" if second is None else _shown(second),
        "vr": vr,
        "value": value,
        "desc": _description(tag),
    }


def _value(item: Item, tag: int, vr: str) -> str:
    if item.is_encapsulated(tag):
        return ""
    raw = item.raw(tag)
    if code := _NUMBERS.get(vr):
        size = struct.calcsize(code)
        numbers = struct.unpack(f"<{len(raw) // size}{code}", raw[: len(raw) // size * size])
        return "\\".join(map(str, numbers))[:_LONGEST]
    if vr in _NOT_SHOWN and not raw[:_LONGEST].isascii():
        return ""
    return decode(raw, item.charset()).strip(" \0")[:_LONGEST]


def _shown(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _description(tag: int) -> str:
    if (tag >> 16) % 2:
        return "Private Creator Data Element" if 0x10 <= tag & 0xFFFF <= 0xFF else "?"
    try:
        return dictionary_description(tag).replace("'", "&rsquo;")
    except KeyError:
        return "?"
