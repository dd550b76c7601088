"""Records of what was done to things of the archive, and of what is being done: XNAT's workflows.

number = workflows.record(site, user, experiment, "Uploaded File")            it is done
number = workflows.begin(site, user, experiment, "dcm2niix", status="Queued") it goes on: nobody renames or merges
workflows.set_status(site, number, "Complete")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import keeping, numbers
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.subjects import Subject
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

COMPLETE, RUNNING = "Complete", "Running"
_ENDED = ("complete", "failed", "killed")


@dataclass(frozen=True)
class Workflow:
    number: int
    object: str  # accession ID of what it is about
    pipeline: str
    launched: str
    status: str
    item: Item
    username: str
    started: float

    @property
    def is_open(self) -> bool:
        return not self.status.lower().startswith(_ENDED)


def record(site: Site, user: str, thing: Experiment | Subject, pipeline: str, justification: str = "") -> int:
    return begin(site, user, thing, pipeline, justification, status=COMPLETE)


def begin(
    site: Site, user: str, thing: Experiment | Subject, pipeline: str, justification: str = "", *, status: str = RUNNING
) -> int:
    now = site.clock.now()
    said = {
        "ID": thing.id,
        "data_type": thing.type,
        "ExternalID": thing.project,
        "pipeline_name": pipeline,
        "launch_time": keeping.date(now),
        "status": status,
        "step_description": status,
        "category": "DATA",
        "type": "WEB_SERVICE",
        **({"justification": justification} if justification else {}),
    }
    with site.storage.write() as db:
        number = numbers.take(db, numbers.EVENT)
        item = Item(types.WORKFLOW, said, number=number, event=number, changed=now)
        _insert(site, Workflow(number, thing.id, pipeline, said["launch_time"], status, item, user, now))
    return number


def store(site: Site, user: str, said: Item) -> None:
    """What somebody says of a workflow of his own: of the three that make it one, it is a new one or changes."""
    fields, now = said.fields, site.clock.now()
    fields["launch_time"] = time(fields["launch_time"])
    with site.storage.write() as db:
        old = of_three(site, fields["ID"], fields["pipeline_name"], fields["launch_time"])
        if old:
            item = Item(types.WORKFLOW, old.item.fields | fields, number=old.number, changed=now)
            values = (fields.get("status", old.status), keeping.as_text(item), old.number)
            db.execute("UPDATE workflows SET status = ?, item = ? WHERE number = ?", values)
            return
        number = numbers.take(db, numbers.EVENT)
        item = Item(types.WORKFLOW, fields, number=number, changed=now)
        place = (fields["ID"], fields["pipeline_name"], fields["launch_time"])
        _insert(site, Workflow(number, *place, fields.get("status", ""), item, user, now))


def set_status(site: Site, number: int, status: str) -> None:
    with site.storage.write() as db:
        found = by_number(site, number)
        if found is None:
            return
        item = Item(types.WORKFLOW, found.item.fields | {"status": status, "step_description": status})
        item.number, item.event, item.changed = number, found.item.event, site.clock.now()
        values = (status, keeping.as_text(item), number)
        db.execute("UPDATE workflows SET status = ?, item = ? WHERE number = ?", values)


def by_number(site: Site, number: int) -> Workflow | None:
    row = site.storage.row("SELECT * FROM workflows WHERE number = ?", number)
    return _workflow(row) if row else None


def of_three(site: Site, accession: str, pipeline: str, launched: str) -> Workflow | None:
    row = site.storage.row(
        "SELECT * FROM workflows WHERE object = ? AND pipeline = ? AND launched = ?",
        *(accession, pipeline, time(launched)),
    )
    return _workflow(row) if row else None


def of(site: Site, accession: str) -> list[Workflow]:
    """The newest first."""
    rows = site.storage.rows("SELECT * FROM workflows WHERE object = ? ORDER BY number DESC", accession)
    return [_workflow(row) for row in rows]


def of_pipeline(site: Site, pipeline: str) -> list[Workflow]:
    rows = site.storage.rows("SELECT * FROM workflows WHERE pipeline = ? ORDER BY number DESC", pipeline)
    return [_workflow(row) for row in rows]


def open_one(site: Site, accession: str) -> Workflow | None:
    return next((one for one in of(site, accession) if one.is_open), None)


def time(text: str) -> str:
    """As the database writes it: with a fraction, if it has a time at all."""
    return f"{text}.0" if re.fullmatch(r"[\d-]+ [\d:]+", text) else text


def _insert(site: Site, new: Workflow) -> None:
    values = (new.number, new.object, new.pipeline, new.launched, new.status, keeping.as_text(new.item))
    site.storage.change("INSERT INTO workflows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *values, new.username, new.started)


def _workflow(row: Row) -> Workflow:
    return Workflow(**{**dict(row), "item": keeping.of_text(row["item"])})
