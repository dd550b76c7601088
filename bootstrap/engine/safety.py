"""What a plan must not do unless it is allowed by name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootstrap.engine.given import Inputs
from bootstrap.engine.order import KindOrder
from bootstrap.engine.plan import Change, deletions
from bootstrap.kinds.kind import Resource
from bootstrap.values import Problem

PRUNE_COUNT, PRUNE_SHARE = 3, 0.30


def refusals(order: KindOrder, desired: Sequence[Resource], changes: Sequence[Change], given: Inputs) -> list[Problem]:
    found = [
        *_foreign(changes, given),
        *_both_moved(order, changes),
        *_made_again(order, changes, given),
        *_protected(desired, changes, given),
        *_prune_bound(changes, given),
    ]
    return [problem for problem in found if problem.rule not in given.options.allow]


def _refusal(rule: str, message: str, change: Change | None = None, allow: bool = True) -> Problem:
    hint = f"`--allow {rule}` lets it pass" if allow else ""
    return Problem("error", rule, message, hint, change.source if change else None)


def _foreign(changes: Sequence[Change], given: Inputs) -> Iterator[Problem]:
    before = {resource.ref: resource.old_refs for resource in given.desired}
    for change in changes:
        # What is renamed is looked for under its old name.
        names = (change.ref, *(before.get(change.ref, ()) if change.action == "rename" else ()))
        owner = next((given.foreign[name] for name in names if name in given.foreign), None)
        ours = any(given.ledger.owns(name) for name in names)
        if owner and change.action not in ("none", "repair") and not ours:
            yield _refusal("foreign", f"{change.ref} belongs to the owner `{owner}` of another site file", change)


def _both_moved(order: KindOrder, changes: Sequence[Change]) -> Iterator[Problem]:
    for change in changes:
        moved = [field.path for field in change.fields if field.moved == "both"]
        if moved and order.kinds[change.kind].refuse_both_moved:
            message = f"{change.ref}: {', '.join(moved)} was changed in the file and on the server since the last apply"
            yield _refusal("both-moved", message, change)


def _made_again(order: KindOrder, changes: Sequence[Change], given: Inputs) -> Iterator[Problem]:
    for change in changes:
        rule = order.kinds[change.kind].recreate_rule
        if rule and change.action == "create" and change.ref in given.ledger.entries:
            message = f"{change.ref} was made by an earlier run and is gone from the server: XNAT refuses its id now"
            yield _refusal(rule, message, change)


def _protected(desired: Sequence[Resource], changes: Sequence[Change], given: Inputs) -> Iterator[Problem]:
    marked = {resource.ref for resource in desired if resource.protected}
    marked |= {ref for ref, entry in given.ledger.entries.items() if entry.protected}
    for change in changes:
        if change.action in ("delete", "rename") and change.ref in marked:
            message = f"{change.ref} is protected: it is never deleted, replaced or renamed"
            yield _refusal("protected", message, change, allow=False)


def _prune_bound(changes: Sequence[Change], given: Inputs) -> Iterator[Problem]:
    removed: dict[str, int] = {}
    for change in deletions(changes):
        removed[change.kind] = removed.get(change.kind, 0) + 1
    for kind, count in sorted(removed.items()):
        total = len(given.ledger.refs_of(kind))
        if count > PRUNE_COUNT and count > PRUNE_SHARE * total:
            yield _refusal("prune-bound", f"{count} of the {total} things of kind {kind} would be removed at once")
