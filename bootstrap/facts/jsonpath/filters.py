"""Reads what stands in `[?(...)]`.

any       = all { "||" all }
all       = part { "&&" part }
part      = "!" part | "(" any ")" | comparison
comparison = operand [ operator operand ]        without an operator it is a path, and asks whether that exists
"""

from __future__ import annotations

import re
from collections.abc import Callable

import regex

from bootstrap.facts.jsonpath import nodes
from bootstrap.facts.jsonpath.cursor import Cursor, JsonPathError, OutsideText, check_depth
from bootstrap.facts.jsonpath.nodes import Comparison, Exists, Expression, Operand, Path
from bootstrap.facts.jsonpath.values import PATTERN_FLAGS, Json, Pattern, number, unquoted

CompilePath = Callable[[str, int], Path]
_OPERATOR_CHARS = "<>=~!"
_NUMBER_CHARS = re.compile(r"[\d.eE-]*")


class _CannotRead(Exception):
    """There is no value here; the library says where, and not what."""


def compile_filter(text: str, depth: int, compile_path: CompilePath) -> Expression:
    """`text` with its brackets and question mark."""
    cursor = _inner(text, depth)
    reader = _Reader(cursor, compile_path)
    try:
        found = reader.read_any()
        cursor.skip_blanks()
    except (_CannotRead, OutsideText):
        place = f"error on position: {cursor.at}, char: {cursor.char()}"
        raise JsonPathError(f"Failed to parse filter: {text}, {place}") from None
    if cursor.inside():
        rest = cursor.text[cursor.at : cursor.end]
        raise JsonPathError(f"Expected end of filter expression instead of: {rest}")
    return found


def _inner(text: str, depth: int) -> Cursor:
    cursor = Cursor(text, depth).trim()
    if cursor.char() != "[" or cursor.last_char() != "]":
        raise JsonPathError(f"Filter must start with '[' and end with ']'. {text}")
    cursor.at, cursor.end = cursor.at + 1, cursor.end - 1
    if cursor.trim().char() != "?":
        raise JsonPathError(f"Filter must start with '[?' and end with ']'. {text}")
    cursor.at += 1
    if cursor.trim().char() != "(" or cursor.last_char() != ")":
        raise JsonPathError(f"Filter must start with '[?(' and end with ')]'. {text}")
    return cursor


