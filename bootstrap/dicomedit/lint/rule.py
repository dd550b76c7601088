"""What a rule is, where the rules are kept, and what a rule finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit.nodes import Position
from bootstrap.values import Problem, Severity, Source

if TYPE_CHECKING:
    from bootstrap.dicomedit.dialect import Dialect
    from bootstrap.dicomedit.lint.subject import Subject

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that a rule found. `whole` is about the script, not about the line that it is shown at."""

    position: Position
    message: str
    whole: bool = False


Check = Callable[["Subject"], Iterable[Spot]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    severity: Severity
    title: str
    what_happens: str  # at run time
    mend: str
    dialects: frozenset[Dialect]
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    line: int
    column: int
    message: str
    what_happens: str
    mend: str
    file: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "what_happens": self.what_happens,
            "mend": self.mend,
        }

    def as_problem(self) -> Problem:
        """For reports that hold problems of other files as well."""
        source = Source(self.file, self.line, self.column)
        return Problem(self.severity, self.rule, f"{self.message}: {self.what_happens}", self.mend, source)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message} [{self.rule}]"


REGISTERED: dict[str, Rule] = {}
"""Filled by `rule` when the modules with the rules are imported; `RULES` of the package is its sorted form."""


def rule(
    id_: str,
    severity: Severity,
    title: str,
    *,
    happens: str,
    mend: str,
    dialects: str = "6",
) -> Callable[[Check], Check]:
    """Puts a check into the table. `dialects` is "6", "4" or "46": the scripts that it looks at."""

    def register(check: Check) -> Check:
        if id_ in REGISTERED:
            raise ValueError(f"two rules are called {id_}")
        chosen: set[Dialect] = set()
        if "4" in dialects:
            chosen.add("4")
        if "6" in dialects:
            chosen.add("6")
        REGISTERED[id_] = Rule(id_, severity, title, happens, mend, frozenset(chosen), check)
        return check

    return register
