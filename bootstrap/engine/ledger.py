"""What this tool applied to a server, as a document on the server: one per owner.

It holds tokens of values, never values. Only what it names may ever be deleted; one that is empty or cannot be
read names nothing. Every signed-in user of the XNAT can read it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bootstrap import __version__

FORMAT = "xnat-bootstrap/ledger"
VERSION = 1


class LedgerUnreadable(ValueError):
    """Why a ledger document cannot be used, in one sentence."""


@dataclass(frozen=True)
class Entry:
    tokens: Mapping[str, str]
    id: str | None = None
    protected: bool = False

    def as_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {"fields": dict(self.tokens)}
        if self.id is not None:
            document["id"] = self.id
        if self.protected:
            document["protected"] = True
        return document


@dataclass(frozen=True)
class Ledger:
    """`entries` is what was applied; `underway` what a run announced and, if it was cut, may have done."""

    owner: str = "default"
    entries: Mapping[str, Entry] = field(default_factory=dict)
    underway: frozenset[str] = frozenset()
    salt: str = ""
    ever_applied: bool = False
    anew: bool = False  # the one on the server could not be read, and was given up

    def owns(self, ref: str) -> bool:
        return ref in self.entries or ref in self.underway

    def salted(self) -> Ledger:
        return self if self.salt else replace(self, salt=secrets.token_hex(16))

    def announcing(self, refs: Iterable[str]) -> Ledger:
        return replace(self, underway=frozenset(refs))

    def with_entries(self, changed: Mapping[str, Entry], gone: Iterable[str] = ()) -> Ledger:
        entries = {ref: entry for ref, entry in self.entries.items() if ref not in set(gone)}
        return replace(self, entries={**entries, **changed})

    def id_of(self, *refs: str) -> str | None:
        """What the server calls the first of these things that has an id."""
        return next((self.entries[ref].id for ref in refs if ref in self.entries and self.entries[ref].id), None)

    def refs_of(self, kind: str) -> list[str]:
        prefix = kind + ":"
        return [ref for ref in {*self.entries, *self.underway} if ref.startswith(prefix)]

    def text(self) -> str:
        return json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "tool": __version__,
                "owner": self.owner,
                "salt": self.salt,
                "underway": sorted(self.underway),
                "entries": {ref: entry.as_json() for ref, entry in sorted(self.entries.items())},
            },
            separators=(",", ":"),
        )


def read_ledger(owner: str, text: str | None) -> Ledger:
    """The ledger that a text holds; an owner without one has an empty ledger."""
    if text is None:
        return Ledger(owner=owner)
    document = _document(text)
    try:
        return Ledger(
            owner=owner,
            entries={ref: _entry(entry) for ref, entry in document["entries"].items()},
            underway=frozenset(map(str, document.get("underway", ()))),
            salt=str(document["salt"]),
            ever_applied=True,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise LedgerUnreadable(f"it lacks a part that version {VERSION} of the format has: {error}") from error


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise LedgerUnreadable("it is not JSON") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise LedgerUnreadable(f"it is not of the format {FORMAT}")
    version = document.get("version")
    if version != VERSION:
        by = f"; it was written by xnat-bootstrap {document['tool']}" if document.get("tool") else ""
        raise LedgerUnreadable(f"it is of version {version}, and this tool reads version {VERSION}{by}")
    return document


def _entry(document: Mapping[str, Any]) -> Entry:
    return Entry(
        tokens={str(path): str(token) for path, token in document["fields"].items()},
        id=document.get("id"),
        protected=bool(document.get("protected", False)),
    )
