"""What can be done with a session in the prearchive: built, committed, moved, deleted; alone or several at once."""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.practice.data import rights
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming import building, committing, moving, prearchive
from bootstrap.practice.data.incoming.archiving import NotArchived
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.incoming.prearchive_lists import ONE, may_see, session
from bootstrap.practice.data.incoming.routing import UNASSIGNED
from bootstrap.practice.data.incoming.uris import URI_LIST, uri_of
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_STATUSES = {
    *(prearchive.READY, prearchive.RECEIVING, prearchive.ERROR, prearchive.CONFLICT),
    *prearchive.BUSY,
}


@room.post(ONE)
def act(call: Call) -> Answer:
    action = call.query.get("action") or call.form().get("action", "")
    if not action:
        text = f"No action parameter was specified for the request by user {call.caller.name}"
        return bodies.status_page(400, text)
    act_on = _ACTIONS.get(action)
    if act_on is None:
        text = f"User {call.caller.name} requested an unsupported action on prearchive session: {action}"
        return bodies.status_page(400, text)
    found = session(call)
    if found is None or call.tail:
        place = call.parts
        text = (
            f"A record with session {place['SESSION_LABEL']}, timestamp {place['SESSION_TIMESTAMP']} "
            f"and project {place['PROJECT_ID']} could not be found."
        )
        return bodies.status_page(500, text)
    _check_edit(call, found)
    try:
        return act_on(call, found)
    except Busy:
        return bodies.status_page(409, f"Operation already in progress on {found.address}")
    except Gone:
        return bodies.status_page(404)
    except NothingThere:
        return bodies.status_page(500, f"The session {found.address} has no files.")


@room.delete(ONE)
def delete(call: Call) -> Answer:
    """What is not there is as good as deleted."""
    found = session(call)
    if found is None:
        return bodies.nothing()
    if not _may_delete(call, found.project):
        return bodies.status_page(403)
    try:
        moving.delete(call.site, found)
    except Busy:
        return bodies.status_page(409)
    except Gone:
        return bodies.nothing()
    return bodies.nothing()


def _build(call: Call, found: Waiting) -> Answer:
    building.build(call.site, found)
    return _uri(found)


def _commit(call: Call, found: Waiting) -> Answer:
    """301 to the archive, which is said in the body."""
    archives = any(call.query.get(name, "").lower() == "true" for name in ("AA", "auto-archive"))
    try:
        done = committing.commit(call.site, call.caller.name, found, archives=archives)
    except NotArchived as error:
        return bodies.status_page(500, f"FAILED: Unable to archive {found.name}: {error}")
    if isinstance(done, Experiment):
        return Answer(301, uri_of(call.site, done).encode(), bodies.TEXT)
    return _uri(done)


def _move(call: Call, found: Waiting) -> Answer:
    target = call.query.get("newProject", "")
    if not target:
        return bodies.status_page(400)
    moved = moving.move(call.site, found, target)
    return Answer(301, moved.uri.encode(), URI_LIST)


def _reset(call: Call, found: Waiting) -> Answer:
    prearchive.change(call.site, found, status=prearchive.READY)
    return _uri(found)


def _set_status(call: Call, found: Waiting) -> Answer:
    """Only states in which a session can wait: nobody would end another one."""
    status = call.query.get("status", "")
    if status not in _STATUSES:
        return bodies.status_page(400)
    if status not in prearchive.BUSY:
        prearchive.change(call.site, found, status=status)
    return _uri(found)


_ACTIONS: dict[str, Callable[[Call, Waiting], Answer]] = {
    "build": _build,
    "commit": _commit,
    "move": _move,
    "reset-status": _reset,
    "set-status": _set_status,
}


def _uri(found: Waiting) -> Answer:
    return Answer(200, found.uri.encode("utf-8", "surrogatepass"), URI_LIST)


def _check_edit(call: Call, found: Waiting) -> None:
    allowed = rights.may_edit(call.site, call.caller, found.project) if found.project else may_see(call, "")
    if not allowed:
        raise Refusal(bodies.status_page(403))


def _may_delete(call: Call, project: str) -> bool:
    if not project or project == UNASSIGNED:
        return not call.caller.is_guest
    return rights.may_edit(call.site, call.caller, project)
