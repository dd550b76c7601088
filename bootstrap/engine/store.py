"""Our two documents on the server: the ledger (one per owner) and the lock, in XNAT's config service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bootstrap.engine.ledger import Ledger, LedgerUnreadable, read_ledger
from bootstrap.errors import BootstrapError, OutcomeUnknown, ServerFailed
from bootstrap.xnat.client import Client

TOOL = "/data/config/xnat-bootstrap"
_LEDGER = "ledger/"
_TRIES = 3


@dataclass(frozen=True)
class Row:
    path: str
    contents: str
    version: str
    status: str
    created: datetime


class Store:
    def __init__(self, client: Client) -> None:
        self._client = client

    def ledger(self, owner: str, start_anew: bool = False) -> Ledger:
        rows = self._rows(f"{TOOL}/{_LEDGER}{owner}", f"reading the ledger of the owner `{owner}`")
        try:
            return read_ledger(owner, rows[-1].contents if rows else None)
        except LedgerUnreadable as error:
            if start_anew:
                return Ledger(owner=owner, anew=True)
            raise BootstrapError(
                f"the ledger of the owner `{owner}` on the server cannot be used: {error}",
                hint="if a newer xnat-bootstrap wrote it, use that one; else `apply --allow new-ledger` starts a new "
                "ledger (it will not know what older runs made)",
            ) from error

    def foreign(self, owner: str) -> dict[str, str]:
        """What other owners' ledgers name: ref to owner. A ledger that cannot be read names nothing."""
        newest: dict[str, Row] = {}
        for row in self._rows(TOOL, "reading the other owners' ledgers"):
            if row.path.startswith(_LEDGER) and row.path != _LEDGER + owner:
                newest[row.path] = row
        found: dict[str, str] = {}
        for path, row in newest.items():
            other = path.removeprefix(_LEDGER)
            found |= dict.fromkeys(_names(other, row.contents), other)
        return found

    def save_ledger(self, ledger: Ledger) -> None:
        # Unversioned: the ledger of a big site is large, and its history says nothing that the journal does not.
        path, text = f"{TOOL}/{_LEDGER}{ledger.owner}", ledger.text()
        self._put(path, text, "saving the ledger", {"inbody": "true", "unversioned": "true"})

    def lock_rows(self) -> list[Row]:
        return self._rows(f"{TOOL}/lock", "reading the lock", {"action": "getHistory"})

    def write_lock(self, text: str) -> None:
        self._put(f"{TOOL}/lock", text, "writing the lock", {"inbody": "true"})

    def _put(self, path: str, text: str, doing: str, params: Mapping[str, str]) -> None:
        """A write that may have happened is looked up before it is sent again."""
        for remaining in range(_TRIES - 1, -1, -1):
            try:
                self._client.write("PUT", path, doing=doing, text=text, params=params, bookkeeping=True)
            except (OutcomeUnknown, ServerFailed):
                if any(row.contents == text for row in self._rows(path, doing, {"action": "getHistory"})):
                    return
                if not remaining:
                    raise
            else:
                return

    def _rows(self, path: str, doing: str, params: Mapping[str, str] | None = None) -> list[Row]:
        """Rows in the order in which they were written."""
        query = {"format": "json", **(params or {})}
        answer = self._client.read_json(path, doing=doing, params=query, absent_ok=True)
        rows = answer["ResultSet"]["Result"] if answer else []
        return sorted((_row(row) for row in rows), key=lambda row: (row.created, row.version))


def _names(owner: str, text: str) -> frozenset[str]:
    try:
        ledger = read_ledger(owner, text)
    except LedgerUnreadable:
        return frozenset()
    return ledger.underway | set(ledger.entries)


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        path=str(row["path"]),
        contents=str(row.get("contents", "")),
        version=str(row.get("version", "")).rjust(10, "0"),
        status=str(row.get("status", "")),
        created=server_time(str(row["create_date"])),
    )


def server_time(text: str) -> datetime:
    """XNAT writes `2026-11-26 10:04:45.51`: its own local time, with the last noughts left out."""
    moment, _, fraction = text.partition(".")
    return datetime.strptime(f"{moment}.{(fraction or '0')[:6].ljust(6, '0')}", "%Y-%m-%d %H:%M:%S.%f")
