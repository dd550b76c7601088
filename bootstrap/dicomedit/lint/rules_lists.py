"""Rules about lists and argument lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.tables import Token

_BEFORE_LIST = frozenset(
    {"ASSIGN", "ASSIGN_IF", "COMMA", "LSQB", "EQUAL", "NOT_EQUAL", "MATCH", "NOT_MATCH", "ECHO", "LIST"}
)
_ENDS_VALUE = frozenset({"STRING", "INTEGER", "FLOAT", "NAME", "CLOSED", "PUBLIC_ELEMENT", "PRIVATE_ELEMENT"})
_BEGINS_VALUE = frozenset(
    {"STRING", "INTEGER", "FLOAT", "NAME", "PUBLIC_GROUP", "PRIVATE_GROUP", "LBRACE", "LEVEL_WILDCARD"}
)


@rule(
    "L21",
    "error",
    "a new line inside the brackets of a function",
    happens="a syntax error: the script does not load, and every file fails",
    mend="end the line with a backslash, or give the arguments as a list in braces, which may have several lines",
)
def newline_in_arguments(subject: Subject) -> Iterator[Spot]:
    for group in _groups(subject):
        if group.is_call and group.newline is not None:
            yield Spot(group.newline.start, f"the brackets that line {group.opening.line} opens are not closed there")


@rule(
    "L22",
    "error",
    "a comma missing or too much, or an empty line between elements of a list",
    happens="a syntax error: at most one new line may stand on either side of a comma, and a comment is an empty line",
    mend="one comma between two elements, none behind the last; no empty or comment-only lines between them",
)
def broken_list(subject: Subject) -> Iterator[Spot]:
    for group in _groups(subject):
        yield from (Spot(token.start, message) for token, message in group.faults)


@dataclass
class _Group:
    """What stands between `{` and `}` of a list, or `[` and `]` of a call."""

    opening: Token
    is_call: bool
    last: str = "OPEN"
    newlines: int = 0
    newline: Token | None = None  # the first, inside a call
    faults: list[tuple[Token, str]] = field(default_factory=list)

    def take(self, token: Token, kind: str) -> None:
        if kind == "NEWLINE":
            self.newlines += 1
            self.newline = self.newline or token
            return
        allowed = 2 if self.last == "OPEN" or kind == "CLOSE" else 1
        if self.newlines > allowed and not self.is_call:
            self.faults.append((token, "an empty or comment-only line stands before this element"))
        fault = self._fault(kind)
        if fault:
            self.faults.append((token, fault))
        self.last, self.newlines = kind, 0

    def _fault(self, kind: str) -> str:
        if kind == "COMMA" and self.last in ("COMMA", "OPEN"):
            return "an element is missing before this comma"
        if kind == "CLOSE" and self.last == "COMMA":
            return "a comma stands behind the last element"
        return "a comma is missing before this element" if kind in _BEGINS_VALUE and self.last in _ENDS_VALUE else ""


def _groups(subject: Subject) -> list[_Group]:
    """All groups of the script; blocks of `if` and item numbers are not among them."""
    done: list[_Group] = []
    stack: list[_Group | None] = []
    last = "NEWLINE"
    in_tag = False
    for token in subject.tokens:
        kind = token.type
        inner = stack[-1] if stack else None
        if kind in ("LBRACE", "LSQB"):
            if inner:
                inner.take(token, "LBRACE" if kind == "LBRACE" else "BRACKET")
            stack.append(_opened(token, last, inner))
            last = "LIST" if stack[-1] and kind == "LBRACE" else kind
            continue
        if kind in ("RBRACE", "RSQB"):
            _close(token, stack, done)
            last = kind
            continue
        comma_of_tag = kind == "COMMA" and in_tag
        in_tag = kind in ("PUBLIC_GROUP", "PRIVATE_GROUP") or comma_of_tag
        if inner and not comma_of_tag:
            inner.take(token, kind)
        last = kind if kind != "NEWLINE" else last
    return [*done, *(group for group in stack if group)]


def _opened(token: Token, last: str, inner: _Group | None) -> _Group | None:
    if token.type == "LSQB":
        return _Group(token, is_call=True) if last == "NAME" else None
    return _Group(token, is_call=False) if last in _BEFORE_LIST or inner else None


def _close(token: Token, stack: list[_Group | None], done: list[_Group]) -> None:
    if not stack:
        return
    group = stack.pop()
    if group:
        group.take(token, "CLOSE")
        done.append(group)
    if stack and stack[-1]:
        stack[-1].take(token, "CLOSED")


@rule(
    "L23",
    "error",
    "a number as an element of a list",
    happens="it becomes null, and the function that gets the list ends the script with an Error: the file is refused",
    mend="quote the number",
)
def number_in_list(subject: Subject) -> Iterator[Spot]:
    for element in _elements(subject):
        if isinstance(element, nodes.Number):
            yield Spot(element.start, f"the number {element.text} stands in a list")


@rule(
    "L24",
    "warning",
    "a doubled backslash in a text of a list",
    happens=r"texts in lists are not decoded: `\\` stays two backslashes, and a regular expression means another thing",
    mend="set a variable to the text, and put the variable into the list",
)
def backslash_in_list(subject: Subject) -> Iterator[Spot]:
    for element in _elements(subject):
        if isinstance(element, nodes.Text) and "\\\\" in element.raw:
            yield Spot(element.start, f'"{element.raw}" keeps both backslashes')


def _elements(subject: Subject) -> Iterator[nodes.Value]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.ListValue):
            yield from node.elements
