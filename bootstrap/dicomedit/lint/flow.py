"""Walks through a script in the order in which it runs, and keeps what is certain on the way.

What is certain are facts about paths and variables: an element is there, or has a text; a variable is not null.
They come from conditions (`isPresent`, `~ ".+"`, `= "MR"`) and from what was written before. A branch that ends in
`reject[]` is never left, so that what it tested holds behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.attributes import TYPE_1, TYPE_2
from bootstrap.dicomedit.lint.paths import key_of, last_step, root_tag
from bootstrap.dicomedit.lint.regexes import fits_empty
from bootstrap.dicomedit.lint.resolve import GIVEN

PRESENT, FILLED = 1, 2
_MOST_FACTS = 400  # more are not kept: a script that is made to be slow is not
_MOST_CONDITIONS = 100
Facts = dict[str, int]


class Under(NamedTuple):
    """A condition under which something runs, and whether it is true there."""

    condition: nodes.Condition
    holds: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An action, or a condition that is looked at (`is_condition`)."""

    node: nodes.Node
    under: tuple[Under, ...]
    facts: Mapping[str, int]  # of what the node mentions
    order: int
    is_condition: bool = False

    def level(self, value: nodes.Value) -> int:
        """0: may be absent or null; PRESENT: is there, perhaps empty; FILLED: has a text."""
        if isinstance(value, nodes.Variable):
            return max(self.facts.get(_variable(value.name), 0), self.facts.get(f"={value.name}", 0))
        if isinstance(value, nodes.TagPath):
            return max(self.facts.get(key_of(value), 0), _usual(value))
        return 0

    def is_nullable(self, value: nodes.Value) -> bool:
        return _nullable(value, self.level)


def _variable(name: str) -> str:
    return f"${name}"


def _usual(path: nodes.TagPath) -> int:
    """What every object has."""
    tag = root_tag(path)
    if tag in TYPE_1:
        return FILLED
    return PRESENT if tag in TYPE_2 else 0


def _nullable(value: nodes.Value, level: Callable[[nodes.Value], int]) -> bool:
    if isinstance(value, nodes.TagPath):
        return level(value) == 0
    if isinstance(value, nodes.Variable):
        return level(value) == 0 and value.name.lower() not in GIVEN
    if isinstance(value, nodes.Call):
        if value.name in ("match", "lookup"):
            return True
        passes_on = value.name in ("hashUID", "normalizeString") and bool(value.arguments)
        return passes_on and _nullable(value.arguments[0], level)
    return False


class Levels:
    """The facts at one point, asked for a value."""

    def __init__(self, facts: Facts, aliases: Mapping[str, str]) -> None:
        self.facts, self.aliases = facts, aliases

    def __call__(self, value: nodes.Value) -> int:
        if isinstance(value, nodes.Variable):
            own = self.facts.get(_variable(value.name), 0)
            return max(own, self.facts.get(self.aliases.get(value.name, ""), 0))
        if isinstance(value, nodes.TagPath):
            return max(self.facts.get(key_of(value), 0), _usual(value))
        return 0


def steps_of(statements: Iterable[nodes.Statement]) -> Iterator[Step]:
    flow = _Flow()
    flow.run(statements, (), {})
    return iter(flow.steps)


