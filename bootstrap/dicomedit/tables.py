"""Drives the LALR tables that lark computes. A loop of our own: three times as fast as lark's, and scripts are long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from bootstrap.dicomedit.nodes import Position

END = "$END"
_MOST_STATES = 320  # some fifty nested blocks, lists or calls: what walks the tree calls itself for each


class Token:
    """A token, with its place; `end_*` is just behind the last character."""

    __slots__ = ("column", "end_column", "end_line", "line", "type", "value")

    def __init__(self, type_: str, value: str, line: int, column: int, end_line: int, end_column: int) -> None:
        self.type, self.value = type_, value
        self.line, self.column, self.end_line, self.end_column = line, column, end_line, end_column

    @property
    def start(self) -> Position:
        return Position(self.line, self.column)

    @property
    def end(self) -> Position:
        return Position(self.end_line, self.end_column)


class TooDeep(Exception):
    def __init__(self, token: Token) -> None:
        super().__init__(token.value)
        self.token = token


class Unexpected(Exception):
    """`token` is None at the end of the text."""

    def __init__(self, token: Token | None, expected: Iterable[str]) -> None:
        super().__init__(token.value if token else END)
        self.token, self.expected = token, sorted(expected)


@dataclass(frozen=True, slots=True)
class _Reduce:
    origin: str
    size: int
    make: Callable[[list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Tables:
    actions: dict[int, dict[str, int | _Reduce]]
    starts: dict[str, int]
    ends: dict[str, int]

    def run(self, start: str, tokens: Iterable[Token]) -> Any:
        states, values = [self.starts[start]], list[Any]()
        for token in tokens:
            self._take(token.type, token, states, values)
            if len(states) > _MOST_STATES:
                raise TooDeep(token)
        self._take(END, None, states, values, self.ends[start])
        return values[-1]

    def _take(self, kind: str, token: Token | None, states: list[int], values: list[Any], end: int = -1) -> None:
        actions = self.actions
        while states[-1] != end:
            action = actions[states[-1]].get(kind)
            if action.__class__ is int:
                states.append(action)
                values.append(token)
                return
            if action is None:
                raise Unexpected(token, (name for name in actions[states[-1]] if name.isupper() or name == END))
            parts: list[Any] = []
            if action.size:  # type: ignore[union-attr]
                parts = values[-action.size :]  # type: ignore[union-attr]
                del values[-action.size :], states[-action.size :]  # type: ignore[union-attr]
            values.append(action.make(parts))  # type: ignore[union-attr]
            states.append(actions[states[-1]][action.origin])  # type: ignore[union-attr,arg-type]


def load(grammar: str, starts: list[str], rules: Mapping[str, Callable[[list[Any]], Any]]) -> Tables:
    """`rules` says what to make of each rule; one whose name begins with `_` passes its only part on."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    text = files("bootstrap.dicomedit").joinpath(grammar).read_text("utf-8")
    lark = Lark(text, parser="lalr", lexer="basic", start=starts, keep_all_tokens=True, maybe_placeholders=False)
    table = lark.parser.parser.parser.parse_table
    compiled: dict[Any, _Reduce] = {}

    def convert(action: Any, argument: Any) -> int | _Reduce:
        if action is Shift:
            return int(argument)
        if argument not in compiled:
            origin = str(argument.origin.name)
            name = str(argument.alias or origin)
            compiled[argument] = _Reduce(origin, len(argument.expansion), rules.get(name, _pass_on))
        return compiled[argument]

    actions = {
        state: {str(name): convert(*action) for name, action in row.items()} for state, row in table.states.items()
    }
    return Tables(actions, dict(table.start_states), dict(table.end_states))


def _pass_on(parts: list[Any]) -> Any:
    return parts[0] if parts else None
