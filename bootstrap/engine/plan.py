"""A plan as a value: what would be changed, in which order, and what was seen when it was made. No secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bootstrap.values import Problem, Source, masked

Action = Literal["none", "create", "update", "delete", "rename", "repair", "restart", "pending"]
Moved = Literal["file", "server", "both", "new"]

ABSENT_TEXT = None  # a field that is not there shows as null in JSON


@dataclass(frozen=True)
class FieldChange:
    path: str
    before: Any  # secrets are masked
    after: Any
    moved: Moved

    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, "before": masked(self.before), "after": masked(self.after), "moved": self.moved}


@dataclass(frozen=True)
class Change:
    kind: str
    name: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: Source | None = None
    level: int = 0
    seen: str = ""  # token of the state that this change was made for
    deferred: bool = False  # needs an engine that is not there; counted apart
    foreseen: tuple[FieldChange, ...] = ()  # shown where nothing is compared: what is wanted, what a removal puts back

    @property
    def shown(self) -> tuple[FieldChange, ...]:
        return self.fields or self.foreseen

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.name}"

    @property
    def counts(self) -> bool:
        return self.action != "none" and not self.deferred

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "action": self.action,
            "fields": [change.as_json() for change in self.fields],
            "needs": list(self.needs),
            "notes": list(self.notes),
            "source": str(self.source) if self.source else None,
            "level": self.level,
            "seen": self.seen,
            "deferred": self.deferred,
        }


@dataclass(frozen=True)
class Plan:
    """`refusals` keep a plan from being applied (exit 3); `failures` are what could not be read (exit 1)."""

    owner: str = "default"
    server_url: str = ""
    server_version: str | None = None
    changes: tuple[Change, ...] = ()
    refusals: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    accepted: int = 0
    prune: bool = False
    allow: frozenset[str] = frozenset()
    only: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    digest: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[Change, ...]:
        """What an apply makes. What is deferred is neither made nor missed by what needs it."""
        return tuple(change for change in self.changes if change.counts)

    @property
    def counted(self) -> int:
        return sum(change.counts for change in self.changes)

    @property
    def deferred(self) -> int:
        return sum(change.deferred for change in self.changes)

    @property
    def exit_code(self) -> int:
        if self.refusals:
            return 3
        if self.failures:
            return 1
        return 2 if self.counted else 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.refusals, *self.failures, *self.notes)


def deletions(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.action == "delete"]
