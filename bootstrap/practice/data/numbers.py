"""Numbers that the site gives out and never twice: of events, of groups, of rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

EVENT, GROUP = "event", "group"


def take(db: sqlite3.Connection, kind: str, count: int = 1) -> int:
    """The first of so many."""
    db.execute("INSERT OR IGNORE INTO numbers VALUES (?, 0)", (kind,))
    db.execute("UPDATE numbers SET last = last + ? WHERE kind = ?", (count, kind))
    last = db.execute("SELECT last FROM numbers WHERE kind = ?", (kind,)).fetchone()[0]
    return int(last) - count + 1


def accession(site: Site, kind: str, letter: str, is_taken: Callable[[str], object]) -> str:
    """The next ID of its kind: the site's ID, as it was at the start and without what an ID cannot have, and a number.

    It is used up also if nothing comes of it.
    """
    prefix = re.sub(r"[ \"'^]", "", site.realm).replace("-", "_")
    with site.storage.write() as db:
        while is_taken(found := f"{prefix}_{letter}{take(db, kind):05}"):
            continue
    return found
