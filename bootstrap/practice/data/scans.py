"""What is kept of a scan, and how it is made, changed and deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import keeping, numbers, places, schema
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@dataclass(frozen=True)
class Scan:
    number: int  # of its row, unlike any other of the site
    session: str  # accession ID
    id: str
    type: str
    item: Item

    @property
    def label(self) -> str:
        return self.id

    @property
    def scan_type(self) -> str:
        """What kind of series it is, in somebody's words."""
        return self.item.fields.get("type", "")


def find(site: Site, session: str, scan: str) -> Scan | None:
    row = site.storage.row("SELECT * FROM scans WHERE session = ? AND id = ?", session, scan)
    return _scan(row) if row else None


def by_number(site: Site, number: int) -> Scan | None:
    row = site.storage.row("SELECT * FROM scans WHERE number = ?", number)
    return _scan(row) if row else None


def of_session(site: Site, session: str) -> list[Scan]:
    return [_scan(row) for row in site.storage.rows("SELECT * FROM scans WHERE session = ? ORDER BY number", session)]


def chosen(site: Site, session: str, asked: str) -> list[Scan]:
    """ALL, * or, with commas between them, IDs and scan types."""
    there = of_session(site, session)
    if asked in ("ALL", "*"):
        return there
    wanted = asked.replace("[SLASH]", "/").split(",")
    wanted = [one.replace("[COMMA]", ",") for one in wanted]
    return [scan for scan in there if scan.id in wanted or scan.scan_type in wanted]


def create(site: Site, session: Experiment, scan: str, type_name: str, said: Item) -> Scan:
    if not schema.is_id(scan):
        raise BadLabel(scan)
    said.fields |= {"ID": scan, "image_session_ID": session.id, "project": session.project}
    with site.storage.write() as db:
        number = numbers.take(db, types.SCAN)
        item = keeping.merged(site, Item(type_name, number=number), said)
        values = (number, session.id, scan, type_name, keeping.as_text(item))
        db.execute("INSERT INTO scans VALUES (?, ?, ?, ?, ?)", values)
    return Scan(number, session.id, scan, type_name, item)


def change(site: Site, scan: Scan, said: Item) -> Scan:
    with site.storage.write() as db:
        item = keeping.merged(site, scan.item, said)
        db.execute("UPDATE scans SET item = ? WHERE number = ?", (keeping.as_text(item), scan.number))
    return replace(scan, item=item)


def delete(site: Site, session: Experiment, several: Iterable[Scan]) -> None:
    """With their resources and files."""
    folder = places.of_experiment(site, session) / "SCANS"
    gone = list(several)
    with site.storage.write() as db:
        for scan in gone:
            db.execute("DELETE FROM resources WHERE kind = 'scan' AND owner = ?", (str(scan.number),))
            db.execute("DELETE FROM scans WHERE number = ?", (scan.number,))
    for scan in gone:
        shutil.rmtree(folder / places.name(scan.id), ignore_errors=True)


def _scan(row: Row) -> Scan:
    return Scan(**{**dict(row), "item": keeping.of_text(row["item"])})
