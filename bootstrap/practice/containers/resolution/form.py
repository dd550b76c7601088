"""What a user is shown before he launches: every input, with the values that it can have."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.resolution import constraints
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Unresolvable
from bootstrap.practice.containers.resolution.inputs import COMMAND, DERIVED, EXTERNAL, Input, tree
from bootstrap.practice.containers.resolution.values import Branch, Value, branches
from bootstrap.practice.containers.server import Server

_OF_COMMAND = {"boolean": "boolean", "select-one": "select-one", "select-many": "select-many", "file": "file"}


class Unfillable(Exception):
    """Something that is required cannot be derived from what was given."""


def form(context: Context, server: Server, *, bulk_root: str = "") -> Document:
    """`bulk_root`: the input that is launched for many, of which the given value is one."""
    roots = tree(context)
    found = branches(context, roots)
    _check(found)
    return {
        "meta": _meta(context),
        "container-server-config": {"swarm-constraints": constraints.offered(server)},
        "input-config": [_config(one, found, bulk_root) for one in roots],
        "input-values": [_values(branch) for branch in found],
    }


def _check(found: Sequence[Branch]) -> None:
    """The first of each root is told."""
    missing = []
    for branch in found:
        if not branch.values:
            missing += [one.name for one in branch.input.below if one.kind == DERIVED and one.required][:1]
        for value in branch.values:
            missing += [one.input.name for one in value.below if _is_missing(one)][:1]
    if missing:
        raise Unfillable(", ".join(dict.fromkeys(missing)))


def _is_missing(branch: Branch) -> bool:
    return branch.input.kind == DERIVED and branch.input.required and not branch.values


def _meta(context: Context) -> Document:
    command, wrapper = context.command.document, context.wrapper.document
    return {
        "command-id": context.command.id,
        "command-name": command["name"],
        "command-label": command.get("label"),
        "command-description": command.get("description"),
        "command-metadata": command.get("command-metadata"),
        "wrapper-id": context.wrapper.id,
        "wrapper-name": context.wrapper.name,
        "wrapper-description": wrapper.get("description"),
        "image-name": command["image"],
        "image-type": command["type"],
    }


def _config(one: Input, found: Sequence[Branch], bulk_root: str, *, below_root: bool = False) -> Document:
    is_derived = bool(bulk_root) and (below_root or one.name == bulk_root)
    settable = one.document.get("user-settable")
    return {
        "name": one.name,
        "label": one.document.get("label") or one.name,
        "description": one.document.get("description"),
        "advanced": bool(one.document.get("advanced")),
        "required": one.required,
        "user-settable": True if settable is None else settable,
        "multiple": one.multiple,
        "input-type": "derived" if is_derived else _kind(one, found),
        "select-values": one.document.get("select-values", []),
        "children": [
            _config(child, found, bulk_root, below_root=is_derived) for child in one.below if child.kind != COMMAND
        ],
    }


def _kind(one: Input, found: Sequence[Branch]) -> str:
    if one.kind == COMMAND:
        return "password" if one.sensitive else _OF_COMMAND.get(one.type, "text")
    most = max((len(branch.values) for branch in _of(one, found)), default=0)
    if most == 0:
        return "text"
    if most == 1:
        return "static"
    return "select-many" if one.multiple else "select-one"


def _of(one: Input, found: Sequence[Branch]) -> list[Branch]:
    several = [branch for branch in found if branch.input is one]
    for branch in found:
        for value in branch.values:
            several += _of(one, value.below)
    return several


def _values(branch: Branch) -> Document:
    return {"name": branch.input.name, "values": [_value(value) for value in branch.values]}


def _value(value: Value) -> Document:
    below = [_values(branch) for branch in value.below if branch.input.kind != COMMAND]
    return {"value": value.text, "label": value.label, "children": below}


__all__ = ["EXTERNAL", "Unfillable", "Unresolvable", "form"]
