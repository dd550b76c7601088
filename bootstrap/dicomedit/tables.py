"""Drives the LALR tables that lark computed (see `grammar_tables`). A loop of our own: three times as fast as lark's,
and scripts are long."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from bootstrap.dicomedit.nodes import Position

END = "$END"
_MOST_STATES = 320  # some fifty nested blocks, lists or calls: what walks the tree calls itself for each
_new = tuple.__new__  # what a named tuple does besides takes as long again


class Token:
    """A token, with its place; `end_*` is just behind the last character."""

    __slots__ = ("column", "end_column", "end_line", "line", "type", "value")

    def __init__(self, type_: str, value: str, line: int, column: int, end_line: int, end_column: int) -> None:
        self.type, self.value = type_, value
        self.line, self.column, self.end_line, self.end_column = line, column, end_line, end_column

    @property
    def start(self) -> Position:
        return _new(Position, (self.line, self.column))

    @property
    def end(self) -> Position:
        return _new(Position, (self.end_line, self.end_column))


class TooDeep(Exception):
    def __init__(self, token: Token) -> None:
        super().__init__(token.value)
        self.token = token


class Unexpected(Exception):
    """`token` is None at the end of the text."""

    def __init__(self, token: Token | None, expected: Iterable[str]) -> None:
        super().__init__(token.value if token else END)
        self.token, self.expected = token, sorted(expected)


class _Reduce(NamedTuple):
    origin: str
    size: int
    make: Callable[[list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Tables:
    actions: dict[int, dict[str, int | _Reduce]]
    starts: dict[str, int]
    ends: dict[str, int]

    def run(self, start: str, tokens: Iterable[Token]) -> Any:
        rows, states, values = self.actions, [self.starts[start]], list[Any]()
        for token in tokens:
            kind = token.type
            while (action := rows[states[-1]].get(kind)).__class__ is not int:
                self._reduce(action, token, states, values)  # type: ignore[arg-type]
            states.append(action)
            values.append(token)
            if len(states) > _MOST_STATES:
                raise TooDeep(token)
        while states[-1] != self.ends[start]:
            self._reduce(rows[states[-1]].get(END), None, states, values)  # type: ignore[arg-type]
        return values[-1]

    def _reduce(self, action: _Reduce | None, token: Token | None, states: list[int], values: list[Any]) -> None:
        if action is None:
            row = self.actions[states[-1]]
            raise Unexpected(token, (name for name in row if name.isupper() or name == END))
        origin, size, make = action
        if make is _pass_on and size == 1:
            states.pop()
        elif size:
            parts = values[-size:]
            del values[-size:], states[-size:]
            values.append(make(parts))
        else:
            values.append(make([]))
        states.append(self.actions[states[-1]][origin])  # type: ignore[arg-type]


def load(grammar: str, rules: Mapping[str, Callable[[list[Any]], Any]]) -> Tables:
    """`rules` says what to make of each rule; one whose name begins with `_` passes its only part on."""
    table = json.loads(files("bootstrap.dicomedit").joinpath(f"{grammar}.json").read_text("utf-8"))
    compiled = [_Reduce(origin, size, rules.get(name, _pass_on)) for origin, size, name in table["rules"]]
    actions: dict[int, dict[str, int | _Reduce]] = {
        state: {name: cell if cell.__class__ is int else compiled[cell[0]] for name, cell in row.items()}
        for state, row in enumerate(table["rows"])
    }
    _leave_out_detours(actions)
    return Tables(actions, table["starts"], table["ends"])


def _leave_out_detours(actions: dict[int, dict[str, int | _Reduce]]) -> None:
    """A state that can do nothing but pass its only part on is not entered: the next one is at once."""
    detours = {state: only.origin for state, row in actions.items() if (only := _only_passes_on(row)) is not None}
    for row in actions.values():
        for name, target in row.items():
            while not name.isupper() and target in detours:
                target = row[detours[target]]
            row[name] = target


def _only_passes_on(row: dict[str, int | _Reduce]) -> _Reduce | None:
    first = next(iter(row.values()), None)
    if not isinstance(first, _Reduce) or any(one is not first for one in row.values()):
        return None
    return first if first.size == 1 and first.make is _pass_on else None


def _pass_on(parts: list[Any]) -> Any:
    return parts[0] if parts else None
