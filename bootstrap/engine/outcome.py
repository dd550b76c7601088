"""What became of the changes of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bootstrap.engine.plan import Change

Outcome = Literal["done", "failed", "skipped", "unknown"]


@dataclass(frozen=True)
class Done:
    """A change and its outcome. `stale` marks what was skipped because the server had moved on."""

    change: Change
    outcome: Outcome
    error: str | None = None
    stale: bool = False
    unreachable: bool = False
    lacking: bool = False  # something besides XNAT that it takes was not there

    def noting(self, *notes: str) -> Done:
        return replace(self, change=replace(self.change, notes=(*self.change.notes, *notes)))


@dataclass
class Outcomes:
    """Grows as a run goes on; knows which causes keep a later change from being made."""

    items: list[Done] = field(default_factory=list)
    # Asked before each change of thousands.
    _not_done: list[Done] = field(default_factory=list, init=False)
    _done: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        for item in self.items:
            self._note(item)

    def add(self, done: Done) -> None:
        self.items.append(done)
        self._note(done)

    def _note(self, item: Done) -> None:
        if item.outcome == "done":
            self._done.add(item.change.ref)
        else:
            self._not_done.append(item)

    def count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome for item in self.items)

    def blocking(self, needs: Iterable[str]) -> Done | None:
        """The first of these needs that did not come about."""
        wanted = set(needs)
        return next((item for item in self._not_done if item.change.ref in wanted), None)

    def any_done(self, refs: Iterable[str]) -> bool:
        return not self._done.isdisjoint(refs)

    def refs(self, outcome: Outcome) -> list[str]:
        return [item.change.ref for item in self.items if item.outcome == outcome]

    @property
    def server_gone(self) -> bool:
        return any(item.unreachable for item in self._not_done)


def exit_code(items: Sequence[Done], stopped: bool = False) -> int:
    """0 all done, 5 partly or without what it takes; nothing done: 4 unreachable, 3 only stale, else 1.

    `stopped`: something besides the changes went wrong, such as saving the ledger.
    """
    bad = [item for item in items if item.outcome != "done"]
    if not bad and not stopped:
        return 0
    if len(bad) < len(items) or any(item.outcome == "unknown" or item.lacking for item in bad):
        return 5
    if any(item.unreachable for item in bad):
        return 4
    return 3 if bad and all(item.stale for item in bad) else 1
