"""The plan: a pure function of what is wanted, what is there, the ledger and the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bootstrap.engine.diff import Comparison, shown
from bootstrap.engine.given import Inputs
from bootstrap.engine.ledger import Ledger
from bootstrap.engine.order import KindOrder
from bootstrap.engine.plan import Action, Change, FieldChange, Plan
from bootstrap.engine.safety import refusals
from bootstrap.engine.tokens import Sealer
from bootstrap.kinds.kind import Resource, State
from bootstrap.values import Problem, fingerprint


def make_plan(given: Inputs) -> Plan:
    changes = [change_of(given, resource) for resource in given.desired]
    accepted = sum(count for _change, count in changes)
    gone_changes, gone_notes = _gone(given)
    ordered = given.order.sorted([*(change for change, _count in changes), *gone_changes])
    levelled = tuple(_levelled(given, change) for change in ordered)
    return Plan(
        owner=given.ledger.owner,
        changes=levelled,
        refusals=tuple([*_not_allowed(given), *refusals(given.order, given.desired, levelled, given)]),
        failures=tuple(given.current.unread[kind] for kind in sorted(given.current.unread)),
        notes=tuple([*gone_notes, *(p for p in given.judged if p.severity != "error")]),
        accepted=accepted,
        prune=given.options.prune,
        allow=given.options.allow,
        only=given.options.only,
    )


def _levelled(given: Inputs, change: Change) -> Change:
    """Only what is done has a place in the order of doing."""
    return change if change.action == "none" else replace(change, level=given.order.change_level(change))


def _not_allowed(given: Inputs) -> list[Problem]:
    return [p for p in given.judged if p.severity == "error" and p.rule not in given.options.allow]


def change_of(given: Inputs, resource: Resource) -> tuple[Change, int]:
    """What is to be done to one thing, and how many differences were accepted."""
    if resource.kind in given.current.unread:
        return _change(resource, "none", notes=("it could not be read",)), 0
    hidden = given.current.hidden.get(resource.ref)
    if hidden:
        notes = (f"cannot be read before {hidden.cause}: {hidden.why}", *resource.notes)
        change = _change(resource, "pending", notes=notes, needs=(*resource.needs, hidden.cause))
        return replace(change, foreseen=_wanted(given, resource)), 0
    state = given.current.of(resource)
    renamed = given.current.was(resource) if state is None else None
    return _compared(given, resource, state or renamed, is_rename=renamed is not None)


def _wanted(given: Inputs, resource: Resource) -> tuple[FieldChange, ...]:
    internal = given.order.kinds[resource.kind].internal
    said = {path: value for path, value in resource.fields.items() if value is not None and path not in internal}
    return tuple(FieldChange(p, None, shown(said[p]), "new") for p in sorted(said) if p not in resource.ignore)


def _compared(given: Inputs, resource: Resource, state: State | None, is_rename: bool) -> tuple[Change, int]:
    applied = given.ledger.entries.get(resource.ref)
    comparison = Comparison(resource.ref, resource.fields, state.fields if state else None, applied, given.sealer)
    found = comparison.changes(resource.ignore)
    differing, accepted = _without_accepted(given, resource, found)
    if state is None:
        differing = [change for change in differing if change.path not in given.order.kinds[resource.kind].internal]
    action = _action(state, differing, is_rename)
    if action == "none":
        return _change(resource, "none"), accepted  # nobody asks what was seen of it
    notes = (*resource.notes, *_notes(given, resource, state), *given.order.kinds[resource.kind].note(resource, state))
    change = _change(resource, action, differing, notes, resource.needs, seen(given.sealer, resource, state))
    return _deferred(given, change), accepted


def _deferred(given: Inputs, change: Change) -> Change:
    reason = given.current.deferred.get(change.ref)
    return replace(change, deferred=True, notes=(*change.notes, f"deferred: {reason}")) if reason else change


def _change(
    resource: Resource,
    action: Action,
    fields: Sequence[FieldChange] = (),
    notes: Sequence[str] = (),
    needs: Sequence[str] = (),
    seen: str = "",
) -> Change:
    source = resource.source_of(fields[0].path) if len(fields) == 1 else resource.source
    return Change(resource.kind, resource.name, action, tuple(fields), tuple(needs), tuple(notes), source, seen=seen)


def _action(state: State | None, differing: Sequence[FieldChange], is_rename: bool) -> Action:
    if state is None:
        return "create"
    if is_rename:
        return "rename"
    if state.broken:
        return "repair"
    if differing and state.restarts:
        return "restart"
    return "update" if differing else "none"


def _notes(given: Inputs, resource: Resource, state: State | None) -> list[str]:
    if state is None:
        removed = resource.ref in given.ledger.entries
        return ["it was there after the last apply and is gone from the server"] if removed else []
    notes = list(state.notes)
    kind = given.order.kinds[resource.kind]
    ours = any(given.ledger.owns(name) for name in (resource.ref, *resource.old_refs))
    nothing_there = kind.default_is_absence and kind.is_default(resource.name, state)
    if kind.remembered and not ours and not nothing_there:
        notes.append("adopts")
    return notes


def _without_accepted(given: Inputs, resource: Resource, found: Sequence[FieldChange]) -> tuple[list[FieldChange], int]:
    kept = [
        change
        for change in found
        if not any(item.covers(resource.ref, change.path, given.options.today) for item in given.accepted)
    ]
    return kept, len(found) - len(kept)


def seen(sealer: Sealer, resource: Resource, state: State | None) -> str:
    """A token of what the server had, of the fields that matter to this thing."""
    if state is None:
        return "absent"
    mattering = {path: state.fields.get(path) for path in resource.fields} or state.fields
    return fingerprint([state.id, state.broken, sealer.tokens(resource.ref, mattering)])


def gone_resources(
    order: KindOrder, desired: Sequence[Resource], ledger: Ledger, only: Sequence[str]
) -> list[Resource]:
    """What the ledger names and the file does not name any more."""
    named = {resource.ref for resource in desired}
    renamed = {old for resource in desired for old in resource.old_refs}
    found = []
    for entry_ref in sorted({*ledger.entries, *ledger.underway} - named - renamed):
        kind, _, name = entry_ref.partition(":")
        if kind in order.kinds and (not only or kind in only or entry_ref in only):
            found.append(Resource(kind, name, {}))
    return found


def _gone(given: Inputs) -> tuple[list[Change], list[Problem]]:
    gone = gone_resources(given.order, given.desired, given.ledger, given.options.only)
    pruned = [r for r in gone if given.options.prune and given.order.kinds[r.kind].removable]
    shared = [r for r in pruned if r.ref in given.foreign]
    there = [(r, state) for r in pruned if r not in shared and (state := given.current.of(r)) is not None]
    kept = [resource for resource, state in there if _is_default(given, resource, state)]
    changes = [_removal(given, resource, state) for resource, state in there if resource not in kept]
    notes = [_gone_note(given, resource) for resource in gone if resource not in pruned]
    stays = [*(_nothing_to_remove(resource) for resource in kept), *(_wanted_by_others(given, r) for r in shared)]
    return changes, [*notes, *stays]


def _removal(given: Inputs, resource: Resource, state: State) -> Change:
    kind = given.order.kinds[resource.kind]
    change = _change(resource, "delete", notes=(kind.removal,), seen=seen(given.sealer, resource, state))
    left = kind.left_by_removal(resource.name)
    put_back = (FieldChange(p, shown(state.fields.get(p)), shown(left[p]), "file") for p in sorted(left))
    return replace(change, foreseen=tuple(field for field in put_back if field.before != field.after))


def _is_default(given: Inputs, resource: Resource, state: State) -> bool:
    return given.order.kinds[resource.kind].is_default(resource.name, state)


def _gone_note(given: Inputs, resource: Resource) -> Problem:
    removable = given.order.kinds[resource.kind].removable
    message = f"{resource.ref} is not in the site file any more; it is left as it is"
    return Problem("note", "gone-from-file", message, "`--prune` removes it" if removable else "it is never removed")


def _nothing_to_remove(resource: Resource) -> Problem:
    message = f"{resource.ref} is not in the site file any more; it is left as it is"
    return Problem("note", "gone-from-file", message, "it is as a fresh XNAT has it, or nothing is known to put back")


def _wanted_by_others(given: Inputs, resource: Resource) -> Problem:
    message = f"{resource.ref} is not in the site file any more; it is left as it is"
    return Problem("note", "gone-from-file", message, f"the owner `{given.foreign[resource.ref]}` names it, too")
