"""Archive processors: what is done to objects that receivers with custom processing take. A new site has two."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin.room import room
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

REMAPPING = "org.nrg.xnat.processors.StudyRemappingArchiveProcessor"
CLASSES = ("org.nrg.xnat.processors.MizerArchiveProcessor", REMAPPING)
LISTS = ("scpWhitelist", "scpBlacklist", "projectIdsList")
SITE = "site"
_COMMON: dict[str, Any] = {"scope": SITE, "priority": 10, "parameters": {}, "enabled": True}
_FIRST = (
    {"label": "Site Anonymization", "location": "AfterAddedToPrearchiveDatabase", "processorClass": CLASSES[0]},
    {"label": "Remapping", "location": "AfterProjectSet", "processorClass": REMAPPING},
)


@room.at_start
def first_processors(site: Site) -> None:
    """Made once: what was deleted does not come back."""
    made = site.storage.value("SELECT 1 FROM sqlite_sequence WHERE name = 'processors'")
    for processor in () if made else _FIRST:
        make(site, _COMMON | processor)


def of_site(site: Site) -> list[dict[str, Any]]:
    """All that say that they are the site's, on or off."""
    rows = site.storage.rows("SELECT * FROM processors ORDER BY id")
    return [found for row in rows if (found := _shown(row)).get("scope") == SITE]


def find(site: Site, number: int) -> dict[str, Any] | None:
    row = site.storage.row("SELECT * FROM processors WHERE id = ?", number)
    return _shown(row) if row else None


def make(site: Site, facts: Mapping[str, Any]) -> int:
    now = site.clock.now()
    with site.storage.write() as db:
        made = db.execute(
            "INSERT INTO processors (document, created, changed) VALUES (?, ?, ?)", (json.dumps(facts), now, now)
        )
    return made.lastrowid or 0


def change(site: Site, number: int, facts: Mapping[str, Any]) -> bool:
    """False if all of it is so already."""
    with site.storage.write() as db:
        stored = db.execute("SELECT document FROM processors WHERE id = ?", (number,)).fetchone()
        before = {name: [] for name in LISTS} | (json.loads(stored[0]) if stored else {})
        if before | dict(facts) == before:
            return False
        db.execute(
            "UPDATE processors SET document = ?, changed = ? WHERE id = ?",
            (json.dumps(before | dict(facts)), site.clock.now(), number),
        )
    return True


def remove(site: Site, number: int) -> None:
    site.storage.change("DELETE FROM processors WHERE id = ?", number)


def is_for(processor: Mapping[str, Any], receiver: str) -> bool:
    """`receiver` is an AE title and a port, with a colon between them."""
    wanted = processor["scpWhitelist"]
    return receiver not in processor["scpBlacklist"] and (not wanted or receiver in wanted)


def _shown(row: Row) -> dict[str, Any]:
    return {
        **{name: [] for name in LISTS},
        **json.loads(row["document"]),
        "id": row["id"],
        "created": int(row["created"] * 1000),
        "timestamp": int(row["changed"] * 1000),
        "disabled": 0,
    }
