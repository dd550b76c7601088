"""Which version of the language came with which XNAT, and what each version brought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.signatures import SIGNATURES
from bootstrap.facts.versions import version_numbers

# The highest `version` that an XNAT takes, from this release on.
CEILINGS: tuple[tuple[str, str], ...] = (
    ("1.7", "6.1"),
    ("1.8", "6.3"),
    ("1.8.7", "6.4"),
    ("1.8.8", "6.5"),
    ("1.8.10", "6.6"),
    ("1.9", "6.7"),
)
FIRST_XNAT = {
    "6.0": "1.7.0",
    "6.1": "1.7.3",
    "6.2": "1.8.0",
    "6.3": "1.8.1",
    "6.4": "1.8.7",
    "6.5": "1.8.8",
    "6.6": "1.8.10",
    "6.7": "1.9.0",
}


class Feature(NamedTuple):
    name: str
    version: str
    node: nodes.Node


def ceiling(xnat_version: str | None) -> str | None:
    """The highest version of the language that this XNAT takes; None where that is not known."""
    have = version_numbers(xnat_version)
    known = [version for first, version in CEILINGS if have and have >= version_numbers(first)]
    return known[-1] if known else None


def is_older(version: str, other: str) -> bool:
    return version_numbers(version) < version_numbers(other)


def features(all_nodes: tuple[nodes.Node, ...]) -> Iterator[Feature]:
    for node in all_nodes:
        yield from _features(node)


def _features(node: nodes.Node) -> Iterator[Feature]:
    match node:
        case nodes.AssignIfExists():
            wild = not node.path.is_singular
            yield Feature("a wildcard on the left of `?=`" if wild else "`?=`", "6.5" if wild else "6.3", node)
        case nodes.If():
            yield Feature("`if`", "6.4", node)
        case nodes.Ternary():
            actions = (node.then, node.otherwise)
            if any(isinstance(action, nodes.CallStatement) for action in actions):
                yield Feature("a function as the action of `?`", "6.4", node)
        case nodes.ListValue():
            yield Feature("a list", "6.6", node)
        case nodes.Delete() if not node.path.is_singular:
            yield Feature("a wildcard in a delete", "6.1", node)
        case nodes.Call() if node.name in SIGNATURES:
            yield Feature(f"`{node.name}`", SIGNATURES[node.name].since, node)
