"""Java's MessageFormat, as far as it goes with texts as arguments."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.dicomedit.java_text import parse_int
from bootstrap.dicomedit.problems import ScriptError


def message_format(pattern: str, arguments: Sequence[str | None]) -> str:
    parts: list[str] = []
    index, quoted = 0, False
    while index < len(pattern):
        character = pattern[index]
        if character == "'":
            if pattern.startswith("''", index):
                parts.append("'")
                index += 1
            else:
                quoted = not quoted
        elif character == "{" and not quoted:
            element, index = _element(pattern, index + 1)
            parts.append(_filled(element, arguments))
        else:
            parts.append(character)
        index += 1
    return "".join(parts)


def _element(pattern: str, start: int) -> tuple[str, int]:
    """What stands between braces, and where it ends."""
    depth, quoted = 0, False
    for index in range(start, len(pattern)):
        character = pattern[index]
        if character == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return pattern[start:index], index
            depth -= 1
    raise ScriptError("Unmatched braces in the pattern.")


def _filled(element: str, arguments: Sequence[str | None]) -> str:
    index, comma, kind = element.partition(",")
    try:
        number = parse_int(index)
    except ScriptError:
        raise ScriptError(f"can't parse argument number: {index}") from None
    if number < 0:
        raise ScriptError(f"negative argument number: {index}")
    kind = kind.partition(",")[0].strip().lower()
    if comma and kind not in ("", "number", "date", "time", "choice"):
        raise ScriptError(f"unknown format type: {kind}")
    if number >= len(arguments):
        return f"{{{number}}}"
    value = arguments[number]
    if value is None:
        return "null"
    if kind:
        raise ScriptError(f"a text cannot be formatted as a {kind}")
    return value
