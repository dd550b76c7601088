"""DicomEdit 4's tokens. What does not fit is dropped with a word on the error stream, as the engine's lexer does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from bootstrap.dicomedit.nodes import Comment, Position, Skipped
from bootstrap.dicomedit.tables import Token

KEYWORDS = {"echo": "ECHO", "new": "NEW", "describe": "DESCRIBE", "hidden": "HIDDEN", "export": "EXPORT"}
_TOKEN = re.compile(
    r"""(?P<BLANK>[ \t]+|\\\n)
    |(?P<NEWLINE>\n)
    |(?P<COMMENT>//[^\n]*)
    |(?P<STRING>"(?:\\(?:[btnfr"'\\]|u[0-9a-fA-F]{4}|[0-3][0-7][0-7]|[0-7]{1,2})|[^\\"])*")
    |(?P<TAG>\([0-9a-fA-F]{4},[0-9a-fA-F]{4}\))
    |(?P<TAGPATTERN>\([0-9a-fA-FX@\#]{4},[0-9a-fA-FX@\#]{4}\))
    |(?P<NUMBER>0|-?[1-9][0-9]*)
    |(?P<ID>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<ASSIGN>:=)|(?P<CONSTRAINS>:)|(?P<EQUALS>=)|(?P<MATCHES>~)|(?P<DELETE>-)
    |(?P<LEFT>\[)|(?P<RIGHT>\])|(?P<COMMA>,)""",
    re.VERBOSE,
)
_TEXT_PART = re.compile(r"""\\(?:[btnfr"'\\]|u[0-9a-fA-F]{4}|[0-3][0-7][0-7]|[0-7]{1,2})|[^\\"]""")
_PATTERN_FORM = "(hhhh,hhhh)"


class Lines:
    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> Position:
        line = bisect_right(self.starts, offset)
        return Position(line, offset - self.starts[line - 1] + 1)


def tokens_of(text: str, comments: list[Comment], skipped: list[Skipped]) -> Iterator[Token]:
    lines, offset = Lines(text), 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            after = offset + max(_lost(text, offset), 1)
            skipped.append(Skipped(text[offset:after], lines.at(offset)))
            offset = after
            continue
        kind, value = str(match.lastgroup), match.group()
        if kind == "COMMENT":
            comments.append(Comment(value, lines.at(offset)))
        elif kind != "BLANK":
            start, end = lines.at(offset), lines.at(match.end() - 1)
            kind = KEYWORDS.get(value, kind) if kind == "ID" else kind
            yield Token(kind, value, start.line, start.column, end.line, end.column + 1)
        offset = match.end()


def _lost(text: str, start: int) -> int:
    """How many characters a broken token takes with it: up to the one that broke it, if it was already certain."""
    first = text[start]
    if first == '"':
        return _lost_text(text, start)
    if first == "(":
        return _lost_tag(text, start)
    if first in "/\\":
        return min(2, len(text) - start)
    return 1


def _lost_text(text: str, start: int) -> int:
    at = start + 1
    while part := _TEXT_PART.match(text, at):
        at = part.end()
    if text.startswith("\\u", at):
        at += 2
        while at < len(text) and text[at] in "0123456789abcdefABCDEF":
            at += 1
    return min(at + 1, len(text)) - start


def _lost_tag(text: str, start: int) -> int:
    """A wildcard makes it certain that a tag pattern was begun; before that only the bracket is lost."""
    certain = False
    for index, form in enumerate(_PATTERN_FORM):
        character = text[start + index : start + index + 1]
        fits = bool(character) and (character in "0123456789abcdefABCDEFX@#" if form == "h" else character == form)
        if not fits:
            return min(index + 1, len(text) - start) if certain else 1
        certain = certain or character in "X@#"
    return len(_PATTERN_FORM)
