"""Comments that spare a line a rule: `// lint: ignore L12, L40 because <reason>`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from bootstrap.dicomedit.lint.rule import Spot
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.nodes import Position

_COMMENT = re.compile(r"//\s*lint:\s*(?P<rest>.*)", re.DOTALL)
_FORM = re.compile(r"ignore\s+(?P<rules>L\d\d(?:\s*,?\s+L\d\d|,L\d\d)*)(?:\s+because\s+(?P<reason>\S.*))?\s*")
NEVER = frozenset({"L00", "L92", "L93"})
# Found for one server, or in one place, and not for another: the comment is right all the same.
_DEPENDS = frozenset({"L04", "L77", "L78"})


@dataclass(slots=True)
class _Ignore:
    start: Position
    rules: tuple[str, ...]
    line: int  # that is spared
    alone: bool  # on its line
    used: set[str] = field(default_factory=set)


class Ignores:
    def __init__(self, subject: Subject) -> None:
        self.ignores: list[_Ignore] = []
        self.faults: list[Spot] = []
        self.code_lines = sorted({token.line for token in subject.tokens if token.type != "NEWLINE"})
        for comment in subject.source.comments:
            found = _COMMENT.match(comment.text)
            if found:
                self._read(found["rest"], comment.start)

    def _read(self, rest: str, start: Position) -> None:
        form = _FORM.fullmatch(rest)
        if form is None:
            message = f"`lint: {rest.strip()[:60]}` is not understood"
            self.faults.append(Spot(start, message))
        elif not form["reason"]:
            self.faults.append(Spot(start, f"{form['rules']} is ignored without a reason"))
        else:
            alone = start.line not in self.code_lines
            rules = tuple(re.findall(r"L\d\d", form["rules"]))
            self.ignores.append(_Ignore(start, rules, self._below(start.line) if alone else start.line, alone))

    def _below(self, line: int) -> int:
        """The next line with code on it."""
        index = bisect_right(self.code_lines, line)
        return self.code_lines[index] if index < len(self.code_lines) else line

    def spare(self, rule: str, spot: Spot) -> bool:
        """Whether a comment spares this; findings about the whole script are spared by a line of its own, anywhere."""
        if rule in NEVER:
            return False
        spared = False
        for one in self.ignores:
            if rule in one.rules and (one.line == spot.position.line or (spot.whole and one.alone)):
                one.used.add(rule)
                spared = True
        return spared

    def complaints(self) -> Iterator[tuple[str, Spot]]:
        yield from (("L92", spot) for spot in self.faults)
        for one in self.ignores:
            idle = [rule for rule in one.rules if rule not in one.used | _DEPENDS]
            if idle:
                yield "L93", Spot(one.start, f"there is no finding of {', '.join(idle)} to ignore")
