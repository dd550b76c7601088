"""Rules about characters: escapes in strings, what the lexer skips, lines that are continued."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.nodes import Position
from bootstrap.dicomedit.source import comment_start

_ESCAPE = re.compile(r"\\(?:[nrtbf()\\]|[0-7]{3})|(\\.?)", re.DOTALL)
_UNDECODED = re.compile(r"(?:\\\\)|(\\(?:[nrtbf()]|[0-7]{3}))")
_BROKEN_CONTINUATION = re.compile(r"\\[ \t]+$")


@rule(
    "L17",
    "error",
    "an escape that strings do not have",
    happens='the string does not end where it seems to: a syntax error. A string cannot hold a `"`',
    mend=r'write every backslash twice, as in "\\d{8}"',
)
def bad_escape(subject: Subject) -> Iterator[Spot]:
    for string in subject.strings:
        for match in _ESCAPE.finditer(string.content):
            if match[1]:
                place = subject.place(string.start + match.start())
                yield Spot(place, f"`{match[1]}` is no escape: a backslash is written twice")
                break


@rule(
    "L18",
    "warning",
    "an escape that is not decoded",
    happens=r"only `\\` is decoded: the backslash and the letter are written as they stand, or compared with",
    mend="write the character itself; in regular expressions write the backslash twice",
)
def undecoded_escape(subject: Subject) -> Iterator[Spot]:
    expressions = {text.start for text in regular_expressions(subject)}
    for node in subject.all_nodes:
        if isinstance(node, nodes.Text) and node.start not in expressions:
            match = next((one for one in _UNDECODED.finditer(node.raw) if one[1]), None)
            if match:
                yield Spot(node.start, f"`{match[1]}` stays as it is, two characters or more")


def regular_expressions(subject: Subject) -> Iterator[nodes.Text]:
    """Literals that are used as regular expressions, variables that hold one included."""
    for node in subject.all_nodes:
        pattern: nodes.Value | None = None
        if isinstance(node, nodes.Comparison) and node.operator in ("~", "!~"):
            pattern = node.right
        elif isinstance(node, nodes.Call) and node.name in ("match", "ismatch") and len(node.arguments) > 1:
            pattern = node.arguments[1]
        resolved = subject.definitions.resolve(pattern) if pattern is not None else None
        if isinstance(resolved, nodes.Text):
            yield resolved


@rule(
    "L19",
    "warning",
    "a character outside the alphabet of the language",
    happens="the engine skips it, with a word in a log that nobody reads: statements may be joined or split",
    mend='take it out; write straight quotes ", and save the file as UTF-8 without a byte order mark',
    dialects="46",
)
def foreign_character(subject: Subject) -> Iterator[Spot]:
    last = Position(0, 0)
    for skipped in subject.skipped:
        character = skipped.character
        follows = (skipped.start.line, skipped.start.column - 1) == last
        last = skipped.start
        if character not in "&|!" and not follows:
            yield Spot(skipped.start, f"{_said(character)} has no place in a script")


def _said(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"`{character}`" if character.isascii() and character.isprintable() else name.lower()


@rule(
    "L20",
    "warning",
    "a backslash at the end of a line that does something else than it seems",
    happens="behind a blank it continues nothing and is skipped; at the end of a comment it makes the next line one",
    mend="let the backslash be the last character of a line without a comment, or take it out",
)
def broken_continuation(subject: Subject) -> Iterator[Spot]:
    for number, line in enumerate(subject.lines, 1):
        comment = comment_start(line)
        if comment is not None and line.endswith("\\") and number < len(subject.lines):
            yield Spot(Position(number, len(line)), f"the comment goes on: line {number + 1} is not run")
        elif comment is None:
            match = _BROKEN_CONTINUATION.search(line)
            if match and line.count('"') % 2 == 0:
                yield Spot(Position(number, match.start() + 1), "a blank behind the backslash: the line ends here")
