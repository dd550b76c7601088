"""/xapi/direct-archive: sessions on their way straight into the archive, which the prearchive does not show.

Their files lie where those of the prearchive do until the archive has them, so that a killed server loses none.
"""

from __future__ import annotations

from typing import Any

from bootstrap.practice.data import rights
from bootstrap.practice.data.incoming import committing, moving, prearchive
from bootstrap.practice.data.incoming.archiving import NotArchived
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body

_PAGE_SIZE = 50
_LONGEST_ID = 18
_ONE = "/xapi/direct-archive/{project}/{tag}/{name}"
_RECEIVING = "Session is still receiving files"


@room.post("/xapi/direct-archive", SIGNED_IN, Body.OBJECT)
def listed(call: Call) -> Answer:
    """A page of those in projects that the caller may read, the one built last first."""
    if call.json.get("filters"):
        return bodies.not_built("filters of /xapi/direct-archive")
    direct = [one for one in prearchive.everything(call.site) if one.direct]
    readable = rights.readable(call.site, call.caller, (one.project for one in direct))
    found = [one for one in direct if one.project in readable]
    found.sort(key=lambda one: one.changed, reverse=call.json.get("sort_dir") != "asc")
    size = max(_number(call.json.get("size"), _PAGE_SIZE), 0)
    first = max(_number(call.json.get("page"), 1) - 1, 0) * size
    return bodies.as_json([_printed(one) for one in found[first : first + size]])


@room.get(_ONE, SIGNED_IN)
def show(call: Call) -> Answer:
    found = _found(call)
    if found is None or not rights.may_read(call.site, call.caller, found.project):
        return bodies.nothing(404)
    return bodies.as_json(_printed(found))


@room.post(_ONE, SIGNED_IN)
def archive(call: Call) -> Answer:
    """Now, and not when the clock comes round."""
    found = _found(call)
    if found is None:
        return bodies.nothing(404)
    if not rights.may_edit(call.site, call.caller, found.project):
        return bodies.nothing(403)
    try:
        committing.commit(call.site, call.caller.name, found)
    except Busy:
        return bodies.wrapped(_RECEIVING)
    except Gone:
        return bodies.nothing(404)
    except (NotArchived, NothingThere) as error:
        return bodies.wrapped(error)
    return bodies.nothing()


@room.delete("/xapi/direct-archive/{id}", SIGNED_IN)
def delete(call: Call) -> Answer:
    number = call.parts["id"]
    found = prearchive.by_number(call.site, int(number)) if number.isdecimal() and len(number) <= _LONGEST_ID else None
    if found is None or not found.direct:
        return bodies.nothing(404)
    if not rights.may_delete(call.site, call.caller, found.project):
        return bodies.nothing(403)
    try:
        moving.delete(call.site, found)
    except Busy:
        return bodies.wrapped(f"Operation already in progress on {found.uri}")
    except Gone:
        return bodies.nothing(404)
    return bodies.nothing()


def _found(call: Call) -> Waiting | None:
    return prearchive.going_straight(call.site, call.parts["project"], call.parts["tag"], call.parts["name"])


def _printed(waiting: Waiting) -> dict[str, Any]:
    return {
        "id": waiting.number,
        "project": waiting.project,
        "subject": waiting.subject,
        "name": waiting.name,
        "folderName": waiting.folder,
        "timestamp": waiting.timestamp,
        "tag": waiting.tag,
        "status": waiting.status,
        "source": waiting.source or None,
        "visit": waiting.visit or None,
        "uploadDate": int(waiting.created * 1000),
        "lastBuiltDate": int(waiting.changed * 1000),
    }


def _number(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
