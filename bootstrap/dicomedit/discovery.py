"""What a script wants of its caller, as the engine finds out when it loads the script.

Only value positions count: what stands in a function's brackets is not looked at, nor is a name in a list.
"""

from __future__ import annotations

from typing import TypeGuard

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.function_names import FUNCTION_NAMES


def external_variables(statements: tuple[nodes.Statement, ...]) -> tuple[str, ...]:
    """Names that are read before they are set, and hidden, const and immutable ones."""
    known: set[str] = set()
    external: dict[str, None] = {}
    for node in _outside_calls(statements):
        if isinstance(node, nodes.SetVariable):
            known.add(node.name)
        elif _asks(node) and node.name not in known:
            external[node.name] = None
            known.add(node.name)
    return tuple(external)


def _asks(node: nodes.Node) -> TypeGuard[nodes.Variable | nodes.Describe]:
    return isinstance(node, nodes.Variable) or (isinstance(node, nodes.Describe) and node.flag is not None)


def unknown_function(statements: tuple[nodes.Statement, ...]) -> nodes.Call | None:
    """The first call that makes loading fail. Inside another call's brackets it fails only when it is reached."""
    calls = (node for node in _outside_calls(statements) if isinstance(node, nodes.Call))
    return next((call for call in calls if call.name not in FUNCTION_NAMES), None)


def _outside_calls(statements: tuple[nodes.Node, ...]) -> list[nodes.Node]:
    """In the order in which the engine visits them: a variable counts as set after its value was looked at."""
    found: list[nodes.Node] = []
    for node in statements:
        if isinstance(node, nodes.ListValue):
            found += _outside_calls(tuple(one for one in node.elements if not isinstance(one, nodes.Variable)))
        elif isinstance(node, nodes.SetVariable):
            found += [*_outside_calls((node.value,)), node]
        else:
            found.append(node)
            if not isinstance(node, nodes.Call):
                found += _outside_calls(tuple(nodes.children(node)))
    return found
