"""/xapi/processors: archive processors. A new site has two."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN
from bootstrap.practice.http.call import Answer, Call

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_CLASSES = "org.nrg.xnat.processors"
_COMMON: dict[str, Any] = {
    "scope": "site",
    "scpWhitelist": [],
    "scpBlacklist": [],
    "priority": 10,
    "parameters": {},
    "projectIdsList": [],
    "enabled": True,
}
FIRST = (
    {
        "label": "Site Anonymization",
        "location": "AfterAddedToPrearchiveDatabase",
        "processorClass": f"{_CLASSES}.MizerArchiveProcessor",
    },
    {
        "label": "Remapping",
        "location": "AfterProjectSet",
        "processorClass": f"{_CLASSES}.StudyRemappingArchiveProcessor",
    },
)


@room.at_start
def first_processors(site: Site) -> None:
    """Made once: what was deleted does not come back."""
    made = site.storage.value("SELECT 1 FROM sqlite_sequence WHERE name = 'processors'")
    now = site.clock.now()
    for processor in () if made else FIRST:
        site.storage.change(
            "INSERT INTO processors (document, created, changed) VALUES (?, ?, ?)",
            json.dumps(_COMMON | processor),
            now,
            now,
        )


@room.get("/xapi/processors/site/list", ADMIN)
def list_processors(call: Call) -> Answer:
    return bodies.as_json(
        [
            {
                **json.loads(row["document"]),
                "id": row["id"],
                "created": int(row["created"] * 1000),
                "timestamp": int(row["changed"] * 1000),
                "disabled": 0,
            }
            for row in call.site.storage.rows("SELECT * FROM processors ORDER BY id")
        ]
    )
