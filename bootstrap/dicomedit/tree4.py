"""DicomEdit 4: from the parser's trees, broken ones among them, to the statements that the engine would run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.nodes import Position


@final
class Broken:
    """In place of what could not be read."""


BROKEN: Final = Broken()


@dataclass(frozen=True, slots=True)
class Simple:
    kind: str  # assign, delete, echo, set, describe, export, unreadable
    start: Position
    end: Position
    path: Any = None
    value: Any = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    conditions: Any  # a list, or BROKEN
    action: Any
    start: Position
    end: Position


Tree = Simple | Constraint | Broken


def statements_of(trees: Sequence[Tree]) -> tuple[list[nodes.Statement], int]:
    """The statements that survive, and how many trees were read: mostly, the first broken one ends the script."""
    statements: list[nodes.Statement] = []
    index = 0
    while index < len(trees):
        tree = trees[index]
        if isinstance(tree, Broken):
            return statements, index
        index += 1
        if isinstance(tree, Constraint) and isinstance(tree.action, Broken) and not _readable(tree):
            swallowed = _next_whole(trees, index)
            if isinstance(swallowed, Constraint):
                return [*statements, *_action_alone(swallowed)], index - 1
            index = len(trees) if swallowed is None else _behind_broken(trees, trees.index(swallowed, index) + 1)
            continue
        statement = _statement(tree)
        if _is_bare_echo(tree) and index < len(trees) and isinstance(trees[index], Broken):
            statement = nodes.Unreadable(start=tree.start, end=tree.end)
        if statement is None:
            index = _behind_broken(trees, index)
        else:
            statements.append(statement)
        if _ends_reading(tree):
            return statements, index
    return statements, len(trees)


def _is_bare_echo(tree: Tree) -> bool:
    return isinstance(tree, Simple) and tree.kind == "echo" and tree.value is None


def _readable(tree: Constraint) -> list[nodes.Comparison]:
    if isinstance(tree.conditions, Broken):
        return []
    return [one for one in tree.conditions if not isinstance(one, Broken)]


def _next_whole(trees: Sequence[Tree], index: int) -> Tree | None:
    """What the engine loses with a statement of which nothing could be read: the next one that it could read."""
    return next((tree for tree in trees[index:] if not isinstance(tree, Broken)), None)


def _behind_broken(trees: Sequence[Tree], index: int) -> int:
    while index < len(trees) and isinstance(trees[index], Broken):
        index += 1
    return index


def _action_alone(tree: Constraint) -> list[nodes.Statement]:
    """Reading goes on inside the swallowed statement: its action is taken without its conditions."""
    return [] if isinstance(tree.action, Broken) else [_simple(tree.action)]


def _statement(tree: Tree) -> nodes.Statement | None:
    if isinstance(tree, Simple):
        statement: nodes.Statement = _simple(tree)
        return statement
    assert isinstance(tree, Constraint)
    good = _readable(tree)
    broken_action = isinstance(tree.action, Broken)
    if isinstance(tree.conditions, Broken) or (isinstance(tree.conditions[0], Broken) and not broken_action):
        if _is_bare_echo(tree.action):
            return nodes.Unreadable(start=tree.start, end=tree.end)
        action: nodes.Statement = _simple(tree.action)
        return action  # the conditions are lost: the action is taken without them
    first_broken = isinstance(tree.conditions[0], Broken)
    if len(good) + first_broken < len(tree.conditions):
        return None
    if not broken_action and _ends_reading(tree.action):
        return nodes.Unreadable(start=tree.start, end=tree.end)
    place = {"start": tree.start, "end": tree.end}
    action = nodes.Unreadable(**place) if broken_action else _simple(tree.action)
    return nodes.Constrained(tuple(map(_comparison, _until_unreadable(good))), action, **place)


def _until_unreadable(conditions: list[nodes.Comparison]) -> list[nodes.Comparison]:
    """A broken argument inside a condition takes the conditions behind it along."""
    cut = next((index for index, one in enumerate(conditions) if _is_deeply_broken(one)), len(conditions))
    return conditions[: cut + 1]


def _is_deeply_broken(condition: nodes.Comparison) -> bool:
    sides: tuple[Any, Any] = (condition.left, condition.right)
    return any(not isinstance(side, Broken) and _has_broken(side) for side in sides)


def _simple(tree: Simple) -> Any:
    place = {"start": tree.start, "end": tree.end}
    if tree.kind == "unreadable" or (tree.kind in ("assign", "delete") and isinstance(tree.path, Broken)):
        return nodes.Unreadable(**place)
    match tree.kind:
        case "assign":
            return nodes.Assign(tree.path, _value(tree), **place)
        case "delete":
            return nodes.Delete(tree.path, **place)
        case "echo":
            return nodes.Echo(None if tree.value is None else _value(tree), **place)
        case "set":
            return nodes.SetVariable(tree.name, _value(tree), **place)
        case "export":
            return nodes.Export(tree.name, tree.value, **place)
        case _:
            flag: Any = None if tree.value else "hidden"
            return nodes.Describe(tree.name, tree.value, flag, **place)


def _value(tree: Simple) -> Any:
    if any(isinstance(part, Broken) for part in _parts(tree.value)):
        return nodes.Unreadable(start=tree.start, end=tree.end)
    return tree.value


def _comparison(condition: nodes.Comparison) -> nodes.Comparison:
    place = {"start": condition.start, "end": condition.end}
    sides = [nodes.Unreadable(**place) if _has_broken(side) else side for side in (condition.left, condition.right)]
    return nodes.Comparison(sides[0], condition.operator, sides[1], **place)


def _has_broken(value: Any) -> bool:
    return any(isinstance(part, Broken) for part in _parts(value))


def _parts(value: Any) -> Iterator[Any]:
    yield value
    for inner in getattr(value, "arguments", ()):
        yield from _parts(inner)


def _ends_reading(tree: Any) -> bool:
    """A broken argument inside brackets takes everything behind the statement with it."""
    if isinstance(tree, Constraint):
        if any(map(_is_deeply_broken, _readable(tree))):
            return True
        tree = tree.action
    return isinstance(tree, Simple) and not isinstance(tree.value, Broken) and _has_broken(tree.value)
