"""Reads a path: `@.scans[0].id`, `$..label`, `@['scan-type']`, `@.resources[?(@.label == 'DICOM')]`."""

from __future__ import annotations

from bootstrap.facts.jsonpath.cursor import Cursor, JsonPathError, OutsideText
from bootstrap.facts.jsonpath.filters import compile_filter
from bootstrap.facts.jsonpath.nodes import Filter, Function, Index, Path, Property, Scan, Slice, Token, Wildcard
from bootstrap.facts.jsonpath.values import unescaped


def compile_path(text: str, depth: int = 0) -> Path:
    """From the document (`$`), or from what is being looked at (`@`)."""
    try:
        cursor = Cursor(text, depth).trim()
        if cursor.char(0) not in "$@":
            cursor = Cursor(f"$.{text}", depth).trim()
        if cursor.last_char() == ".":
            raise JsonPathError("Path must not end with a '.' or '..'")
        return _Reader(cursor).read()
    except OutsideText as error:
        raise JsonPathError(str(error)) from None


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.tokens: list[Token] = []

    def read(self) -> Path:
        cursor = self.cursor
        start = cursor.char()
        if cursor.at < cursor.end - 1:
            cursor.at += 1
            if cursor.char() not in ".[":
                raise JsonPathError(f"Illegal character at position {cursor.at} expected '.' or '['")
            self._read_tokens()
        return Path(start == "$", tuple(self.tokens))

    def _read_tokens(self) -> None:
        """The last character of a path is not looked at where a token ends before it: so does the library."""
        self._read_token()
        while self.cursor.at < self.cursor.end - 1:
            self._read_token()

    def _read_token(self) -> None:
        char = self.cursor.char()
        if char == "[":
            self._read_brackets()
        elif char == ".":
            self._read_dots()
        elif char == "*":
            self.cursor.at += 1
            self.tokens.append(Wildcard())
        else:
            self._read_name()

    def _read_brackets(self) -> None:
        readers = (self._read_names, self._read_numbers, self._read_star, self._read_filter, self._read_placeholder)
        if not any(read() for read in readers):
            where = f"Could not parse token starting at position {self.cursor.at}"
            raise JsonPathError(f"{where}. Expected ?, ', 0-9, * ")

    def _read_dots(self) -> None:
        cursor = self.cursor
        if cursor.inside(cursor.at + 1) and cursor.char(cursor.at + 1) == ".":
            self.tokens.append(Scan())
            cursor.at += 2
        else:
            cursor.at += 1
        if cursor.char() == ".":
            raise JsonPathError(f"Character '.' on position {cursor.at} is not valid.")
        self._read_token()

    def _read_name(self) -> None:
        cursor = self.cursor
        begin = end = cursor.at
        if cursor.char() == " ":
            raise JsonPathError(f"Could not parse token starting at position {cursor.at}")
        while cursor.inside(end) and cursor.char(end) not in ".[( ":
            end += 1
        if cursor.inside(end) and cursor.char(end) == " ":
            how = "Use bracket notion ['my prop'] if your property contains blank characters."
            raise JsonPathError(f"{how} position: {cursor.at}")
        name = cursor.text[begin:end]
        if cursor.inside(end) and cursor.char(end) == "(":
            self._read_call(name, end)
            return
        cursor.at = end
        self.tokens.append(Property((name,)))

    def _read_call(self, name: str, opening: int) -> None:
        """Only `name()`: in a predicate the path would end at the bracket of anything else."""
        if self.cursor.next_char(opening) != ")":
            raise JsonPathError(f"Arguments to function: '{name}' are not closed properly.")
        self.cursor.at = self.cursor.next_place(opening) + 1
        self.tokens.append(Function(name))

    def _read_names(self) -> bool:
        cursor = self.cursor
        quote = cursor.next_char()
        if quote not in "'\"":
            return False
        names: list[str] = []
        place = cursor.next_place()
        while True:
            closing = cursor.find_unescaped(quote, place)
            if closing < 0:
                raise JsonPathError(f"Property has not been closed - missing closing {quote}")
            names.append(unescaped(cursor.text[place + 1 : closing]))
            following = cursor.next_char(closing)
            if following == "]":
                break
            if following != ",":
                how = "Property must be separated by comma or Property must be terminated close square bracket"
                raise JsonPathError(f"{how} at index {closing}")
            place = cursor.next_place(cursor.next_place(closing))
            if not cursor.inside(place) or cursor.char(place) != quote:
                raise JsonPathError(f"Found empty property at index {place}")
        cursor.at = cursor.next_place(closing) + 1
        self.tokens.append(Property(tuple(names)))
        return True

    def _read_numbers(self) -> bool:
        cursor = self.cursor
        first = cursor.next_char()
        closing = cursor.find("]", cursor.at)
        if not (first.isdigit() or first in "-:") or closing < 0:
            return False
        inner = cursor.text[cursor.at + 1 : closing].strip()
        if not all(char.isdigit() or char in ",-: " for char in inner):
            return False
        self.tokens.append(_slice(inner) if ":" in inner else _index(inner))
        cursor.at = closing + 1
        return True

    def _read_star(self) -> bool:
        cursor = self.cursor
        if cursor.next_char() != "*":
            return False
        star = cursor.next_place()
        if cursor.next_char(star) != "]":
            raise JsonPathError(f"Expected wildcard token to end with ']' on position {star + 1}")
        cursor.at = cursor.next_place(star) + 1
        self.tokens.append(Wildcard())
        return True

    def _read_filter(self) -> bool:
        cursor = self.cursor
        mark = cursor.next_place()
        if cursor.char(mark) != "?" or cursor.char(opening := cursor.next_place(mark)) != "(":
            return False
        closing = cursor.find_closing(opening, "(", ")", skip_regex=True)
        if closing < 0 or cursor.next_char(closing) != "]":
            return False
        end = cursor.next_place(closing) + 1
        self.tokens.append(Filter(compile_filter(cursor.text[cursor.at : end], cursor.depth + 1, compile_path)))
        cursor.at = end
        return True

    def _read_placeholder(self) -> bool:
        cursor = self.cursor
        mark = cursor.next_place()
        closing = cursor.find("]", cursor.at)
        if cursor.char(mark) != "?" or cursor.next_char(mark) not in "]," or closing < 0:
            return False
        inner = cursor.text[cursor.at + 1 : closing]
        raise JsonPathError(f"Not enough predicates supplied for filter [{inner}] at position {cursor.at}")


def _index(inner: str) -> Index:
    return Index(tuple(_number(one, "ArrayIndexOperation") for one in inner.rstrip(",").split(",")))


def _slice(inner: str) -> Slice:
    if "," in inner or " " in inner:
        raise JsonPathError(f"Failed to parse SliceOperation: {inner}")
    parts = [*inner.split(":"), ""]
    first, end = (_number(part, "SliceOperation") if part else None for part in parts[:2])
    if first is None and end is None:
        raise JsonPathError(f"Failed to parse SliceOperation: {inner}")
    return Slice(first, end)


def _number(text: str, operation: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise JsonPathError(f"Failed to parse token in {operation}: {text}") from None
