"""Rules about the spelling of tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.nodes import Position
from bootstrap.dicomedit.tables import Token

_HEX = "[0-9A-Fa-fxX@#]"
_TAG = re.compile(rf"\(({_HEX}{{4}})[ \t]*,[ \t]*(?:\{{([^}}\n]*)\}}({_HEX}{{2}})|({_HEX}{{4}}))\)")
_BLANKS = re.compile(
    rf"\([ \t]+{_HEX}{{4}}[ \t]*,[ \t]*(?:\{{[^}}\n]*\}}{_HEX}{{2}}|{_HEX}{{4}})[ \t]*\)"
    rf"|\({_HEX}{{4}}[ \t]*,[ \t]*(?:\{{[^}}\n]*\}}{_HEX}{{2}}|{_HEX}{{4}})[ \t]+\)"
)
_CREATOR = re.compile(r"[A-Za-z][A-Za-z0-9 \-_.:]*")
_TAKES_QUOTED_PATHS = frozenset(
    {
        "hashUIDList", "mapReferencedUIDs", "shiftDateTimeListByIncrement", "shiftDateTimeSequenceByIncrement",
        "removeTags", "retainPrivateTags",
    }
)  # fmt: skip


class _Tag(NamedTuple):
    start: Position
    text: str
    group: str
    creator: str | None
    element: str


def _spelled_tags(subject: Subject) -> Iterator[_Tag]:
    """Tags as they are spelled, legal or not, in the code and in quoted paths."""
    for match in _TAG.finditer(subject.bare):
        yield _tag(match, subject.place(match.start()))
    for text, start in _quoted_paths(subject):
        for match in _TAG.finditer(text):
            yield _tag(match, Position(start.line, start.column + 1 + match.start()))


def _tag(match: re.Match[str], start: Position) -> _Tag:
    group, creator, byte, element = match.groups()
    return _Tag(start, match[0], group, creator, byte or element)


def _quoted_paths(subject: Subject) -> Iterator[tuple[str, Position]]:
    """Strings inside the brackets of functions that take quoted paths, found without a tree."""
    open_calls: list[str] = []
    last: Token | None = None
    for token in subject.tokens:
        if token.type == "LSQB":
            open_calls.append(last.value if last and last.type == "NAME" else "")
        elif token.type == "RSQB" and open_calls:
            open_calls.pop()
        elif token.type == "STRING" and open_calls and open_calls[-1] in _TAKES_QUOTED_PATHS:
            yield token.value[1:-1], token.start
        last = token


@rule(
    "L08",
    "error",
    "the last digit of the group does not fit: even for public tags, odd for private ones",
    happens="a syntax error: the script does not load, and every file fails",
    mend="write `@` (any even digit) for public groups, as in (50X@,XXXX), and `#` (any odd digit) for private ones",
)
def parity_of_group(subject: Subject) -> Iterator[Spot]:
    for tag in _spelled_tags(subject):
        last = tag.group[-1]
        if tag.creator is None and last in "xX#":
            yield Spot(tag.start, f"{tag.text} names no public tag: its group must end in an even digit or `@`")
        elif tag.creator is not None and last in "xX@02468aAcCeE":
            yield Spot(tag.start, f"{tag.text} names no private tag: its group must end in an odd digit or `#`")


@rule(
    "L09",
    "error",
    "a private tag by its number",
    happens="a syntax error: private elements are named by their creator. Only texts given to `set` and `delete` may",
    mend='write (gggg,{CREATOR}ee), or delete["(gggg,eeee)"]',
)
def numeric_private_tag(subject: Subject) -> Iterator[Spot]:
    for tag in _spelled_tags(subject):
        if tag.creator is None and tag.group[-1] in "13579bBdDfF":
            yield Spot(tag.start, f"{tag.text} is a private tag by its number")


@rule(
    "L10",
    "error",
    "a private creator that the language cannot spell",
    happens="a syntax error: a creator is a letter, then letters, digits, blanks and - _ . :",
    mend='use removeAllPrivateTags, or delete["(gggg,eeee)"] with the number of the element',
)
def unspeakable_creator(subject: Subject) -> Iterator[Spot]:
    for tag in _spelled_tags(subject):
        if tag.creator is not None and not _CREATOR.fullmatch(tag.creator):
            yield Spot(tag.start, f"the creator {tag.creator!r} cannot be written in a script")


@rule(
    "L11",
    "warning",
    "a private creator that is not known",
    happens="creators are compared letter by letter, with case and blanks: a misspelt one matches nothing, silently",
    mend="look the creator up in a file of the scanner; if it is right, ignore this rule there",
)
def unknown_creator(subject: Subject) -> Iterator[Spot]:
    told: set[str] = set()
    for tag in _spelled_tags(subject):
        creator = tag.creator
        if creator is None or creator in told or creator in attributes.private_creators():
            continue
        if _CREATOR.fullmatch(creator):
            told.add(creator)
            near = _near(creator)
            hint = f"; did you mean {near!r}?" if near else ""
            yield Spot(tag.start, f"the creator {creator!r} is not known{hint}")


def _near(creator: str) -> str | None:
    wanted = _folded(creator)
    return next((known for known in sorted(attributes.private_creators()) if _folded(known) == wanted), None)


def _folded(creator: str) -> str:
    return re.sub(r"[\s_-]", "", creator).casefold()


@rule(
    "L12",
    "error",
    "a blank inside the brackets of a tag",
    happens="a syntax error: the script does not load. Blanks may stand around the comma only",
    mend="write (gggg,eeee)",
    dialects="46",
)
def blank_in_tag(subject: Subject) -> Iterator[Spot]:
    for match in _BLANKS.finditer(subject.bare):
        yield Spot(subject.place(match.start()), f"`{match[0]}` has a blank behind `(` or before `)`")


@rule(
    "L80",
    "note",
    "a tag that no dictionary knows, or that is retired",
    happens="a statement for a mistyped tag matches nothing, silently; a retired attribute may be refused elsewhere",
    mend="look the tag up in DICOM PS3.6",
    dialects="46",
)
def unknown_tag(subject: Subject) -> Iterator[Spot]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.PublicTag | nodes.NumberTag):
            number = _public_number(node)
            if number == 0x00603000:
                yield Spot(node.start, "(0060,3000) is no overlay: overlay data are (60X@,3000)")
            elif number is not None and not attributes.is_known(number):
                yield Spot(node.start, f"{node} is not in the DICOM dictionary")
    for effect in subject.effects:
        step = effect.path.steps[-1]
        number = _public_number(step.tag) if isinstance(step, nodes.ElementStep) else None
        if effect.verb in ("assign", "set") and number is not None and attributes.is_retired(number):
            yield Spot(effect.start, f"{attributes.name_of(number)} is retired")


def _public_number(tag: nodes.PublicTag | nodes.PrivateTag | nodes.NumberTag) -> int | None:
    if isinstance(tag, nodes.PrivateTag) or set(tag.group + tag.element) & set("xX@#"):
        return None
    number = int(tag.group + tag.element, 16)
    return None if number & 0x00010000 or number & 0xFFFF == 0 else number
