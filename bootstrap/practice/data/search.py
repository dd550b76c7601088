"""/data/search: searches by a document, at once or kept to be read page by page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bootstrap.practice import java_numbers
from bootstrap.practice.data import search_documents, search_subjects, tables
from bootstrap.practice.data.room import room
from bootstrap.practice.data.search_documents import Search, Shown
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.media import whole_body

_STATUS = "quarantine_status"
_ENTERED = ("INSERT_USER", "INSERT_DATE")
_LINKED = ("LABEL", "SUBJECT_LABEL", "SUBJECT_ID", "ID")
_KEPT = "/data/search/{CACHED_SEARCH_ID}"
Row = dict[str, str]


@room.post("/data/search")
def search(call: Call) -> Answer:
    try:
        wanted = search_documents.read(whole_body(call))
    except search_documents.NotASearch:
        return bodies.status_page(422)
    if not search_subjects.is_searchable(wanted.root):
        return bodies.status_page(403)
    shown = _known(wanted)
    rows, keys = _rows(call, wanted, shown)
    columns = [_column(wanted.root, one) for one in shown] or [{"key": _STATUS}]
    facts: dict[str, Any] = {"rootElementName": wanted.root, "Columns": columns, "totalRecords": str(len(rows))}
    if call.query.get("cache", "").lower() == "true":
        return tables.answer(call, list(rows[0]) if rows else (), [], total=False, **facts, ID=_keep(call, rows, keys))
    return tables.answer(call, _names(wanted, shown), rows, total=False, **facts)


@room.get(_KEPT)
def page(call: Call) -> Answer:
    """What was kept, and of each the ID as its key."""
    rows = _kept(call)
    columns = list(rows[0]) if rows else ()
    for name in reversed(call.query.get("sortBy", "").split(",")):
        if name in columns:
            rows.sort(key=lambda row: row[name], reverse=call.query.get("sortOrder", "").upper() == "DESC")
    offset = _number(call, "offset", 0)
    shown = rows[offset : offset + _number(call, "limit", len(rows))]
    return tables.answer(call, columns, shown, total=False, ID=call.parts["CACHED_SEARCH_ID"])


@room.get(_KEPT + "/{COLUMN}")
def values_of_a_column(call: Call) -> Answer:
    rows, column = _kept(call), call.parts["COLUMN"]
    if rows and column not in rows[0]:
        return bodies.status_page(500)
    counted = Counter(row[column] for row in rows)
    shown = [{"values": value, "count": str(many)} for value, many in sorted(counted.items())]
    kept = call.parts["CACHED_SEARCH_ID"]
    return tables.answer(call, ("values", "count"), shown, total=False, ID=kept, COLUMN=column)


@room.get("/data/search/saved")
def saved(call: Call) -> Answer:
    """None can be saved here."""
    return tables.answer(call, ("id", "brief_description", "root_element_name"), [], title="Stored Searches")


@room.get("/data/search/saved/{SEARCH_ID}")
def saved_one(_call: Call) -> Answer:
    return bodies.status_page(404)


def _known(wanted: Search) -> list[Shown]:
    """A field that there is not is passed over."""
    known = search_subjects.fields_of(wanted.root)
    return [one for one in wanted.shown if one.field.upper() in known]


def _names(wanted: Search, shown: Sequence[Shown]) -> list[str]:
    fields = [one.field for one in shown] + [search_subjects.id_field(wanted.root), *_ENTERED] if shown else []
    return [*dict.fromkeys(field.lower() for field in fields), _STATUS]


def _rows(call: Call, wanted: Search, shown: Sequence[Shown]) -> tuple[list[Row], list[str]]:
    """The rows that are found, and the ID of each."""
    names = _names(wanted, shown)[:-1]
    found = [one for one in search_subjects.everything(call, wanted.root) if wanted.where.holds(one.values)]
    rows = [{name: one.fields[name.upper()] for name in names} | {_STATUS: "active"} for one in found]
    return rows, [one.id for one in found]


def _column(root: str, one: Shown) -> dict[str, Any]:
    column: dict[str, Any] = {"key": one.field.lower()}
    field = search_subjects.id_field(root)
    if one.field.upper() in _LINKED:
        address = "/app/action/DisplayItemAction/search_value/@Field1/search_element"
        link = {"name": "HREF", "value": f"{address}/{root}/search_field/{root}.ID"}
        column |= {"clickable": "true", "linkProps": [link | {"inserts": [{"name": "Field1", "value": field.lower()}]}]}
    said = {"type": one.type, "xPATH": f"{root}.{one.field}", "element_name": one.element or root}
    return column | said | {"header": one.header, "id": one.field}


def _keep(call: Call, rows: Sequence[Row], keys: Sequence[str]) -> str:
    keyed = [row | {"key": key} for row, key in zip(rows, keys, strict=True)]
    with call.site.storage.write() as db:
        values = (call.caller.name, json.dumps(keyed))
        number = db.execute("INSERT INTO searches (username, document) VALUES (?, ?)", values).lastrowid
    return f"_{number}_{call.site.clock.millis()}"


def _kept(call: Call) -> list[Row]:
    """A Refusal for what nobody has kept."""
    number = java_numbers.long(call.parts["CACHED_SEARCH_ID"].removeprefix("_").partition("_")[0])
    sql = "SELECT document FROM searches WHERE id = ? AND username = ?"
    found = None if number is None else call.site.storage.value(sql, number, call.caller.name)
    if found is None:
        raise Refusal(bodies.status_page(500))
    rows: list[Row] = json.loads(found)
    return rows


def _number(call: Call, name: str, otherwise: int) -> int:
    text = call.query.get(name)
    if text is None:
        return otherwise
    number = java_numbers.integer(text)
    if number is None or number < 0:
        raise Refusal(bodies.status_page(422))
    return number
