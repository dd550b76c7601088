"""Constants put into what is present, many `?=` in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bootstrap.dicomedit.editing import put_text
from bootstrap.dicomedit.failure import Failure
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.matching import Pattern, compile_pattern
from bootstrap.dicomedit.nodes import AssignIfExists, Number, Statement, Text
from bootstrap.dicomedit.problems import ScriptError


class _Constant(NamedTuple):
    statement: AssignIfExists
    pattern: Pattern
    text: str


class _Hit(NamedTuple):
    number: int  # of the constant
    item: Item
    tag: int


class Filling:
    """Such statements neither add nor remove an element: what each means can be looked up before any has run.

    The writing is done in the script's order all the same: one may set the character set that the next is written
    in, and the first that fails is the one to name.
    """

    def __init__(self, constants: Sequence[_Constant]) -> None:
        self._constants = constants
        self._at_root: dict[int, list[int]] = {}
        self._anywhere: dict[int, list[int]] = {}
        for number, constant in enumerate(constants):
            self._at_root.setdefault(constant.pattern.tag, []).append(number)
            if constant.pattern.scope == "any":
                self._anywhere.setdefault(constant.pattern.tag, []).append(number)

    def run(self, root: Item) -> None:
        hits: list[_Hit] = []
        self._look(root, self._at_root, hits)
        hits.sort(key=lambda hit: hit.number)
        for number, item, tag in hits:
            constant = self._constants[number]
            try:
                put_text(item, tag, constant.text)
            except ScriptError as error:
                raise Failure(str(error), constant.statement) from error

    def _look(self, item: Item, wanted: dict[int, list[int]], hits: list[_Hit]) -> None:
        for tag in item.among(wanted.keys()):
            if not item.items(tag):
                hits += [_Hit(number, item, tag) for number in wanted[tag]]
        if self._anywhere:
            for tag in item.sequences():
                for inner in item.items(tag) or ():
                    self._look(inner, self._anywhere, hits)


def constant_of(statement: Statement) -> _Constant | None:
    """A `?=` that reads nothing and names one public element by its number; None for anything else."""
    if not isinstance(statement, AssignIfExists) or not isinstance(statement.value, Text | Number):
        return None
    try:
        pattern = compile_pattern(statement.path)
    except ScriptError:
        return None
    if pattern.tag < 0 or pattern.creator is not None:
        return None
    value = statement.value
    return _Constant(statement, pattern, value.value if isinstance(value, Text) else value.text)
