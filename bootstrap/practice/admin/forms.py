"""Custom forms: what each is about, to what it applies, and whether it is switched on there.

A form is a row, and so is each site or project that it applies to; both numbers together name the second kind.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.practice import java_numbers
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TABLES = """
CREATE TABLE forms (id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, builder TEXT NOT NULL,
    position INTEGER NOT NULL, path TEXT NOT NULL, username TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE forms_applied (form INTEGER NOT NULL REFERENCES forms (id) ON DELETE CASCADE, place INTEGER NOT NULL,
    entity TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (form, place), UNIQUE (form, entity))
"""
SITE = "Site"
NEW = "-1_-1"


@dataclass(frozen=True)
class Form:
    id: int
    uuid: str
    builder: Mapping[str, Any]
    position: int
    path: str
    username: str
    created: float
    applied: Sequence[Row]

    @property
    def is_of_site(self) -> bool:
        return any(row["entity"] == SITE for row in self.applied)

    @property
    def projects(self) -> list[str]:
        return [row["entity"] for row in self.applied if row["entity"] != SITE]

    def shown(self) -> dict[str, Any]:
        return {
            "appliesToList": [
                {
                    "entityId": row["entity"],
                    "idCustomVariableFormAppliesTo": f"{self.id}_{row['place']}",
                    "status": "enabled" if row["enabled"] else "disabled",
                }
                for row in self.applied
            ],
            "contents": json.dumps(self.builder, ensure_ascii=False, separators=(",", ":")),
            "formId": str(self.id),
            "formUUID": self.uuid,
            "formDisplayOrder": self.position,
            "path": self.path,
            "scope": SITE if self.is_of_site else "Project",
            "doProjectsShareForm": len(self.projects) > 1,
            "username": self.username,
            "dateCreated": int(self.created * 1000),
            "hasData": False,  # no form can be filled in here
        }


def everything(site: Site) -> list[Form]:
    return [_form(site, row) for row in site.storage.rows("SELECT * FROM forms ORDER BY id")]


def by_uuid(site: Site, wanted: str) -> Form | None:
    row = site.storage.row("SELECT * FROM forms WHERE uuid = ?", wanted)
    return _form(site, row) if row else None


def applied(site: Site, asked: str) -> tuple[Form, Row] | None:
    """What two numbers name, as in 3_2."""
    form, _, place = asked.partition("_")
    if java_numbers.long(place) is None or java_numbers.long(form) is None:
        return None
    row = site.storage.row("SELECT * FROM forms WHERE id = ?", int(form))
    found = _form(site, row) if row else None
    return next(((found, one) for one in found.applied if one["place"] == int(place)), None) if found else None


def make(site: Site, user: str, builder: Mapping[str, Any], position: int, path: str, entities: Sequence[str]) -> Form:
    made, now = str(uuid.uuid4()), site.clock.now()
    with site.storage.write() as db:
        number = db.execute(
            "INSERT INTO forms (uuid, builder, position, path, username, created) VALUES (?, ?, ?, ?, ?, ?)",
            (made, _in_order(builder), position, path, user, now),
        ).lastrowid
        for entity in dict.fromkeys(entities):
            values = (number, _place(site, entity, path), entity)
            db.execute("INSERT INTO forms_applied (form, place, entity) VALUES (?, ?, ?)", values)
        return _form(site, db.execute("SELECT * FROM forms WHERE id = ?", (number,)).fetchone())


def change(site: Site, form: Form, builder: Mapping[str, Any], position: int) -> None:
    site.storage.change(
        "UPDATE forms SET builder = ?, position = ? WHERE id = ?", _in_order(builder), position, form.id
    )


def move(site: Site, form: Form, position: int) -> None:
    site.storage.change("UPDATE forms SET position = ? WHERE id = ?", position, form.id)


def switch(site: Site, form: Form, place: int, *, on: bool) -> None:
    site.storage.change("UPDATE forms_applied SET enabled = ? WHERE form = ? AND place = ?", on, form.id, place)


def remove(site: Site, form: Form, place: int) -> None:
    """From there; the form itself when it applies to nothing any more."""
    with site.storage.write() as db:
        db.execute("DELETE FROM forms_applied WHERE form = ? AND place = ?", (form.id, place))
        db.execute("DELETE FROM forms WHERE id = ? AND id NOT IN (SELECT form FROM forms_applied)", (form.id,))


def _place(site: Site, entity: str, path: str) -> int:
    """The number of a site or project for one data type: that which it has, or the next."""
    same = "SELECT place FROM forms_applied JOIN forms ON form = id WHERE entity = ? AND path = ?"
    found = site.storage.value(same, entity, path)
    return int(found or site.storage.value("SELECT coalesce(max(place), 0) + 1 FROM forms_applied"))


def _in_order(builder: Mapping[str, Any]) -> str:
    """As the database of an XNAT orders members: short names first."""
    return json.dumps(_sorted(builder))


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: (len(name.encode("utf-8", "surrogatepass")), name))
        return {name: _sorted(value[name]) for name in names}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _form(site: Site, row: Row) -> Form:
    applied_to = site.storage.rows("SELECT * FROM forms_applied WHERE form = ? ORDER BY place", row["id"])
    return Form(**{**dict(row), "builder": json.loads(row["builder"]), "applied": applied_to})
