"""Values while a script runs, and what they become where a text, a number or a path is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, final

from bootstrap.dicomedit.editing import spelled
from bootstrap.dicomedit.java_text import parse_int
from bootstrap.dicomedit.nodes import TagPath
from bootstrap.dicomedit.problems import ParseError, ScriptError


@final
class Void:
    """The result of a function that has none; it cannot be assigned."""

    def __repr__(self) -> str:
        return "VOID"


VOID: Final = Void()
RuntimeValue = str | bool | TagPath | Void | list["RuntimeValue"] | None


# What is longer, or holds more, is a script that feeds on itself: no header has such texts.
MOST_TEXT, MOST_ITEMS = 16_000_000, 1_000_000


def bounded(value: RuntimeValue) -> RuntimeValue:
    """A value that grows without end is an error, before it takes the memory or the time of everything else."""
    if isinstance(value, str) and len(value) > MOST_TEXT:
        raise ScriptError(f"a text grows beyond {MOST_TEXT} characters")
    return value


def as_text(value: RuntimeValue) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, TagPath):
        return spelled(value)
    if isinstance(value, list):
        return _list_text(value)
    return "VOID"


def _list_text(value: list[RuntimeValue]) -> str:
    """Item by item, so that lists in lists take no depth and their text has a bound."""
    pieces, size = [], 0
    for piece in _pieces(value):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_TEXT:
            raise ScriptError(f"the text of a list grows beyond {MOST_TEXT} characters")
    return "".join(pieces)


def _pieces(value: list[RuntimeValue]) -> Iterator[str]:
    open_ = [iter(value)]
    before = "["
    while open_:
        one = next(open_[-1], VOID)
        if one is VOID:
            open_.pop()
            yield "[]" if before == "[" else "]"
            before = ", "
        elif isinstance(one, list):
            yield before
            before = "["
            open_.append(iter(one))
        else:
            yield before + ("null" if one is None else str(as_text(one)))
            before = ", "


def required_text(value: RuntimeValue, what: str) -> str:
    text = as_text(value)
    if text is None:
        raise ScriptError(f"{what} has no value (null)")
    return text


def as_bool(value: RuntimeValue) -> bool:
    if isinstance(value, bool):
        return value
    return required_text(value, "a condition").lower() == "true"


def as_int(value: RuntimeValue) -> int:
    return parse_int(required_text(value, "a number"))


def flattened(values: Iterable[RuntimeValue]) -> list[RuntimeValue]:
    """Lists in lists become one list. A number in a list is null, and null cannot be flattened."""
    result: list[RuntimeValue] = []
    for value in values:
        if isinstance(value, list):
            if any(one is None for one in value):
                raise ScriptError("a list holds a number or a null value; numbers in lists need quotes")
            result += flattened(value)
            if len(result) > MOST_ITEMS:
                raise ScriptError(f"a list grows beyond {MOST_ITEMS} items")
        else:
            result.append(value)
    return result


def as_path(value: RuntimeValue) -> TagPath:
    if isinstance(value, TagPath):
        return value
    if not isinstance(value, str):
        raise ScriptError(f"Arguments must be tagpaths : {as_text(value)}")
    from bootstrap.dicomedit.parser6 import parse_tag_path

    try:
        return parse_tag_path(value)
    except ParseError:
        raise ScriptError(f"Argument {value} is not a valid tagPath.") from None
