"""Deleting by path, and many paths in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bootstrap.dicomedit.dictionary import is_creator, is_private
from bootstrap.dicomedit.editing import creator_of
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.matching import Pattern, compile_pattern, written
from bootstrap.dicomedit.nodes import TagPath


def delete(root: Item, path: TagPath) -> None:
    Deletion([compile_pattern(path)]).run(root)


def delete_private(item: Item) -> None:
    """Every element of an odd group, at every depth."""
    for tag in item.tags():
        if is_private(tag):
            item.remove(tag)
    for tag in item.sequences():
        for inner in item.items(tag) or ():
            delete_private(inner)


@dataclass(slots=True)
class Deletion:
    """Deletes that follow each other, as one pass. The order does not count: creators stay, so each still matches."""

    patterns: Iterable[Pattern]
    all_private: bool = False
    at_root: set[int] = field(default_factory=set)
    anywhere: set[int] = field(default_factory=set)
    private: dict[tuple[int, str], str] = field(default_factory=dict)  # (group and last digits, creator) -> scope
    others: list[Pattern] = field(default_factory=list)

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            if pattern.scope == "path":
                self.others.append(pattern)
            elif pattern.creator is not None:
                key = (pattern.tag & 0xFFFF00FF, pattern.creator)
                self.private[key] = "any" if "any" in (self.private.get(key), pattern.scope) else "root"
            else:
                (self.at_root if pattern.scope == "root" else self.anywhere).add(pattern.tag)
        self.at_root |= self.anywhere

    def run(self, root: Item) -> None:
        self._level(root, self.at_root, "root")
        for pattern in self.others:
            _by_expression(root, pattern, "")

    def _level(self, item: Item, wanted: set[int], scope: str) -> None:
        if wanted or self.private or self.all_private:
            doomed = [
                tag for tag in item.tags() if tag in wanted or (tag & 0x10000 and self._private(item, tag, scope))
            ]
            for tag in doomed:
                item.remove(tag)
        if self.anywhere or self.all_private or "any" in self.private.values():
            for tag in item.sequences():
                for inner in item.items(tag) or ():
                    self._level(inner, self.anywhere, "any")

    def _private(self, item: Item, tag: int, scope: str) -> bool:
        if self.all_private:
            return True
        if not self.private or is_creator(tag):
            return False
        creator = creator_of(item, tag)
        if creator is None:
            return False
        found = self.private.get((tag & 0xFFFF00FF, creator))
        return found is not None and (scope == "root" or found == "any")


def _by_expression(item: Item, pattern: Pattern, prefix: str) -> None:
    for tag in item.tags():
        private = is_private(tag)
        if private and is_creator(tag):
            continue
        path = prefix + written(tag, creator_of(item, tag) if private else None)
        if pattern.below(path):
            item.remove(tag)
            continue
        for index, inner in enumerate(item.items(tag) or ()):
            _by_expression(inner, pattern, f"{path}[{index}]/")
