"""DicomEdit 6's tokens. The longest token wins, as in the engine; that makes some traps, and they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bootstrap.dicomedit.nodes import Position, Skipped
from bootstrap.dicomedit.tables import Token

if TYPE_CHECKING:
    from bootstrap.dicomedit.source import Prepared

KEYWORDS = {
    "if": "IF",
    "elseif": "ELSEIF",
    "else": "ELSE",
    "describe": "DESCRIBE",
    "hidden": "HIDDEN",
    "const": "CONST",
    "immutable": "IMMUTABLE",
    "export": "EXPORT",
    "echo": "ECHO",
    "removeAllPrivateTags": "REMOVE_ALL",
    "version": "VERSION",
    "x": "DIGIT_WILDCARD",
    "X": "DIGIT_WILDCARD",
}
_DIGIT = "[0-9a-fA-FxX@#]"
# Alternatives are tried in this order. It gives the longest match, because each one that is a beginning of another
# stands behind it.
_TOKENS = rf"""(?P<NEWLINE>\n)
    |(?P<STRING>"(?:\\(?:[nrtbf()\\]|[0-7]{{3}})|[^\\"])*")
    |(?P<PRIVATE_ELEMENT>\{{[A-Za-z][A-Za-z0-9\x20\-_.:]*\}}{_DIGIT}{{2}}\))
    |(?P<PUBLIC_GROUP>\({_DIGIT}{{3}}[02468aAcCeE@])
    |(?P<PRIVATE_GROUP>\({_DIGIT}{{3}}[13579bBdDfF\#])
    |(?P<PUBLIC_ELEMENT>{_DIGIT}{{4}}\))
    |(?P<FLOAT>-?(?:0|[1-9][0-9]*)\.[0-9]+)
    |(?P<INTEGER>0|-?[1-9][0-9]*)
    |(?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<ASSIGN>:=)|(?P<ASSIGN_IF>\?=)
    |(?P<NOT_EQUAL>!=)|(?P<NOT_MATCH>!~)|(?P<EQUAL>=)|(?P<MATCH>~)
    |(?P<COMMENT>//[^\n]*)
    |(?P<SLASH>/)|(?P<MINUS>-)|(?P<QUESTION>\?)|(?P<COLON>:)|(?P<COMMA>,)
    |(?P<LPAR>\()|(?P<RPAR>\))|(?P<LSQB>\[)|(?P<RSQB>\])|(?P<LBRACE>\{{)|(?P<RBRACE>\}})
    |(?P<ITEM_WILDCARD>%)|(?P<LEVEL_WILDCARD>[*+.])
    |(?P<QUOTE>")
    |(?P<OTHER>.)"""
_TAG = rf"(?P<PUBLIC_TAG>\({_DIGIT}{{3}}[02468aAcCeE@],{_DIGIT}{{4}}\))"
_TOKEN = re.compile(rf"[ \t]*(?:{_TOKENS})", re.VERBOSE | re.DOTALL)
_TOKEN_OR_TAG = re.compile(rf"[ \t]*(?:{_TAG}|{_TOKENS})", re.VERBOSE | re.DOTALL)


def lexemes(source: Prepared, skipped: list[Skipped], *, whole_tags: bool = False) -> Iterator[Token]:
    """The text's tokens, without blanks and without comments that survived `prepare`.

    `whole_tags` makes one token of a public tag that is written without blanks: they are what scripts are made of.
    """
    pattern = _TOKEN_OR_TAG if whole_tags else _TOKEN
    kinds, offsets = ("", *pattern.groupindex), (*source.offsets, len(source.text) + 1)
    piece, line, base, following = -1, 0, 0, 0
    for match in pattern.finditer(source.text):
        group = match.lastindex or 0
        kind = kinds[group]
        offset, stop = match.span(group)
        if offset >= following:
            while offsets[piece + 1] <= offset:
                piece += 1
            line, base = source.places[piece].line, source.places[piece].column - offsets[piece]
            following = offsets[piece + 1]
        value = match[group]
        if kind == "NAME":
            kind = KEYWORDS.get(value, kind)
        elif kind == "OTHER":
            skipped.append(Skipped(value, Position(line, offset + base)))
            continue
        elif kind == "COMMENT":
            continue
        if stop <= following:
            yield Token(kind, value, line, offset + base, line, stop + base)
        else:
            last = source.position(stop - 1)
            yield Token(kind, value, line, offset + base, last.line, last.column + 1)


def without_idle_newlines(tokens: Iterator[Token]) -> Iterator[Token]:
    """Takes out the newlines that the grammar allows around a block: one token of look-ahead then is enough."""
    last, waiting = "", list[Token]()
    for token in tokens:
        kind = token.type
        if kind == "NEWLINE":
            waiting.append(token)
            continue
        if waiting:
            before_block = kind == "LBRACE" and last in ("RPAR", "ELSE")
            before_else = kind in ("ELSEIF", "ELSE") and last == "RBRACE"
            if not (before_block or before_else):
                yield from waiting
            waiting = []
        yield token
        last = kind
    yield from waiting
