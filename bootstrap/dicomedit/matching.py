"""Which elements a path means. The engine turns a path into a regular expression over written-out element paths; the
same is done here, and with it come its ways with `* + .` at odd places. Common forms are also known as sets of tags.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bootstrap.dicomedit.nodes import ElementStep, LevelStep, PrivateTag, TagPath
from bootstrap.dicomedit.problems import ScriptError

_DIGITS = {"x": "[0-9a-f]", "X": "[0-9a-f]", "#": "[13579bdf]", "@": "[02468ace]"}
NO_CREATOR = "NULL"  # how the engine writes a private element out whose creator is missing


def written(tag: int, creator: str | None = None) -> str:
    """One element as the engine writes it in a path."""
    if tag & 0x00010000:
        return f'{tag >> 16:04x}"{NO_CREATOR if creator is None else creator}"{tag & 0xFFFF:04x}'
    return f"{tag:08x}"


class _Expression:
    """Most paths name an element by its number, and nobody ever asks for their expression."""

    __slots__ = ("_match", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._match: Callable[[str], object] | None = None

    def __call__(self, path: str) -> object:
        if self._match is None:
            self._match = re.compile(self._text).fullmatch
        return self._match(path)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`tag` and `creator` tell one element apart if the path ends in an element without wildcards; `scope` says
    where: at the root, or `any`where. Other paths have scope `path` and only their expression."""

    path: TagPath
    expression: Callable[[str], object]
    below: Callable[[str], object]  # the same, and whatever lies below
    scope: str
    tag: int = -1
    creator: str | None = None
    digits: Callable[[str], object] | None = None  # of a public tag with wildcards: matches its eight digits


_KNOWN: dict[int, Pattern] = {}  # by the identity of the path: its hash would take longer than all the rest
_MOST_KNOWN = 20_000


def compile_pattern(path: TagPath) -> Pattern:
    """Raises ScriptError for a path that the engine cannot use as a pattern."""
    known = _KNOWN.get(id(path))
    if known is not None and known.path is path:
        return known
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    pattern = _KNOWN[id(path)] = _compiled(path)
    return pattern


@dataclass(frozen=True, slots=True)
class Selection:
    """What several paths mean together. `numbers` are the elements wanted at the root and `anywhere` those below it,
    where each path names one public element: then nothing else has to be looked at."""

    paths: tuple[TagPath, ...]
    patterns: tuple[Pattern, ...]
    by_number: bool
    numbers: frozenset[int]
    anywhere: frozenset[int]


_SELECTIONS: dict[tuple[int, ...], Selection] = {}  # by the identities of the paths, which it keeps
_MOST_SELECTIONS = 2_000


def select(paths: Iterable[TagPath]) -> Selection:
    """Raises ScriptError as `compile_pattern` does."""
    wanted = tuple(paths)
    key = tuple(map(id, wanted))
    known = _SELECTIONS.get(key)
    if known is not None:
        return known
    if len(_SELECTIONS) > _MOST_SELECTIONS:
        _SELECTIONS.clear()
    selection = _SELECTIONS[key] = _selected(wanted)
    return selection


def _selected(paths: tuple[TagPath, ...]) -> Selection:
    patterns = tuple(map(compile_pattern, paths))
    by_number = all(pattern.tag >= 0 and pattern.creator is None for pattern in patterns)
    anywhere = frozenset(pattern.tag for pattern in patterns if pattern.scope == "any")
    return Selection(paths, patterns, by_number, frozenset(pattern.tag for pattern in patterns), anywhere)


def _compiled(path: TagPath) -> Pattern:
    expression = _expression(path)
    whole, below = _Expression(expression), _Expression(expression + "(?s:.*)")
    scope, tag, creator = _shape(path)
    digits = None
    last = path.steps[-1]
    if tag < 0 and scope != "path" and isinstance(last, ElementStep):
        digits = _Expression(_tag(last))
    return Pattern(path, whole, below, scope, tag, creator, digits)


def _shape(path: TagPath) -> tuple[str, int, str | None]:
    steps = path.steps
    leading = len(steps) == 2 and isinstance(steps[0], LevelStep) and steps[0].sign == "*"
    last = steps[-1]
    if not (leading or len(steps) == 1) or not isinstance(last, ElementStep) or last.item is not None:
        return "path", -1, None
    group, element = last.tag.group, last.tag.element
    scope = "any" if leading else "root"
    if any(digit in "xX@#" for digit in group + element):
        return "path" if isinstance(last.tag, PrivateTag) else scope, -1, None
    if isinstance(last.tag, PrivateTag):
        return scope, int(group, 16) << 16 | int(element, 16), last.tag.creator
    return scope, int(group + element, 16), None


def _expression(path: TagPath) -> str:
    steps, parts = path.steps, list[str]()
    for index, step in enumerate(steps):
        following = steps[index + 1] if index + 1 < len(steps) else None
        if isinstance(step, LevelStep):
            parts.append(_level(step, following))
            continue
        is_last = following is None
        parts.append(_element(step, is_last))
        if not is_last and not isinstance(following, LevelStep):
            parts.append("/")
    return "".join(parts)


def _level(step: LevelStep, following: ElementStep | LevelStep | None) -> str:
    if step.sign == "*":
        return r"[\s\S]*"
    if step.sign == ".":
        return "(?:/?[^/]+/){1}"
    if following is None or (isinstance(following, LevelStep) and following.sign == "+"):
        raise ScriptError("`+` needs an element or another level behind it")
    ahead = _level(following, None) if isinstance(following, LevelStep) else _element(following, False)
    return f"(?!{ahead})(?:[^/]*/)*"


def _element(step: ElementStep, is_last: bool) -> str:
    tag = _tag(step)
    if step.item is None and is_last:
        return tag
    if step.item is None or step.item == "%":
        return tag + r"(?:\[[0-9]+\])?+"
    return tag + rf"\[{step.item}\]"


def _tag(step: ElementStep) -> str:
    tag = step.tag
    if isinstance(tag, PrivateTag):
        return f'{_digits(tag.group)}"{re.escape(tag.creator)}"[0-9a-f]{{2}}{_digits(tag.element)}'
    return _digits(tag.group) + _digits(tag.element)


def _digits(text: str) -> str:
    return "".join(_DIGITS.get(digit, digit.lower()) for digit in text)
