"""DICOM receivers: which are configured, and which of them run. A site without any gets the default one at each start.

What is configured is checked when a receiver is made (receiver_checks.py), and hardly when it is changed. A port starts
and stops as a whole; a receiver without a title, or a port that is none, makes it fail.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import preferences, site_config
from bootstrap.practice.admin.room import room
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

CYCLED = "receivers cycled"  # on the bus, with the port: its associations end
SWITCH = "enableDicomReceiver"
FIRST: dict[str, Any] = {
    "port": 0,
    "enabled": True,
    "customProcessing": False,
    "directArchive": False,
    "anonymizationEnabled": True,
    "whitelistEnabled": False,
    "whitelist": [],
    "routingExpressionsEnabled": False,
}
DEFAULT = FIRST | {"aeTitle": "XNAT", "port": 8104, "identifier": "dicomObjectIdentifier"}
_LARGEST_PORT = 65535
_log = logging.getLogger(__name__)


class PortFails(Exception):
    """The port of a receiver cannot be started or stopped; in Java's words."""


@room.at_start
def default_receiver(site: Site) -> None:
    if site.storage.value("SELECT 1 FROM receivers") is None:
        make(site, DEFAULT)
    site.storage.change("DELETE FROM running_receivers")
    _follow_the_switch(site, SWITCH)
    site.bus.on(site_config.CHANGED, lambda facts: _follow_the_switch(site, facts["name"]), after=None)


def everything(site: Site) -> list[dict[str, Any]]:
    """All that are configured, the oldest first."""
    return [_shown(row) for row in site.storage.rows("SELECT * FROM receivers ORDER BY id")]


def running(site: Site) -> list[dict[str, Any]]:
    rows = site.storage.rows(
        "SELECT receivers.* FROM receivers JOIN running_receivers USING (id) ORDER BY receivers.id"
    )
    return [_shown(row) for row in rows]


def find(site: Site, number: int) -> dict[str, Any] | None:
    row = site.storage.row("SELECT * FROM receivers WHERE id = ?", number)
    return _shown(row) if row else None


def at(site: Site, title: Any, port: int) -> dict[str, Any] | None:
    return next((one for one in everything(site) if one.get("aeTitle") == title and one["port"] == port), None)


def make(site: Site, facts: Mapping[str, Any]) -> int:
    now = site.clock.now()
    with site.storage.write() as db:
        made = db.execute(
            "INSERT INTO receivers (document, created, changed) VALUES (?, ?, ?)", (json.dumps(facts), now, now)
        )
        return int(made.lastrowid or 0)


def change(site: Site, number: int, facts: Mapping[str, Any]) -> None:
    """What is not among `facts` stays as it is."""
    with site.storage.write() as db:
        document = json.loads(db.execute("SELECT document FROM receivers WHERE id = ?", (number,)).fetchone()[0])
        db.execute(
            "UPDATE receivers SET document = ?, changed = ? WHERE id = ?",
            (json.dumps(document | dict(facts)), site.clock.now(), number),
        )


def remove(site: Site, number: int) -> None:
    site.storage.change("DELETE FROM receivers WHERE id = ?", number)


def start_all(site: Site) -> list[dict[str, Any]]:
    """Each port that an enabled receiver has, unless the site receives nothing; all that run then."""
    if not preferences.boolean(site, SWITCH):
        return []
    for port in sorted({one["port"] for one in everything(site) if one["enabled"]}):
        cycle(site, port)
    return running(site)


def stop_all(site: Site) -> list[dict[str, Any]]:
    """All that ran."""
    stopped = running(site)
    for port in {one["port"] for one in stopped}:
        stop(site, port)
    return stopped


def cycle(site: Site, port: int) -> None:
    """Stop a port, and start it with all receivers of it that are enabled."""
    stop(site, port)
    for one in everything(site):
        if one["port"] == port and one["enabled"]:
            site.storage.change("INSERT OR IGNORE INTO running_receivers VALUES (?)", one["id"])


def stop(site: Site, port: int) -> None:
    check_port(site, port)
    for one in running(site):
        if one["port"] == port:
            site.storage.change("DELETE FROM running_receivers WHERE id = ?", one["id"])
    site.bus.tell(CYCLED, port=port)


def check_port(site: Site, port: int) -> None:
    if not 0 <= port <= _LARGEST_PORT:
        raise PortFails(f"port out of range:{port}")
    if any(one["port"] == port and one.get("aeTitle") is None for one in everything(site)):
        raise PortFails("null")


def _follow_the_switch(site: Site, name: str) -> None:
    if name == SWITCH:
        try:
            (start_all if preferences.boolean(site, SWITCH) else stop_all)(site)
        except PortFails as failure:
            _log.warning("the DICOM receivers do not start or stop: %s", failure)


def _shown(row: Row) -> dict[str, Any]:
    document = json.loads(row["document"])
    title = document.get("aeTitle")
    return {
        **document,
        "id": row["id"],
        "label": f"{'null' if title is None else title}:{document['port']}",
        "created": int(row["created"] * 1000),
        "timestamp": int(row["changed"] * 1000),
        "disabled": 0,
    }
