"""Numbers that the site gives out and never twice: of events, of groups, of rows."""

from __future__ import annotations

import sqlite3

EVENT, GROUP = "event", "group"


def take(db: sqlite3.Connection, kind: str, count: int = 1) -> int:
    """The first of so many."""
    db.execute("INSERT OR IGNORE INTO numbers VALUES (?, 0)", (kind,))
    db.execute("UPDATE numbers SET last = last + ? WHERE kind = ?", (count, kind))
    last = db.execute("SELECT last FROM numbers WHERE kind = ?", (kind,)).fetchone()[0]
    return int(last) - count + 1
