"""The elements that a script's statements act on, as paths."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.problems import ParseError
from bootstrap.dicomedit.script import Script

_ACTS = {  # function -> which of its arguments are paths that it acts on
    "removeTags": slice(0, None),
    "hashUIDList": slice(0, None),
    "retainPrivateTags": slice(0, None),
    "mapReferencedUIDs": slice(1, None),
    "shiftDateTimeSequenceByIncrement": slice(1, None),
    "shiftDateTimeListByIncrement": slice(0, 1),
    "set": slice(0, 1),
    "delete": slice(0, 1),
}


def targets(script: Script) -> Iterator[tuple[nodes.TagPath, int]]:
    """Each path that something is done to, and the line where that is."""
    lists = {
        node.name: node.value
        for node in script.walk()
        if isinstance(node, nodes.SetVariable) and isinstance(node.value, nodes.ListValue)
    }
    for node in script.walk():
        match node:
            case nodes.Assign() | nodes.AssignIfExists() | nodes.Delete():
                yield node.path, node.line
            case nodes.Call() if node.name in _ACTS:
                for argument in node.arguments[_ACTS[node.name]]:
                    yield from _paths(argument, lists)


def _paths(node: nodes.Value, lists: dict[str, nodes.ListValue]) -> Iterator[tuple[nodes.TagPath, int]]:
    match node:
        case nodes.TagPath():
            yield node, node.line
        case nodes.ListValue():
            for element in node.elements:
                yield from _paths(element, lists)
        case nodes.Variable() if node.name in lists:
            yield from _paths(lists[node.name], {})
        case nodes.Text():
            yield from _quoted(node)


def _quoted(node: nodes.Text) -> Iterator[tuple[nodes.TagPath, int]]:
    from bootstrap.dicomedit.parser6 import parse_tag_path

    try:
        yield parse_tag_path(node.value), node.line
    except ParseError:
        return
