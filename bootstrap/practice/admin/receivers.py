"""/xapi/dicomscp: DICOM receivers. A site without any gets the default one at each start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import ADMIN, ANYBODY
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

DEFAULT = {
    "aeTitle": "XNAT",
    "port": 8104,
    "identifier": "dicomObjectIdentifier",
    "enabled": True,
    "customProcessing": False,
    "directArchive": False,
    "anonymizationEnabled": True,
    "whitelistEnabled": False,
    "whitelist": [],
    "routingExpressionsEnabled": False,
}


@room.at_start
def default_receiver(site: Site) -> None:
    if site.storage.value("SELECT 1 FROM receivers") is None:
        now = site.clock.now()
        site.storage.change(
            "INSERT INTO receivers (document, created, changed) VALUES (?, ?, ?)", json.dumps(DEFAULT), now, now
        )


@room.get("/xapi/dicomscp", ANYBODY)
def list_receivers(call: Call) -> Answer:
    return bodies.as_json(everything(call.site))


def everything(site: Site) -> list[dict[str, Any]]:
    """All that are configured, the oldest first."""
    return [_shown(row) for row in site.storage.rows("SELECT * FROM receivers ORDER BY id")]


@room.get("/xapi/dicomscp/{id}", ADMIN)
def one_receiver(call: Call) -> Answer:
    return bodies.as_json(_shown(_found(call)))


@room.get("/xapi/dicomscp/{id}/enabled", ADMIN)
def is_enabled(call: Call) -> Answer:
    return bodies.as_json(bool(_shown(_found(call))["enabled"]))


@room.put("/xapi/dicomscp/{id}/enabled/{flag}", ADMIN)
def set_enabled(call: Call) -> Answer:
    row, wanted = _found(call), parameters.boolean(call.parts["flag"])
    document = json.loads(row["document"])
    if document["enabled"] != wanted:
        changed = json.dumps(document | {"enabled": wanted})
        call.site.storage.change(
            "UPDATE receivers SET document = ?, changed = ? WHERE id = ?", changed, call.site.clock.now(), row["id"]
        )
    return bodies.as_json(_shown(_found(call)))


def _found(call: Call) -> Row:
    number = parameters.integer(call.parts["id"])
    row = call.site.storage.row("SELECT * FROM receivers WHERE id = ?", number)
    if row is None:
        raise Refusal(bodies.advice(404, f"DicomSCPInstance(id: {number})"))
    return row


def _shown(row: Row) -> dict[str, Any]:
    document = json.loads(row["document"])
    return {
        **document,
        "id": row["id"],
        "label": f"{document['aeTitle']}:{document['port']}",
        "created": int(row["created"] * 1000),
        "timestamp": int(row["changed"] * 1000),
        "disabled": 0,
    }
