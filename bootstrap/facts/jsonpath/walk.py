"""What a path leads to in a document, and whether a predicate holds there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import fmean, pstdev
from typing import Any

from bootstrap.facts.jsonpath import nodes
from bootstrap.facts.jsonpath.cursor import FilterFault
from bootstrap.facts.jsonpath.nodes import (
    Comparison,
    Exists,
    Expression,
    Filter,
    Function,
    Index,
    Operand,
    Path,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
    is_definite,
)
from bootstrap.facts.jsonpath.operators import OPERATORS, Unfit
from bootstrap.facts.jsonpath.values import MISSING, Value, of_document

_MOST_STEPS = 200_000


class PathNotFound(Exception):
    """A definite path leads nowhere."""


class _Budget:
    """How many steps may still be taken: `..` within `..` could go on for years."""

    def __init__(self) -> None:
        self.left = _MOST_STEPS

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise FilterFault("the path leads to too many places")


class Walk:
    """One document, and the part of it that `@` stands for."""

    def __init__(self, root: Any, item: Any, *, strict: bool = False, budget: _Budget | None = None) -> None:
        self.root, self.item = root, item
        self.budget = budget or _Budget()
        self.strict = strict  # a missing key anywhere means that the path does not exist

    def results(self, path: Path) -> list[Any]:
        start = self.root if path.from_root else self.item
        tokens = path.tokens
        if path.is_folded:
            assert isinstance(tokens[-1], Function)
            return [_call(tokens[-1].name, list(self._from(start, tokens[:-1], definite=True)))]
        return list(self._from(start, tokens, definite=True))

    def value(self, path: Path) -> Value:
        try:
            found = self.results(path)
        except PathNotFound:
            return MISSING
        if not path.is_definite:
            return of_document(found)
        return of_document(found[-1]) if found else MISSING

    def _from(self, here: Any, tokens: tuple[Token, ...], *, definite: bool) -> Iterator[Any]:
        """`definite`: whether the path so far leads to one place only."""
        self.budget.spend()
        if not tokens:
            yield here
            return
        token, rest = tokens[0], tokens[1:]
        if isinstance(token, Scan):
            yield from self._scan(here, rest)
            return
        then_definite = definite and is_definite(token, last=not rest)
        for found in self._step(here, token, definite=definite, last=not rest):
            yield from self._from(found, rest, definite=then_definite)

    def _step(self, here: Any, token: Token, *, definite: bool, last: bool) -> list[Any]:
        if isinstance(token, Property):
            return self._properties(here, token.names, definite=definite, last=last)
        if isinstance(token, Function):
            return [_call(token.name, here)]
        if isinstance(token, Wildcard):
            return list(here.values()) if isinstance(here, dict) else list(here) if isinstance(here, list) else []
        if isinstance(token, Filter):
            return self._filtered(here, token.expression, definite=definite)
        assert isinstance(token, Index | Slice)
        if not isinstance(here, list):
            return _nowhere(definite)
        if isinstance(token, Slice):
            return here[token.first : token.end]
        return [here[number] for number in token.numbers if -len(here) <= number < len(here)]

    def _properties(self, here: Any, names: tuple[str, ...], *, definite: bool, last: bool) -> list[Any]:
        if not isinstance(here, dict):
            return _nowhere(definite)
        if len(names) > 1 and last:
            if self.strict and not here.keys() >= set(names):
                raise PathNotFound
            return [{name: here[name] for name in names if name in here}]
        missing = [name for name in names if name not in here]
        if missing and (self.strict or (not last and definite and len(names) == 1)):
            raise PathNotFound
        return [here[name] for name in names if name in here]

    def _filtered(self, here: Any, expression: Expression, *, definite: bool) -> list[Any]:
        if isinstance(here, dict):
            return [here] if self.accepts(here, expression) else []
        if isinstance(here, list):
            return [one for one in here if self.accepts(one, expression)]
        if definite:
            raise Unfit
        return []

    def _scan(self, here: Any, rest: tuple[Token, ...]) -> Iterator[Any]:
        """All that `rest` leads to from here and from whatever is below."""
        for place in _below(here):
            if rest and self._may_begin(place, rest[0]):
                yield from self._from(place, rest, definite=False)

    def _may_begin(self, place: Any, token: Token) -> bool:
        if isinstance(token, Property):
            return isinstance(place, dict) and (len(token.names) > 1 or token.names[0] in place)
        if isinstance(token, Index | Slice):
            return isinstance(place, list)
        return isinstance(token, Wildcard) or (isinstance(token, Filter) and isinstance(place, dict))

    def accepts(self, item: Any, expression: Expression) -> bool:
        """For the library a comparison that makes no sense is one that does not hold."""
        try:
            return Walk(self.root, item, budget=self.budget).holds(expression)
        except Unfit:
            return False

    def holds(self, expression: Expression) -> bool:
        if isinstance(expression, nodes.All):
            return all(self.holds(part) for part in expression.parts)
        if isinstance(expression, nodes.Any):
            return any(self.holds(part) for part in expression.parts)
        if isinstance(expression, nodes.Not):
            return not self.holds(expression.part)
        if isinstance(expression, Exists):
            return self._leads_somewhere(expression.path) == expression.wanted
        assert isinstance(expression, Comparison)
        return OPERATORS[expression.operator](self._of(expression.left), self._of(expression.right))

    def _of(self, operand: Operand) -> Value:
        return operand.value if operand.path is None else self.value(operand.path)

    def _leads_somewhere(self, path: Path) -> bool:
        """A path to a list always does, also where the list is empty."""
        try:
            found = Walk(self.root, self.item, strict=True, budget=self.budget).results(path)
        except PathNotFound:
            return False
        return bool(found) or not path.is_definite


def _nowhere(definite: bool) -> list[Any]:
    if definite:
        raise PathNotFound
    return []


def _below(here: Any) -> Iterator[Any]:
    yield here
    for one in here.values() if isinstance(here, dict) else here if isinstance(here, list) else ():
        yield from _below(one)


_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "min": min,
    "max": max,
    "avg": fmean,
    "sum": sum,
    "stddev": pstdev,
}


def _call(name: str, here: Any) -> Any:
    if name in ("length", "size"):
        return len(here) if isinstance(here, list | dict) else None
    if name in ("first", "last"):
        if not isinstance(here, list) or not here:
            raise FilterFault("Aggregation function attempted to calculate value using empty array")
        return here[0 if name == "first" else -1]
    if name in _AGGREGATES:
        numbers = [float(one) for one in here if _is_number(one)] if isinstance(here, list) else []
        if not numbers:
            raise FilterFault("Aggregation function attempted to calculate value using empty array")
        return _AGGREGATES[name](numbers)
    raise Unfit


def _is_number(found: Any) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)
