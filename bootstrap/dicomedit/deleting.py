"""Deleting by path, and many paths in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bootstrap.dicomedit.dictionary import is_creator, is_private
from bootstrap.dicomedit.editing import creator_of
from bootstrap.dicomedit.holding import Item
from bootstrap.dicomedit.matching import Pattern, compile_pattern, written
from bootstrap.dicomedit.nodes import TagPath

_MOST_KNOWN = 20_000


def delete(root: Item, path: TagPath) -> None:
    Deletion([compile_pattern(path)]).run(root)


def delete_private(item: Item) -> None:
    """Every element of an odd group, at every depth."""
    item.remove_all([tag for tag in item.tags() if tag & 0x10000])
    for tag in item.sequences():
        for inner in item.items(tag) or ():
            delete_private(inner)


class _Known(dict[int, bool]):
    """Which tags go, as far as that was asked. It does not grow without end: a file may hold any tags."""

    def __init__(self, goes: Callable[[int], bool]) -> None:
        super().__init__()
        self._goes = goes

    def __missing__(self, tag: int) -> bool:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        goes = self[tag] = self._goes(tag)
        return goes


class Deletion:
    """Deletes that follow each other, as one pass. The order does not count: creators stay, so each still matches."""

    def __init__(self, patterns: Iterable[Pattern], all_private: bool = False) -> None:
        self._all_private = all_private
        self._at_root: set[int] = set()
        self._anywhere: set[int] = set()
        self._private: dict[tuple[int, str], str] = {}  # (group and last digits, creator) -> scope
        self._wild: list[Pattern] = []
        self._others: list[Pattern] = []
        for pattern in patterns:
            self._sort_in(pattern)
        self._at_root |= self._anywhere
        scopes = {*self._private.values(), *(pattern.scope for pattern in self._wild)}
        self._goes_deeper = bool(self._anywhere) or all_private or "any" in scopes
        self._asks_each = bool(self._wild or self._private or all_private)
        self._known_at_root = _Known(lambda tag: self._goes(tag, True))
        self._known_below = _Known(lambda tag: self._goes(tag, False))

    def _sort_in(self, pattern: Pattern) -> None:
        if pattern.digits is not None:
            self._wild.append(pattern)
        elif pattern.scope == "path":
            self._others.append(pattern)
        elif pattern.creator is not None:
            key = (pattern.tag & 0xFFFF00FF, pattern.creator)
            self._private[key] = "any" if "any" in (self._private.get(key), pattern.scope) else "root"
        else:
            (self._at_root if pattern.scope == "root" else self._anywhere).add(pattern.tag)

    def run(self, root: Item) -> None:
        self._level(root, True)
        for pattern in self._others:
            _by_expression(root, pattern, "")

    def _level(self, item: Item, is_root: bool) -> None:
        item.remove_all(self._doomed(item, is_root))
        if self._goes_deeper:
            for tag in item.sequences():
                for inner in item.items(tag) or ():
                    self._level(inner, False)

    def _doomed(self, item: Item, is_root: bool) -> Sequence[int]:
        if not self._asks_each:
            return item.among(self._at_root if is_root else self._anywhere)
        known = self._known_at_root if is_root else self._known_below
        if not self._private or self._all_private:
            return [tag for tag in item.tags() if known[tag]]
        return [tag for tag in item.tags() if known[tag] or (tag & 0x10000 and self._is_named(item, tag, is_root))]

    def _goes(self, tag: int, is_root: bool) -> bool:
        """Whatever else the object holds: all that counts but creators."""
        if tag & 0x10000:
            return self._all_private
        digits = f"{tag:08x}"
        return tag in (self._at_root if is_root else self._anywhere) or any(
            (is_root or one.scope == "any") and one.digits is not None and one.digits(digits) for one in self._wild
        )

    def _is_named(self, item: Item, tag: int, is_root: bool) -> bool:
        creator = None if is_creator(tag) else creator_of(item, tag)
        found = self._private.get((tag & 0xFFFF00FF, creator)) if creator is not None else None
        return found is not None and (is_root or found == "any")


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
