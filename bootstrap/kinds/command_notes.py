"""What a person should know of a command that is about to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bootstrap.kinds.command_writing import Change, target
from bootstrap.kinds.container_reading import Row
from bootstrap.kinds.kind import Resource
from bootstrap.kinds.smoke import CannotTry, root_uri
from bootstrap.kinds.wrapper_pointers import who_points_at
from bootstrap.xnat.connection import Connection

_TOLD = 5


def notes_of(xnat: Connection, wanted: Resource, row: Row) -> Iterator[str]:
    change = Change(row, target(wanted, row, frozenset(wanted.fields) - wanted.ignore), wanted.payload["was"])
    if change.anew:
        yield from _anew(xnat, change)
    else:
        yield from _in_place(xnat, change)
    yield from _running(xnat, row)
    yield from _smoke(xnat, wanted)


def _anew(xnat: Connection, change: Change) -> Iterator[str]:
    yield f"the id changes: `type` forces that the command {change.row['id']} is deleted and made again"
    yield from _pointers(xnat, change.row["xnat"])


def _in_place(xnat: Connection, change: Change) -> Iterator[str]:
    ids = [str(wrapper["id"]) for wrapper in change.staying]
    wrappers = f", wrapper ids kept: {', '.join(ids)}" if ids else ""
    yield f"in place: command id kept: {change.row['id']}{wrappers}"
    for wrapper, new in change.renamed:
        yield f"the wrapper {wrapper['name']} becomes {new} and keeps its id"
    for name, early in change.reordered.items():
        yield (
            f"wrapper {name}: XNAT would put {', '.join(early)} before what it hangs on, so its inputs and handlers "
            "are written in two steps; a launch in the moment between them fails"
        )
    for wrapper in change.leaving:
        yield f"the wrapper {wrapper.get('name') or '(without a name)'} (id {wrapper['id']}) is deleted"
    yield from _pointers(xnat, change.leaving)


def _pointers(xnat: Connection, leaving: Any) -> Iterator[str]:
    for text in who_points_at(xnat, [int(wrapper["id"]) for wrapper in leaving]):
        yield f"{text} points at a wrapper that goes away"


def _running(xnat: Connection, row: Row) -> Iterator[str]:
    doing = f"looking what runs of the command {row['name']}"
    listed = xnat.client.read_json("/xapi/containers", doing=doing, params={"nonfinalized": "true"})
    mine = [one for one in listed if one.get("command-id") == row["id"]]
    if mine:
        told = [f"{one.get('id')} ({one.get('status')}, project {one.get('project')})" for one in mine[:_TOLD]]
        more = f" and {len(mine) - _TOLD} more" if len(mine) > _TOLD else ""
        yield f"queued or running now, and finishing as they began: container {', '.join(told)}{more}"


def _smoke(xnat: Connection, wanted: Resource) -> Iterator[str]:
    smoke = wanted.payload["smoke"]
    wrappers = {wrapper["name"]: wrapper for wrapper in wanted.payload["document"]["xnat"]}
    if smoke is None or smoke.wrapper not in wrappers:
        return
    try:
        root_uri(xnat, smoke, wrappers[smoke.wrapper])
    except CannotTry as reason:
        yield f"its smoke test cannot be made: {reason}"
    else:
        how = "launched" if smoke.launch else "asked for its launch form"
        yield f"afterwards {smoke.wrapper} is {how} on {smoke.root} in {smoke.project}; if that fails, all is put back"
