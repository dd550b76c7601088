"""What is kept of a reconstruction of a session."""

from __future__ import annotations

import shutil
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
class Reconstruction:
    number: int
    session: str  # accession ID
    id: str
    item: Item

    @property
    def label(self) -> str:
        return self.id

    @property
    def type(self) -> str:
        return types.RECONSTRUCTION


def find(site: Site, session: str, asked: str) -> Reconstruction | None:
    row = site.storage.row("SELECT * FROM reconstructions WHERE session = ? AND id = ?", session, asked)
    return _reconstruction(row) if row else None


def by_number(site: Site, number: int) -> Reconstruction | None:
    row = site.storage.row("SELECT * FROM reconstructions WHERE number = ?", number)
    return _reconstruction(row) if row else None


def of_session(site: Site, session: str) -> list[Reconstruction]:
    rows = site.storage.rows("SELECT * FROM reconstructions WHERE session = ? ORDER BY number", session)
    return [_reconstruction(row) for row in rows]


def create(site: Site, session: Experiment, label: str, said: Item) -> Reconstruction:
    if not schema.is_id(label):
        raise BadLabel(label)
    said.fields |= {"ID": label, "image_session_ID": session.id, "project": session.project}
    with site.storage.write() as db:
        number = numbers.take(db, types.RECONSTRUCTION)
        item = keeping.merged(site, Item(types.RECONSTRUCTION, number=number), said)
        values = (number, session.id, label, keeping.as_text(item))
        db.execute("INSERT INTO reconstructions VALUES (?, ?, ?, ?)", values)
    return Reconstruction(number, session.id, label, item)


def change(site: Site, reconstruction: Reconstruction, said: Item) -> Reconstruction:
    with site.storage.write() as db:
        item = keeping.merged(site, reconstruction.item, said)
        values = (keeping.as_text(item), reconstruction.number)
        db.execute("UPDATE reconstructions SET item = ? WHERE number = ?", values)
    return replace(reconstruction, item=item)


def delete(site: Site, session: Experiment, gone: Reconstruction) -> None:
    with site.storage.write() as db:
        db.execute("DELETE FROM resources WHERE kind = 'reconstruction' AND owner = ?", (str(gone.number),))
        db.execute("DELETE FROM reconstructions WHERE number = ?", (gone.number,))
    folder = places.of_experiment(site, session) / "PROCESSED" / places.name(gone.id)
    shutil.rmtree(folder, ignore_errors=True)


def _reconstruction(row: Row) -> Reconstruction:
    return Reconstruction(**{**dict(row), "item": keeping.of_text(row["item"])})
