"""`apply UNDO.json`: the before-images of a journal become what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bootstrap.engine.gather import normalised
from bootstrap.engine.given import Inputs
from bootstrap.engine.order import KindOrder
from bootstrap.engine.plan import Change, Plan
from bootstrap.engine.planner import make_plan, seen
from bootstrap.errors import UsageError
from bootstrap.kinds.kind import Resource
from bootstrap.values import Problem


@dataclass(frozen=True)
class Undo:
    run: str
    server: str
    files: tuple[str, ...]
    restore: tuple[Resource, ...]
    remove: tuple[Resource, ...]
    notes: tuple[Problem, ...]


def undo_from_json(document: Mapping[str, Any], order: KindOrder, place: Path) -> Undo:
    try:
        steps: Sequence[Mapping[str, Any]] = _first_of_each(document["changes"])
        ours = [step for step in steps if step["kind"] in order.kinds]
        known = [step for step in ours if order.kinds[step["kind"]].remembered]
        made = [step for step in known if step["action"] == "delete"]
        staying = [step for step in made if not order.kinds[step["kind"]].removable]
        return Undo(
            run=document["run"],
            server=document["server"],
            files=tuple(document["files"]),
            restore=tuple(_restored(order, step) for step in known if step["action"] == "restore"),
            remove=tuple(Resource(step["kind"], step["name"], {}) for step in made if step not in staying),
            notes=(
                *(_lost(step) for step in known if step.get("cannot_restore")),
                *(_stays(step, "what it is, is never removed") for step in staying),
                *(_stays(step, "it is done once and for all") for step in ours if step not in known),
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"reading {place}: it lacks a part of an undo document: {error}") from error


def _first_of_each(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Steps stand last change first; of two of one thing the older before-image is the one to put back."""
    oldest = {(step["kind"], step["name"]): step for step in steps}
    return list(oldest.values())


def _restored(order: KindOrder, step: Mapping[str, Any]) -> Resource:
    resource = Resource(step["kind"], step["name"], step["fields"], was=step.get("was"))
    return normalised(order.kinds[step["kind"]], resource)


def _lost(step: Mapping[str, Any]) -> Problem:
    what = f"{step['kind']}:{step['name']}"
    fields = ", ".join(step["cannot_restore"])
    return Problem("warning", "not-in-journal", f"{what}: {fields} is secret and was not kept, so it stays as it is")


def _stays(step: Mapping[str, Any], why: str) -> Problem:
    return Problem("note", "never-removed", f"{step['kind']}:{step['name']} stays: {why}")


def undo_plan(undo: Undo, given: Inputs) -> Plan:
    """`given` was read for the things to restore and to remove; its ledger must own what is removed."""
    restored = {resource.ref for resource in undo.restore}
    plan = make_plan(replace(given, desired=[r for r in given.desired if r.ref in restored]))
    there = [resource for resource in undo.remove if given.current.of(resource) is not None]
    shared = [resource for resource in there if resource.ref in given.foreign]
    removals = [_removal(given, resource) for resource in there if resource not in shared]
    known = {change.ref for change in plan.changes}
    changes = [*plan.changes, *(change for change in removals if change.ref not in known)]
    levelled = tuple(replace(c, level=given.order.change_level(c)) for c in given.order.sorted(changes))
    foreign = tuple(_not_ours(change) for change in removals if not given.ledger.owns(change.ref))
    wanted = [note for note in plan.notes if note.rule != "gone-from-file"]
    notes = (*wanted, *undo.notes, *(_wanted_by_others(given, resource) for resource in shared))
    return replace(plan, changes=levelled, refusals=(*plan.refusals, *foreign), notes=notes, files=undo.files)


def _wanted_by_others(given: Inputs, resource: Resource) -> Problem:
    owner = given.foreign[resource.ref]
    return Problem("note", "never-removed", f"{resource.ref} stays: the owner `{owner}` names it, too")


def _removal(given: Inputs, resource: Resource) -> Change:
    state = given.current.of(resource)
    token = seen(given.sealer, resource, state)
    return Change(resource.kind, resource.name, "delete", notes=("made by the run that is undone",), seen=token)


def _not_ours(change: Change) -> Problem:
    message = f"{change.ref} is not named by the ledger: only what the ledger names may be removed"
    return Problem("error", "not-in-ledger", message)
