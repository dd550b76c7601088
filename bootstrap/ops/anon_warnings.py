"""What a run or a preview says besides its result: parts of the script that the engine silently leaves out,
and variables that it does not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bootstrap.dicomedit import Script, nodes
from bootstrap.dicomedit.lint.resolve import GIVEN
from bootstrap.engine.report.page import Page


@dataclass(frozen=True, slots=True)
class Warned:
    message: str
    lines: list[int] = field(default_factory=list)  # of the script


def warnings_of(path: Path, script: Script, variables: Iterable[str] = ()) -> list[Warned]:
    """What XNAT's engine does to the script without an error; and what was given in vain."""
    return [*_dropped(path, script), *_misread(path, script), *_in_vain(path, script, variables)]


def shown_warnings(page: Page, warned: Sequence[Warned]) -> None:
    for one in warned:
        page.line(("warning: ", "yellow"), (one.message, ""))


def as_json(warned: Sequence[Warned]) -> list[dict[str, Any]]:
    return [asdict(one) for one in warned]


def _dropped(path: Path, script: Script) -> Iterator[Warned]:
    """Lines of which nothing is left; and where the engine gives up, all that follows."""
    given_up = [part.start.line for part in script.dropped]
    for line in given_up[:1]:
        yield _warned(path, "drops", [line], " and everything behind it")
    lines = sorted(_strange_lines(script) - _kept_lines(script))
    lines = [line for line in lines if not given_up or line < given_up[0]]
    if lines:
        yield _warned(path, "drops", lines)


def _misread(path: Path, script: Script) -> Iterator[Warned]:
    lines = sorted(_strange_lines(script) & _kept_lines(script))
    if lines:
        yield _warned(path, "reads something else than is written in", lines)


def _strange_lines(script: Script) -> set[int]:
    return {part.start.line for part in script.repairs} | {part.start.line for part in script.skipped}


def _kept_lines(script: Script) -> set[int]:
    return {node.start.line for node in script.walk()}


def _warned(path: Path, does: str, lines: list[int], more: str = "") -> Warned:
    numbers = f"line{'' if len(lines) == 1 else 's'} {', '.join(map(str, lines))}{more}"
    told = f"XNAT's engine {does} {numbers}, without an error; `xnat-bootstrap anon lint {path}` tells why"
    return Warned(f"{path}: {told}", lines)


def _in_vain(path: Path, script: Script, variables: Iterable[str]) -> Iterator[Warned]:
    """What XNAT gives to every script may be given to every script here, too."""
    read = {node.name.lower() for node in script.walk() if isinstance(node, nodes.Variable)}
    for name in variables:
        if name.lower() not in read | GIVEN:
            yield Warned(f"--var {name}: {path} reads no such variable")
