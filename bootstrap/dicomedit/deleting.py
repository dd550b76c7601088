"""Deleting by path, and many paths in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    item.remove_all([tag for tag in item.tags() if tag & 0x10000])
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
    wild: list[Pattern] = field(default_factory=list)
    others: list[Pattern] = field(default_factory=list)
    _wild_hits: dict[tuple[int, bool], bool] = field(default_factory=dict)
    _goes_deeper: bool = False

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            if pattern.digits is not None:
                self.wild.append(pattern)
            elif pattern.scope == "path":
                self.others.append(pattern)
            elif pattern.creator is not None:
                key = (pattern.tag & 0xFFFF00FF, pattern.creator)
                self.private[key] = "any" if "any" in (self.private.get(key), pattern.scope) else "root"
            else:
                (self.at_root if pattern.scope == "root" else self.anywhere).add(pattern.tag)
        self.at_root |= self.anywhere
        scopes = {*self.private.values(), *(pattern.scope for pattern in self.wild)}
        self._goes_deeper = bool(self.anywhere) or self.all_private or "any" in scopes

    def run(self, root: Item) -> None:
        self._level(root, self.at_root, True)
        for pattern in self.others:
            _by_expression(root, pattern, "")

    def _level(self, item: Item, wanted: set[int], is_root: bool) -> None:
        doomed: Sequence[int]
        if self.wild or self.private:
            doomed = [tag for tag in item.tags() if tag in wanted or self._is_hit(item, tag, is_root)]
        elif self.all_private:
            doomed = [tag for tag in item.tags() if tag & 0x10000 or tag in wanted]
        else:
            doomed = item.among(wanted)
        item.remove_all(doomed)
        if self._goes_deeper:
            for tag in item.sequences():
                for inner in item.items(tag) or ():
                    self._level(inner, self.anywhere, False)

    def _is_hit(self, item: Item, tag: int, is_root: bool) -> bool:
        if not tag & 0x10000:
            return bool(self.wild) and self._is_wild_hit(tag, is_root)
        if self.all_private:
            return True
        if not self.private or is_creator(tag):
            return False
        creator = creator_of(item, tag)
        found = self.private.get((tag & 0xFFFF00FF, creator)) if creator is not None else None
        return found is not None and (is_root or found == "any")

    def _is_wild_hit(self, tag: int, is_root: bool) -> bool:
        known = self._wild_hits.get((tag, is_root))
        if known is None:
            digits = f"{tag:08x}"
            known = any(
                (is_root or one.scope == "any") and one.digits is not None and one.digits(digits) for one in self.wild
            )
            self._wild_hits[tag, is_root] = known
        return known


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
