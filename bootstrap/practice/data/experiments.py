"""What is kept of an experiment - a session, or an assessor of one - and how it is made, changed, renamed, deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import keeping, news, numbers, places, projects, schema
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.news import News
from bootstrap.practice.data.subjects import BadLabel
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

ACTIVE, QUARANTINE = "active", "quarantine"
_NUMBERED = "experiment"
_COLUMNS = "id, project, subject, session, label, type, arc, status, item, created, created_by"
_INSERT = f"INSERT INTO experiments ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Experiment:
    id: str  # the accession ID
    project: str
    subject: str  # accession ID
    session: str  # accession ID of the session that it assesses; '' for sessions
    label: str
    type: str
    arc: str  # the folder of the project that its own is in
    status: str
    item: Item
    created: float
    created_by: str

    @property
    def is_session(self) -> bool:
        return type_ancestry.is_a(self.type, types.SESSION)

    @property
    def is_assessor(self) -> bool:
        return type_ancestry.is_a(self.type, types.ASSESSOR)


def by_id(site: Site, accession: str) -> Experiment | None:
    row = site.storage.row("SELECT * FROM experiments WHERE id = ?", accession)
    return _experiment(row) if row else None


def by_label(site: Site, project: str, label: str) -> Experiment | None:
    row = site.storage.row("SELECT * FROM experiments WHERE project = ? AND label = ?", project, label)
    return _experiment(row) if row else None


def in_project(site: Site, project: str) -> list[Experiment]:
    return _experiments(site, "project = ?", project)


def of_subject(site: Site, subject: str) -> list[Experiment]:
    return _experiments(site, "subject = ?", subject)


def assessors_of(site: Site, session: str) -> list[Experiment]:
    return _experiments(site, "session = ?", session)


def everything(site: Site) -> list[Experiment]:
    return _experiments(site, "1")


def create(site: Site, user: str, made: Experiment, said: Item) -> Experiment:
    """Under the ID that is said, or under the next one. `made` says where it belongs."""
    if not schema.is_id(made.label):
        raise BadLabel(made.label)
    project = projects.find(site, made.project)
    accession = said.fields.get("ID") or numbers.accession(site, _NUMBERED, "E", lambda taken: by_id(site, taken))
    with site.storage.write() as db:
        now = site.clock.now()
        new = replace(
            made,
            id=accession,
            arc=made.arc or (project.current_arc if project else places.FIRST_ARC),
            status=QUARANTINE if project and project.quarantine_code == 1 else ACTIVE,
            created=now,
            created_by=user,
        )
        new = replace(new, item=keeping.merged(site, new.item, _with_place(new, said)))
        db.execute(_INSERT, _values(new))
    return new


def change(site: Site, experiment: Experiment, said: Item) -> Experiment:
    """The fields that are said, and its subject if that is one of them."""
    with site.storage.write() as db:
        item = keeping.merged(site, experiment.item, said)
        subject = item.fields.get("subject_ID", experiment.subject)
        db.execute(
            "UPDATE experiments SET item = ?, subject = ? WHERE id = ?",
            (keeping.as_text(item), subject, experiment.id),
        )
    return replace(experiment, item=item, subject=subject)


def rename(site: Site, experiment: Experiment, label: str) -> None:
    """Its folder too; what stands in the headers of its files stays."""
    if not schema.is_id(label):
        raise BadLabel(label)
    before = places.of_experiment(site, experiment)
    with site.storage.write() as db:
        item = keeping.merged(site, experiment.item, Item(experiment.type, {"label": label}))
        renamed = replace(experiment, label=label, item=item)
        db.execute(
            "UPDATE experiments SET label = ?, item = ? WHERE id = ?", (label, keeping.as_text(item), experiment.id)
        )
        if not experiment.is_assessor:
            _move(before, places.of_experiment(site, renamed))


def move(site: Site, experiment: Experiment, project: str) -> None:
    """To another project, with its assessors and its files."""
    before = places.of_experiment(site, experiment)
    with site.storage.write() as db:
        for one in (experiment, *assessors_of(site, experiment.id)):
            item = keeping.merged(site, one.item, Item(one.type, {"project": project}))
            db.execute(
                "UPDATE experiments SET project = ?, item = ? WHERE id = ?", (project, keeping.as_text(item), one.id)
            )
        _move(before, places.of_experiment(site, replace(experiment, project=project)))


def delete(site: Site, user: str, experiment: Experiment, *, remove_files: bool) -> None:
    """With its assessors, scans and resources."""
    gone = [*assessors_of(site, experiment.id), experiment]
    folder = places.of_experiment(site, experiment)
    with site.storage.write() as db:
        for one in gone:
            db.execute("DELETE FROM resources WHERE kind = 'experiment' AND owner = ?", (one.id,))
            db.execute("DELETE FROM experiments WHERE id = ?", (one.id,))
        for kind, table in (("scan", "scans"), ("reconstruction", "reconstructions")):
            db.execute(
                f"DELETE FROM resources WHERE kind = '{kind}' AND owner IN "
                f"(SELECT CAST(number AS TEXT) FROM {table} WHERE session = ?)",
                (experiment.id,),
            )
            db.execute(f"DELETE FROM {table} WHERE session = ?", (experiment.id,))
    if remove_files:
        shutil.rmtree(folder, ignore_errors=True)
    news.tell(site, [News(news.DELETED, one, one.project, user) for one in gone])


def new_session(project: str, subject: str, label: str, type_name: str) -> Experiment:
    """What `create` makes a session of."""
    return Experiment("", project, subject, "", label, type_name, "", ACTIVE, Item(type_name), 0.0, "")


def new_assessor(session: Experiment, label: str, type_name: str) -> Experiment:
    bare = new_session(session.project, session.subject, label, type_name)
    return replace(bare, session=session.id, arc=session.arc)


def _with_place(new: Experiment, said: Item) -> Item:
    places_of_it = {"ID": new.id, "project": new.project, "label": new.label}
    if new.session:
        places_of_it["imageSession_ID"] = new.session
    elif new.subject:
        places_of_it["subject_ID"] = new.subject
    said.fields |= places_of_it
    return said


def _move(before: Path, after: Path) -> None:
    if before.is_dir():
        after.parent.mkdir(parents=True, exist_ok=True)
        before.rename(after)


def _experiments(site: Site, condition: str, *values: str) -> list[Experiment]:
    rows = site.storage.rows(f"SELECT * FROM experiments WHERE {condition} ORDER BY id", *values)
    return [_experiment(row) for row in rows]


def _values(new: Experiment) -> Sequence[object]:
    return (
        *(new.id, new.project, new.subject, new.session, new.label, new.type, new.arc, new.status),
        *(keeping.as_text(new.item), new.created, new.created_by),
    )


def _experiment(row: Row) -> Experiment:
    facts = dict(row)
    return Experiment(**facts | {"item": Item.of_document(json.loads(facts["item"]))})
