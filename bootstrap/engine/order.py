"""In which order kinds are read and written: along their `needs`, removals the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter

from bootstrap.engine.plan import Change
from bootstrap.kinds.kind import Kind

_REMOVALS_COME_LAST = 1000


class KindOrder:
    """The kinds by name, and how deep each lies below the ones that it needs."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds: Mapping[str, Kind] = {kind.name: kind for kind in kinds}
        self._place = {kind.name: place for place, kind in enumerate(kinds)}
        self._levels: dict[str, int] = {}
        self._all_needs: dict[str, frozenset[str]] = {}
        for name in TopologicalSorter({kind.name: self._known(kind.needs) for kind in kinds}).static_order():
            self._levels[name] = 1 + max(
                (self._levels[need] for need in self._known(self.kinds[name].needs)), default=-1
            )
            self._all_needs[name] = self._gathered(name)

    def _known(self, needs: Iterable[str]) -> list[str]:
        return [need for need in needs if need in self.kinds]

    def level(self, kind: str) -> int:
        return self._levels[kind]

    def reading_rounds(self) -> list[list[Kind]]:
        """Kinds that can be read at the same time, round by round."""
        rounds: dict[int, list[Kind]] = {}
        for name, kind in self.kinds.items():
            rounds.setdefault(self._levels[name], []).append(kind)
        return [rounds[level] for level in sorted(rounds)]

    def all_needs(self, kind: str) -> frozenset[str]:
        """The kinds that a kind needs, and what these need."""
        return self._all_needs[kind]

    def _gathered(self, kind: str) -> frozenset[str]:
        """Asked in topological order: those of what it needs are known."""
        needs = self._known(self.kinds[kind].needs)
        return frozenset(needs).union(*(self._all_needs[need] for need in needs))

    def change_level(self, change: Change) -> int:
        level = self._levels[change.kind]
        late = change.action == "delete" and not self.kinds[change.kind].removed_in_place
        return _REMOVALS_COME_LAST - level if late else level

    def sorted(self, changes: Iterable[Change]) -> list[Change]:
        listed = list(changes)
        within = _places_within_kinds(listed)
        return sorted(
            listed, key=lambda change: (self.change_level(change), self._place[change.kind], within[change.ref])
        )


def _places_within_kinds(changes: Sequence[Change]) -> dict[str, tuple[int, str]]:
    """Names in alphabetical order, except that what needs another thing of its own kind comes after it."""
    refs = {change.ref for change in changes}
    graph = {change.ref: [need for need in change.needs if need in refs] for change in changes}
    depth: dict[str, int] = {}
    for ref in TopologicalSorter(graph).static_order():
        depth[ref] = 1 + max((depth[need] for need in graph.get(ref, ()) if _same_kind(need, ref)), default=-1)
    return {ref: (depth[ref], ref) for ref in refs}


def _same_kind(one: str, other: str) -> bool:
    return one.split(":", 1)[0] == other.split(":", 1)[0]
