"""Rules about texts that are written into elements, and about patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.java_format import message_format
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.attributes import name_of, vr_of
from bootstrap.dicomedit.lint.effects import Effect
from bootstrap.dicomedit.lint.forms import fault_of
from bootstrap.dicomedit.lint.paths import last_step, number_of, single_tag
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.problems import ScriptError

_CHARACTER_SET = 0x00080005
_COMMON = frozenset(
    {"yes", "no", "none", "n/a", "na", "unknown", "other", "m", "f", "o", "true", "false", "original", "primary"}
)
_SHORT = 4
_NO_SEPARATOR = ("LT", "ST", "UT", "UR")
_REPEATING_VRS = ("AS", "CS", "DA", "DS", "IS", "FD", "FL", "SL", "SS", "TM", "UL", "US")
_LONE_SEPARATOR = re.compile(r"(?<!\\)\\[nrtbf()]")


def _written(subject: Subject) -> Iterator[tuple[Effect, int | None, str]]:
    """Literals that are written: the effect, the element where it is known, the text."""
    for effect in subject.effects:
        literal = subject.definitions.literal(effect.value) if effect.writes and effect.value is not None else None
        if literal is not None:
            step = last_step(effect.path)
            yield effect, number_of(step.tag) if step else None, literal


@rule(
    "L53",
    "warning",
    "a pattern of `format` with a single quote or a stray brace",
    happens="a single quote disappears, and what follows it is not filled in; a stray brace is an Error",
    mend="write two single quotes for one; use braces for numbers of values only",
    dialects="46",
)
def message_pattern(subject: Subject) -> Iterator[Spot]:
    for pattern, count in _patterns(subject):
        text = subject.definitions.literal(pattern)
        message = _pattern_fault(text, count) if text is not None else ""
        if message:
            yield Spot(pattern.start, message)


def _patterns(subject: Subject) -> Iterator[tuple[nodes.Value, int | None]]:
    """Patterns, with the number of values; None where a list may bring more."""
    for node in subject.all_nodes:
        if isinstance(node, nodes.Format):
            yield node.pattern, len(node.arguments)
        elif isinstance(node, nodes.Call) and node.name == "format" and node.arguments:
            values = node.arguments[1:]
            plain = all(isinstance(value, nodes.Text | nodes.TagPath | nodes.Number | nodes.Call) for value in values)
            yield node.arguments[0], len(values) if plain else None


def _pattern_fault(pattern: str, count: int | None) -> str:
    if "'" in pattern.replace("''", ""):
        return "a single quote disappears, and takes the places for values behind it along"
    try:
        message_format(pattern, ["x"] * 100)
    except ScriptError as error:
        return str(error)
    if "}" in re.sub(r"\{[0-9]+\}", "", pattern):
        return "a brace is closed that was not opened"
    places = [int(digits) for digits in re.findall(r"\{([0-9]{1,3})\}", pattern)]
    if count is not None and places and max(places) >= count:
        return f"{{{max(places)}}} stays as it is: there are {count} values, counted from 0"
    return ""


@rule(
    "L73",
    "warning",
    "`blankValues` with a short or common value",
    happens="every element of the object whose whole value equals it is emptied, wherever it stands",
    mend="give values that nothing else has, such as names and patient numbers",
)
def blanks_too_much(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("blankValues"):
        for value in subject.definitions.flat(call.arguments):
            if isinstance(value, nodes.Text | nodes.Number):
                text = value.value if isinstance(value, nodes.Text) else value.text
                if text and (len(text) < _SHORT or text.lower() in _COMMON):
                    yield Spot(call.start, f'"{text}" may stand in many elements')
            elif isinstance(value, nodes.TagPath) and _holds_common_values(value):
                yield Spot(call.start, f"{value} may hold a value that many elements have")


def _holds_common_values(path: nodes.TagPath) -> bool:
    step = last_step(path)
    tag = number_of(step.tag) if step else None
    return tag is None or vr_of(tag) in _REPEATING_VRS


@rule(
    "L74",
    "warning",
    "a text that the element cannot hold",
    happens="the engine writes texts unchecked, and other software refuses them; in numeric elements it is an Error, "
    "or the number wraps",
    mend="write a value that the VR allows",
    dialects="46",
)
def unfit_literal(subject: Subject) -> Iterator[Spot]:
    for effect, tag, literal in _written(subject):
        fault = fault_of(vr_of(tag), literal) if tag is not None else ""
        if fault and tag is not None:
            yield Spot(effect.start, f'"{_cut(literal)}" in {name_of(tag)}: {fault}')


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


@rule(
    "L75",
    "warning",
    "a text with other characters than ASCII",
    happens="it is written in the character set of the object, (0008,0005), which may not have them: question marks",
    mend="write ASCII, or set (0008,0005) to ISO_IR 192 where all other texts of the object are ASCII",
    dialects="46",
)
def not_ascii(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        if not effect.writes or effect.value is None:
            continue
        if single_tag(effect.path) == _CHARACTER_SET:
            return  # the script takes the character set into its own hands
        for source in subject.definitions.sources(effect.value):
            if isinstance(source, nodes.Text) and not source.raw.isascii():
                yield Spot(effect.start, f'"{_cut(source.raw)}" is not ASCII')
                break


@rule(
    "L76",
    "warning",
    "a backslash makes several values of one, or is the wrong one between values",
    happens="a backslash in a value separates values: an element for one value gets several",
    mend=r'write "A\\B" for two values, and no backslash where one is meant',
)
def wrong_separator(subject: Subject) -> Iterator[Spot]:
    for effect, tag, literal in _written(subject):
        value = subject.definitions.resolve(effect.value) if effect.value is not None else None
        raw = value.raw if isinstance(value, nodes.Text) else ""
        if tag is None or "\\" not in literal or vr_of(tag) in _NO_SEPARATOR:
            continue
        if not attributes.is_multiple(tag):
            yield Spot(effect.start, f'{name_of(tag)} holds one value, and "{_cut(literal)}" is several')
        elif _LONE_SEPARATOR.search(raw):
            yield Spot(effect.start, f'"{_cut(raw)}" separates values with a single backslash')
