"""Rules about the two languages that share a name, and about text that neither can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.nodes import Position
from bootstrap.dicomedit.tables import Token

_PLACEHOLDER = re.compile(r"\{\d")


@rule(
    "L00",
    "error",
    "the script cannot be read",
    happens="DicomEdit 6 refuses the script, and every file fails; DicomEdit 4 ignores what it "
    "cannot read, or reads something else, without an error",
    mend="mend the syntax where the line and column point",
    dialects="46",
)
def unreadable(subject: Subject) -> Iterator[Spot]:
    if subject.error is not None:
        expected = f"; expected {', '.join(subject.error.expected)}" if subject.error.expected else ""
        hint = f" ({subject.error.hint})" if subject.error.hint else ""
        told = f"{subject.error.reason}{expected}{hint}; statements are not checked until this is mended"
        yield Spot(subject.error.position, told)
    lines: set[int] = set()
    for place, message in _not_as_written(subject):
        if place.line not in lines:
            lines.add(place.line)
            yield Spot(place, message)


def _not_as_written(subject: Subject) -> Iterator[tuple[Position, str]]:
    """DicomEdit 4 goes on where it cannot read."""
    if subject.script is None:
        return
    for ignored in (*subject.script.dropped, *subject.script.repairs):
        yield ignored.start, ignored.message
    for node in subject.all_nodes:
        if isinstance(node, nodes.Unreadable):
            yield node.start, "the engine cannot read this and fails when it gets here"


@rule(
    "L06",
    "error",
    "DicomEdit 4 is used in a DicomEdit 6 script",
    happens="a syntax error, or an unknown function: the script does not load, and every file fails",
    mend="write `condition ? action`, `newUID[]`, `format[...]`; `urlEncode` has no successor",
)
def old_constructs(subject: Subject) -> Iterator[Spot]:
    question = False
    for index, token in enumerate(subject.tokens):
        if token.type == "NEWLINE":
            question = False
        elif token.type == "QUESTION":
            question = True
        else:
            message = _old(subject, index, question)
            if message:
                yield Spot(token.start, message)


def _old(subject: Subject, index: int, question: bool) -> str:
    tokens = subject.tokens
    token, following = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None
    last = tokens[index - 1].type if index else "NEWLINE"
    kind = following.type if following else "NEWLINE"
    if token.type == "COLON" and not question and kind not in ("EQUAL", "NEWLINE"):
        return "`condition : action` is DicomEdit 4"
    if token.type == "NAME" and token.value == "new" and last == "ASSIGN" and kind == "NAME":
        return "`new UID` is DicomEdit 4"
    if token.type == "NAME" and token.value == "urlEncode" and kind == "LSQB":
        return "`urlEncode` is DicomEdit 4"
    if last == "ASSIGN" and _is_implicit_format(token, following):
        return "a pattern with values behind it, without `format[...]`, is DicomEdit 4"
    return ""


def _is_implicit_format(token: Token, following: Token | None) -> bool:
    if token.type != "STRING" or following is None or not _PLACEHOLDER.search(token.value):
        return False
    return following.type in ("NAME", "STRING", "PUBLIC_GROUP", "INTEGER", "FLOAT")


@rule(
    "L07",
    "error",
    "DicomEdit 6 is used in an unversioned script",
    happens="DicomEdit 4 drops this statement and often everything behind it, or misreads it, and reports success",
    mend='begin the script with version "6.6", or keep to DicomEdit 4',
    dialects="46",
)
def new_constructs(subject: Subject) -> Iterator[Spot]:
    if subject.engine != "4" or subject.version_tokens:
        return
    yield from (Spot(token.start, f"{name} is DicomEdit 6") for name, token in subject.new_constructs)


@rule(
    "L94",
    "error",
    "there is no statement in the script",
    happens="nothing is changed: data are stored as they come in",
    mend="write statements, or switch the script off",
    dialects="46",
)
def no_statement(subject: Subject) -> Iterator[Spot]:
    if all(token.type == "NEWLINE" for token in subject.tokens):
        yield Spot(Position(1, 1), "the script has no statement", whole=True)