class _Reader:
    def __init__(self, cursor: Cursor, compile_path: CompilePath) -> None:
        self.cursor, self.compile_path = cursor, compile_path
        self.depth = cursor.depth

    def read_any(self) -> Expression:
        parts = [self._read_all()]
        while self._follows("||"):
            parts.append(self._read_all())
        return parts[0] if len(parts) == 1 else nodes.Any(tuple(parts))

    def _read_all(self) -> Expression:
        parts = [self._read_part()]
        while self._follows("&&"):
            parts.append(self._read_part())
        return parts[0] if len(parts) == 1 else nodes.All(tuple(parts))

    def _follows(self, mark: str) -> bool:
        before = self.cursor.at
        if not self.cursor.follows(mark):
            self.cursor.at = before
            return False
        return True

    def _read_part(self) -> Expression:
        cursor = self.cursor.skip_blanks()
        before = cursor.at
        if cursor.char() == "!":
            cursor.at += 1
            if cursor.skip_blanks().char() not in "$@":
                return nodes.Not(self._deeper(self._read_part))
            cursor.at = before
        if cursor.skip_blanks().char() == "(":
            cursor.at += 1
            found = self._deeper(self.read_any)
            cursor.expect(")")
            return found
        return self._read_comparison()

    def _deeper(self, read: Callable[[], Expression]) -> Expression:
        """One level down, but not without end."""
        self.depth += 1
        check_depth(self.depth)
        found = read()
        self.depth -= 1
        return found

    def _read_comparison(self) -> Expression:
        left = self._read_operand()
        before = self.cursor.at
        try:
            operator = self._read_operator()
            return Comparison(left, operator, self._read_operand())
        except JsonPathError:
            self.cursor.at = before
        if left.path is None:
            raise JsonPathError("Expected path node")
        return Exists(left.path, wanted=not left.negated)

    def _read_operator(self) -> str:
        cursor = self.cursor.skip_blanks()
        begin = cursor.at
        if cursor.char() in _OPERATOR_CHARS:
            while cursor.inside() and cursor.char() in _OPERATOR_CHARS:
                cursor.at += 1
        else:
            while cursor.inside() and cursor.char() != " ":
                cursor.at += 1
        found = cursor.text[begin : cursor.at]
        if found.upper() not in nodes.OPERATORS:
            raise JsonPathError(f"Filter operator {found} is not supported!")
        return found.upper()

    def _read_operand(self) -> Operand:
        char = self.cursor.skip_blanks().char()
        if char == "!":
            self.cursor.at += 1
            if self.cursor.skip_blanks().char() not in "$@":
                raise JsonPathError("Unexpected character: !")
            return self._read_path()
        return self._read_path() if char in "$@" else self._read_literal(char)

    def _read_path(self) -> Operand:
        cursor = self.cursor
        previous = cursor.previous_place()
        negated = previous >= 0 and cursor.text[previous] == "!"
        begin = cursor.at
        cursor.at += 1
        while cursor.inside():
            if cursor.char() == "[":
                cursor.at = self._closing("[", "]", f"Square brackets does not match in filter {cursor.text}") + 1
            char = cursor.char()
            if not cursor.inside() or char in _OPERATOR_CHARS or char == " ":
                break
            if char == ")" and not self._closes_function(begin):
                break
            cursor.at += 1
        path = self.compile_path(cursor.text[begin : cursor.at], self.depth + 1)
        return Operand(path=path, negated=negated)

    def _closes_function(self, begin: int) -> bool:
        opening = self.cursor.previous_place()
        return opening > 0 and self.cursor.text[opening] == "(" and "." in self.cursor.text[begin + 1 : opening]

    def _closing(self, opening: str, closing: str, otherwise: str) -> int:
        found = self.cursor.find_closing(self.cursor.at, opening, closing)
        if found < 0:
            raise JsonPathError(otherwise)
        return found

    def _read_literal(self, char: str) -> Operand:
        if char in "'\"":
            return Operand(unquoted(self._read_quoted(char)))
        if char in "tf":
            return Operand(self._read_word("true" if char == "t" else "false", "Expected boolean literal") == "true")
        if char == "n":
            self._read_word("null", "Expected <null> value")
            return Operand(None)
        if char in "[{":
            closing = self._closing(char, "]" if char == "[" else "}", self._not_closed("String not closed.", "'"))
            return Operand(Json(literal=self._up_to(closing + 1)))
        if char == "/":
            return Operand(self._read_pattern())
        end = _NUMBER_CHARS.match(self.cursor.text, self.cursor.at, self.cursor.end)
        found = number(self._up_to(end.end() if end else self.cursor.at))
        if found is None:
            raise _CannotRead
        return Operand(found)

    def _read_quoted(self, quote: str) -> str:
        closing = self.cursor.find_unescaped(quote, self.cursor.at)
        if closing < 0:
            raise JsonPathError(self._not_closed("String literal does not have matching quotes.", quote))
        return self._up_to(closing + 1)

    def _read_word(self, word: str, otherwise: str) -> str:
        if not self.cursor.text.startswith(word, self.cursor.at):
            raise JsonPathError(otherwise)
        return self._up_to(self.cursor.at + len(word))

    def _read_pattern(self) -> Pattern:
        closing = self.cursor.find_unescaped("/", self.cursor.at)
        if closing < 0:
            raise JsonPathError(self._not_closed("Pattern not closed.", "/"))
        end = closing + 1
        while self.cursor.inside(end) and self.cursor.text[end] in PATTERN_FLAGS:
            end += 1
        try:
            return Pattern(self._up_to(end))
        except (regex.error, RecursionError, OverflowError):
            raise _CannotRead from None

    def _up_to(self, end: int) -> str:
        begin, self.cursor.at = self.cursor.at, end
        return self.cursor.text[begin:end]

    def _not_closed(self, what: str, mark: str) -> str:
        return f"{what} Expected {mark} in {self.cursor.text}"
