"""Which statements of a block run together, as one pass over the object. Worked out once for a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.deleting import Deletion
from bootstrap.dicomedit.filling import Filling, constant_of
from bootstrap.dicomedit.matching import compile_pattern
from bootstrap.dicomedit.problems import ScriptError

Part = nodes.Statement | Deletion | Filling


class Plans:
    """Kept by the one who keeps the script: a block is known by its identity."""

    def __init__(self) -> None:
        self._known: dict[int, list[Part]] = {}

    def of(self, statements: Sequence[nodes.Statement]) -> list[Part]:
        known = self._known.get(id(statements))
        if known is None:
            known = self._known[id(statements)] = list(_parts(statements))
        return known


def _parts(statements: Sequence[nodes.Statement]) -> Iterator[Part]:
    for kind, group in groupby(statements, _kind):
        together = list(group)
        if kind == "delete":
            patterns = [compile_pattern(one.path) for one in together if isinstance(one, nodes.Delete)]
            yield Deletion(patterns, all_private=len(patterns) < len(together))
        elif kind == "fill":
            yield Filling([constant for one in together if (constant := constant_of(one)) is not None])
        else:
            yield from together


def _kind(statement: nodes.Statement) -> str:
    if isinstance(statement, nodes.RemoveAllPrivateTags) or _is_plain_delete(statement):
        return "delete"
    return "alone" if constant_of(statement) is None else "fill"


def _is_plain_delete(statement: nodes.Statement) -> bool:
    """One that the engine cannot use is an Error at its own line."""
    try:
        return isinstance(statement, nodes.Delete) and compile_pattern(statement.path) is not None
    except ScriptError:
        return False
