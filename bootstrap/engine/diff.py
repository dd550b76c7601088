"""One thing, three ways: what the file wants, what the server has, what was last applied. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.engine.ledger import Entry
from bootstrap.engine.plan import FieldChange, Moved
from bootstrap.engine.tokens import Sealer
from bootstrap.kinds.kind import UNREADABLE, Fields
from bootstrap.values import MASK, masked, secrets_in

NOT_TOLD = "(not told by the server)"


@dataclass(frozen=True)
class Comparison:
    """The three ways of one thing; `sealer` carries the ledger's salt, so that its tokens can be compared."""

    ref: str
    wanted: Fields
    current: Fields | None
    applied: Entry | None
    sealer: Sealer

    def changes(self, ignore: frozenset[str] = frozenset()) -> list[FieldChange]:
        return [change for path in sorted(self.wanted) if path not in ignore for change in self._field(path)]

    def _field(self, path: str) -> list[FieldChange]:
        after = self.wanted[path]
        if self.current is None:
            if after is None:
                return []  # there is nothing, and nothing is wanted
            return [FieldChange(path, None, shown(after), self._moved_when_absent())]
        before = self.current.get(path)
        if not self._differs(path, before, after):
            return []
        moved = self._moved(path, before, after)
        told = NOT_TOLD if before is UNREADABLE and not holds_secret(after) else shown(before)
        return [FieldChange(path + inner, old, new, moved) for inner, old, new in parts(told, shown(after))]

    def _differs(self, path: str, before: Any, after: Any) -> bool:
        if before is UNREADABLE:
            return self._last(path) != self._token(path, after)
        return bool(before != after)

    def _moved_when_absent(self) -> Moved:
        return "new" if self.applied is None else "server"

    def _moved(self, path: str, before: Any, after: Any) -> Moved:
        last = self._last(path)
        if last is None:
            return "new"
        if before is UNREADABLE or last == self._token(path, before):
            return "file"
        return "server" if last == self._token(path, after) else "both"

    def _last(self, path: str) -> str | None:
        return self.applied.tokens.get(path) if self.applied else None

    def _token(self, path: str, value: Any) -> str:
        return self.sealer.token(f"{self.ref}|{path}", value)


def shown(value: Any) -> Any:
    """A value as plans and reports may hold it."""
    if value is UNREADABLE:
        return MASK
    return masked(value)


def parts(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """Where two values differ: maps are gone into, everything else is one part."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found = []
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key) or (key in before) != (key in after):
                inner = parts(before.get(key), after.get(key))
                found += [(f".{key}{path}", old, new) for path, old, new in inner]
        return found or [("", before, after)]
    return [("", before, after)]


def holds_secret(value: Any) -> bool:
    return value is UNREADABLE or any(True for _secret in secrets_in(value))