class _Flow:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.aliases: dict[str, str] = {}  # a variable that was set from a path: the path's key

    def run(self, statements: Iterable[nodes.Statement], under: tuple[Under, ...], facts: Facts) -> Facts | None:
        """The facts behind the statements; None where what follows is never reached."""
        reached: Facts | None = facts
        for statement in statements:
            after = self._statement(statement, under, {} if reached is None else reached)
            reached = None if reached is None else after
        return reached

    def _statement(self, statement: nodes.Statement, under: tuple[Under, ...], facts: Facts) -> Facts | None:
        match statement:
            case nodes.If():
                return self._if(statement, under, facts)
            case nodes.Ternary():
                then = (statement.then,)
                otherwise = (statement.otherwise,) if statement.otherwise else ()
                return self._branches([(statement.condition, then)], otherwise, under, facts)
            case nodes.Constrained():
                return self._constrained(statement, under, facts)
            case _:
                return self._action(statement, under, facts)

    def _if(self, statement: nodes.If, under: tuple[Under, ...], facts: Facts) -> Facts | None:
        branches = [(branch.condition, branch.body.statements) for branch in statement.branches]
        otherwise = statement.otherwise.statements if statement.otherwise else ()
        return self._branches(branches, otherwise, under, facts)

    def _branches(
        self,
        branches: list[tuple[nodes.Condition, tuple[nodes.Statement, ...]]],
        otherwise: tuple[nodes.Statement, ...],
        under: tuple[Under, ...],
        facts: Facts,
    ) -> Facts | None:
        ends: list[Facts | None] = []
        for condition, body in branches:
            self._add(condition, under, facts, is_condition=True)
            learnt = self._learnt(condition, True, facts)
            ends.append(self.run(body, (*under, Under(condition, True)), learnt))
            if len(under) < _MOST_CONDITIONS:
                under = (*under, Under(condition, False))
            facts = self._learnt(condition, False, facts)
        ends.append(self.run(otherwise, under, facts))
        return _in_all([end for end in ends if end is not None])

    def _constrained(self, statement: nodes.Constrained, under: tuple[Under, ...], facts: Facts) -> Facts:
        """DicomEdit 4: all conditions are looked at."""
        inner = facts
        for condition in statement.conditions:
            self._add(condition, under, facts, is_condition=True)
            inner = self._learnt(condition, True, inner)
            under = (*under, Under(condition, True))
        self._action(statement.action, under, inner)
        return facts

    def _add(self, node: nodes.Node, under: tuple[Under, ...], facts: Facts, *, is_condition: bool = False) -> None:
        self.steps.append(Step(node, under, self._mentioned(node, facts), len(self.steps), is_condition))

    def _mentioned(self, node: nodes.Node, facts: Facts) -> Mapping[str, int]:
        found: Facts = {}
        for part in nodes.walk(node):
            if isinstance(part, nodes.TagPath):
                found[key_of(part)] = facts.get(key_of(part), 0)
            elif isinstance(part, nodes.Variable):
                found[_variable(part.name)] = facts.get(_variable(part.name), 0)
                found[f"={part.name}"] = facts.get(self.aliases.get(part.name, ""), 0)
        return {key: level for key, level in found.items() if level}

    def _action(self, action: nodes.Node, under: tuple[Under, ...], facts: Facts) -> Facts | None:
        self._add(action, under, facts)
        levels = Levels(facts, self.aliases)
        match action:
            case nodes.SetVariable():
                return self._set_variable(action, levels)
            case nodes.Assign():
                if _nullable(action.value, levels):
                    return facts
                return _with(facts, key_of(action.path), _written(action.value))
            case nodes.Delete():
                return _without(facts, [action.path])
            case nodes.CallStatement():
                if always_rejects(action.call):
                    return None
                paths = [one for one in action.call.arguments if isinstance(one, nodes.TagPath)]
                return _without(facts, paths) if action.call.name == "removeTags" else facts
        return facts

    def _set_variable(self, action: nodes.SetVariable, levels: Levels) -> Facts:
        level = levels(action.value)
        if not _nullable(action.value, levels):
            level = max(level, _written(action.value))
        facts = _with(levels.facts, _variable(action.name), level)
        self.aliases.pop(action.name, None)
        if isinstance(action.value, nodes.TagPath):
            self.aliases[action.name] = key_of(action.value)
        return facts

    def _learnt(self, condition: nodes.Condition, holds: bool, facts: Facts) -> Facts:
        result = facts
        for value, level in _told(condition, holds):
            if isinstance(value, nodes.TagPath):
                result = _with(result, key_of(value), level, at_least=True)
            elif isinstance(value, nodes.Variable):
                result = _with(result, _variable(value.name), level, at_least=True)
                if value.name in self.aliases:
                    result = _with(result, self.aliases[value.name], level, at_least=True)
        return result


def _told(condition: nodes.Condition, holds: bool) -> list[tuple[nodes.Value, int]]:
    """What a condition tells of the values in it."""
    if isinstance(condition, nodes.Call):
        if condition.name == "isPresent" and holds:
            return [(argument, PRESENT) for argument in condition.arguments]
        if condition.name == "ismatch" and len(condition.arguments) == 2:
            value, pattern = condition.arguments
            return [(value, _level_of_match(pattern) if holds else PRESENT)]
        return []
    if condition.operator in ("~", "!~"):
        matches = holds == (condition.operator == "~")
        return [(condition.left, _level_of_match(condition.right))] if matches else []
    if holds != (condition.operator == "="):
        return []
    return [(condition.left, _level_of_equal(condition.right)), (condition.right, _level_of_equal(condition.left))]


def _level_of_match(pattern: nodes.Value) -> int:
    return PRESENT if not isinstance(pattern, nodes.Text) or fits_empty(pattern.value) else FILLED


def _level_of_equal(other: nodes.Value) -> int:
    filled = isinstance(other, nodes.Number) or (isinstance(other, nodes.Text) and other.raw != "")
    return FILLED if filled else PRESENT


def _written(value: nodes.Value) -> int:
    if isinstance(value, nodes.Text):
        return FILLED if value.raw.strip() else PRESENT
    certain = isinstance(value, nodes.Number) or (isinstance(value, nodes.Call) and value.name in ("newUID", "hashUID"))
    return FILLED if certain else PRESENT


def always_rejects(call: nodes.Call) -> bool:
    if call.name != "reject":
        return False
    flag = call.arguments[0] if call.arguments else None
    return flag is None or (isinstance(flag, nodes.Text) and flag.value.lower() == "true")


def _with(facts: Facts, key: str, level: int, *, at_least: bool = False) -> Facts:
    if at_least:
        level = max(level, facts.get(key, 0))
    if facts.get(key, 0) == level or (key not in facts and len(facts) >= _MOST_FACTS):
        return facts
    return {**facts, key: level}


def _without(facts: Facts, paths: Iterable[nodes.TagPath]) -> Facts:
    """Behind a delete: what it may have removed is not certain any more."""
    ends = [_end_of(path) for path in paths]
    return {key: level for key, level in facts.items() if not any(end is None or end in key for end in ends)}


def _end_of(path: nodes.TagPath) -> str | None:
    """The last element's key; None where it has wildcards and may mean anything."""
    step = last_step(path)
    if step is None or nodes.is_wild(step):
        return None
    alone = nodes.ElementStep(step.tag, start=step.start, end=step.end)
    return key_of(nodes.TagPath((alone,), start=step.start, end=step.end))


def _in_all(ends: list[Facts]) -> Facts | None:
    """What is certain whichever branch was taken; None where none comes out."""
    if not ends:
        return None
    first, *others = ends
    if not others:
        return first
    common = {key: min(level, *(end.get(key, 0) for end in others)) for key, level in first.items()}
    return {key: level for key, level in common.items() if level}
