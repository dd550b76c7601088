"""What the operators of a predicate mean. `Unfit` makes the whole predicate false."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bootstrap.facts.jsonpath.cursor import FilterFault
from bootstrap.facts.jsonpath.elements import members
from bootstrap.facts.jsonpath.values import MISSING, Json, Nothing, Pattern, Value, same

Operator = Callable[[Value, Value], bool]


class Unfit(Exception):
    """The operator has no meaning for these values: the library lets nothing through."""


def equal(left: Value, right: Value) -> bool:
    if isinstance(left, Json) and isinstance(right, Json):
        mine = left.parsed if left.literal is None else left.literal
        return bool(mine == right.parsed)
    return same(left, right)


def strictly_equal(left: Value, right: Value) -> bool:
    return type(left) is type(right) and left is not MISSING and equal(left, right)


def is_among(left: Value, right: Value) -> bool:
    others = _members(right)
    return others is not None and any(same(left, one) for one in others)


def contains(left: Value, right: Value) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    return isinstance(left, Json) and any(same(right, one) for one in members(left) or [])


def matches(left: Value, right: Value) -> bool:
    if isinstance(left, Pattern) == isinstance(right, Pattern):
        return False
    pattern, value = (left, right) if isinstance(left, Pattern) else (right, left)
    assert isinstance(pattern, Pattern)
    if isinstance(value, Json) and (texts := members(value)) is not None:
        return any(pattern.matches(_input(one)) for one in texts)
    return pattern.matches(_input(value))


def has_size(left: Value, right: Value) -> bool:
    if not isinstance(right, Decimal):
        return False
    if isinstance(left, str):
        return len(left) == int(right)
    return isinstance(left, Json) and (len(left.parsed) if isinstance(left.parsed, list) else -1) == int(right)


def is_empty(left: Value, right: Value) -> bool:
    if isinstance(left, str):
        return (left == "") == _truth(right)
    if isinstance(left, Json):
        return (not left.parsed if isinstance(left.parsed, list | dict | str) else True) == _truth(right)
    return False


def is_subset(left: Value, right: Value) -> bool:
    pairs = _both(left, right)
    return pairs is not None and all(any(same(one, other) for other in pairs[1]) for one in pairs[0])


def shares(left: Value, right: Value) -> bool:
    pairs = _both(left, right)
    return pairs is not None and any(same(one, other) for one in pairs[0] for other in pairs[1])


def shares_nothing(left: Value, right: Value) -> bool:
    pairs = _both(left, right)
    return pairs is not None and not any(same(one, other) for one in pairs[0] for other in pairs[1])


def exists(left: Value, right: Value) -> bool:
    if not isinstance(left, bool) and not isinstance(right, bool):
        raise FilterFault("Failed to evaluate exists expression")
    return _truth(left) == _truth(right)


def never(_left: Value, _right: Value) -> bool:
    """An operator that wants a value which cannot be written in a predicate."""
    raise Unfit


def _ordered(holds: Callable[[int], bool]) -> Operator:
    def compare(left: Value, right: Value) -> bool:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return holds((left > right) - (left < right))
        if not isinstance(left, str | Decimal) or not isinstance(right, str | Decimal):
            return False
        mine, other = str(left), str(right)
        return holds((mine > other) - (mine < other))

    return compare


def _not(operator: Operator) -> Operator:
    return lambda left, right: not operator(left, right)


OPERATORS: dict[str, Operator] = {
    "==": equal,
    "!=": _not(equal),
    "===": strictly_equal,
    "!==": _not(strictly_equal),
    "<": _ordered(lambda sign: sign < 0),
    "<=": _ordered(lambda sign: sign <= 0),
    ">": _ordered(lambda sign: sign > 0),
    ">=": _ordered(lambda sign: sign >= 0),
    "=~": matches,
    "IN": is_among,
    "NIN": _not(is_among),
    "CONTAINS": contains,
    "ALL": never,
    "SIZE": has_size,
    "EXISTS": exists,
    "TYPE": never,
    "MATCHES": never,
    "EMPTY": is_empty,
    "SUBSETOF": is_subset,
    "ANYOF": shares,
    "NONEOF": shares_nothing,
}


def _members(value: Value) -> list[Value] | None:
    """Of what stands where a list is due; an object in its place has none, anything else is unfit."""
    if not isinstance(value, Json):
        raise Unfit
    return members(value)


def _both(left: Value, right: Value) -> tuple[list[Value], list[Value]] | None:
    others = _members(right)
    mine = _members(left) if others is not None else None
    return None if mine is None or others is None else (mine, others)


def _truth(value: Value) -> bool:
    if not isinstance(value, bool):
        raise Unfit
    return value


def _input(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | Decimal) and not isinstance(value, Nothing) else ""
