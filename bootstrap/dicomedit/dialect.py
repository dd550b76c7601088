"""Which engine XNAT would hand a script to."""

from __future__ import annotations

import re
from typing import Literal

from bootstrap.dicomedit.nodes import Position
from bootstrap.dicomedit.problems import ParseError
from bootstrap.dicomedit.source import split_lines

Dialect = Literal["4", "6"]

SUPPORTED = ("6.0", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7")
_KNOWN: dict[tuple[int, ...], Dialect] = {
    (4,): "4",
    (6,): "6",
    **{(6, minor): "6" for minor in range(1, 8)},
}


def choose_dialect(text: str) -> Dialect:
    """The first line that begins with `version` decides; without one it is DicomEdit 4."""
    for number, line in enumerate(split_lines(text), 1):
        if line.startswith("version"):
            return _of_version_line(line, number)
    return "4"


def _of_version_line(line: str, number: int) -> Dialect:
    words = re.split(r"\s", line)
    if len(words) > 1 and words[1] == "":
        return "4"
    version = words[1].replace('"', "") if len(words) > 1 else ""
    dialect = _KNOWN.get(_numbers(version))
    if dialect is None:
        raise ParseError(
            f"no DicomEdit engine takes this script: its first `version` line says {version or line!r}",
            Position(number, 1),
            expected=[f'version "{known}"' for known in SUPPORTED],
            hint='write version "6.6" in the first column, with one blank and quotes',
        )
    return dialect


def _numbers(version: str) -> tuple[int, ...]:
    """Trailing zeros do not count: "6" is "6.0"."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", version, re.ASCII):
        return ()
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
