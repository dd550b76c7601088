"""What the prearchive shows: the table of sessions, and of one its document, scans, resources, files and log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bootstrap.practice.data import addresses, experiment_types, file_routes, item_xml, projects, rights, tables
from bootstrap.practice.data.files import File
from bootstrap.practice.data.incoming import prearchive
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.incoming.routing import UNASSIGNED
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.resources import Facts
from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

COLUMNS = (
    *("project", "timestamp", "lastmod", "uploaded", "scan_date", "scan_time", "subject", "folderName", "name"),
    *("tag", "status", "url", "autoarchive", "prevent_anon", "prevent_auto_commit", "SOURCE", "VISIT", "PROTOCOL"),
    "TIMEZONE",
)
ONE = "/data/prearchive/projects/{PROJECT_ID}/{SESSION_TIMESTAMP}/{SESSION_LABEL}"
_SCANS, _SCAN = f"{ONE}/scans", f"{ONE}/scans/{{SCAN_ID}}"
_NO_DOCUMENT = (
    "The named session exists, but its XNAT session document is not available. "
    "The session is likely invalid or incomplete."
)
_NO_RESOURCE = "Unable to locate prearc resource."


@room.get("/data/prearchive")
def every(call: Call) -> Answer:
    """`/projects` behind it means the same. An administrator of data may ask for a study."""
    tag = call.query.get("tag")
    if tag and not rights.sees_all_data(call.site, call.caller):
        return bodies.status_page(404)
    found = [one for one in prearchive.everything(call.site) if tag in (None, one.tag) and not one.direct]
    return table(call, [one for one in found if may_see(call, one.project)])


@room.get("/data/prearchive/projects/{PROJECT_ID}")
def of_projects(call: Call) -> Answer:
    """Several, with commas between them."""
    found = []
    for name in call.parts["PROJECT_ID"].split(","):
        if name != UNASSIGNED:
            project = addresses.visible(call, name)
            if project is None:
                return bodies.status_page(404)
            name = project.id
        found += [one for one in prearchive.in_project(call.site, name) if not one.direct]
    return table(call, found)


@room.get(ONE)
def show(call: Call) -> Answer:
    """Its document, or its row."""
    found = session(call)
    if call.tail.startswith("/logs"):
        return _log(call, found)
    if call.query.get("format") in ("json", "csv"):
        return table(call, [found] if found else [])
    if found is None:
        return bodies.status_page(404)
    item = found.session
    return Answer(200, item_xml.write(item), "text/xml") if item else bodies.status_page(404, _NO_DOCUMENT)


@room.get(_SCANS)
def scans(call: Call) -> Answer:
    columns = ("ID", "xsiType", "series_description")
    rows = [
        {"ID": one.fields["ID"], "xsiType": one.type, "series_description": one.fields.get("series_description", "")}
        for one in _scans(call)
    ]
    return tables.answer(call, columns, rows, total=False)


@room.get(f"{_SCAN}/resources")
def resources(call: Call) -> Answer:
    columns = ("label", "file_count", "file_size")
    below = _scan(call).children.get(experiment_types.FILES, [])
    rows = [{name: one.fields.get(name, "") for name in columns} for one in below]
    return tables.answer(call, columns, rows, total=False)


@room.get(f"{_SCAN}/resources/{{RESOURCE_ID}}/files")
def files(call: Call) -> Answer:
    """A list, or one of them."""
    scan, found = _scan(call).fields["ID"], _found(call)
    folder = prearchive.folder(call.site, found) / "SCANS" / scan
    there = sorted(one for one in folder.glob("*/*") if one.is_file() and not one.name.startswith("."))
    if name := file_routes.asked_path(call):
        place = next((one for one in there if one.name == name), None)
        return file_routes.sent(call, _file(place)) if place else bodies.container_page(404)
    front = f"{found.uri}/scans/{scan}/resources/{call.parts['RESOURCE_ID']}/files"
    rows = [{"Name": one.name, "Size": str(one.stat().st_size), "URI": f"{front}/{one.name}"} for one in there]
    return tables.answer(call, ("Name", "Size", "URI"), rows, total=False)


def table(call: Call, several: list[Waiting], *, default: str = tables.JSON) -> Answer:
    return tables.answer(call, COLUMNS, [row(one) for one in several], total=False, default=default)


def row(waiting: Waiting) -> dict[str, str]:
    built, date, time = bool(waiting.item), waiting.scanned[:10], waiting.scanned[11:19]
    return {
        "project": waiting.shown_project,
        "timestamp": waiting.timestamp,
        "lastmod": prearchive.shown_time(waiting.changed),
        "uploaded": prearchive.shown_time(waiting.created) if built else "",
        "scan_date": (f"{date} 00:00:00.0" if date else "") if built else waiting.scanned,
        "scan_time": time if built else "",
        "subject": waiting.subject,
        "folderName": waiting.folder,
        "name": waiting.name,
        "tag": waiting.tag,
        "status": waiting.status,
        "url": waiting.address,
        "autoarchive": waiting.autoarchive,
        "prevent_anon": str(bool(waiting.prevent_anon)).lower(),
        "prevent_auto_commit": str(bool(waiting.prevent_auto_commit)).lower(),
        "SOURCE": waiting.source,
        "VISIT": waiting.visit,
        "PROTOCOL": "",
        "TIMEZONE": "",
    }


def may_see(call: Call, project: str) -> bool:
    """Sessions of no project are everybody's, if he is signed in."""
    if not project:
        return not call.caller.is_guest
    return rights.may_read(call.site, call.caller, project)


def session(call: Call) -> Waiting | None:
    """The one that the path names; None if there is none. A Refusal for a project that the caller cannot see."""
    name = call.parts["PROJECT_ID"]
    project = "" if name == UNASSIGNED else name
    if project:
        known = projects.find_by_name(call.site, project)
        project = known.id if known else project
    if not may_see(call, project):
        raise Refusal(bodies.status_page(404))
    return prearchive.find(call.site, project, call.parts["SESSION_TIMESTAMP"], call.parts["SESSION_LABEL"])


def _found(call: Call) -> Waiting:
    found = session(call)
    if found is None:
        raise Refusal(bodies.status_page(404, _NO_RESOURCE))
    return found


def _scans(call: Call) -> list[Item]:
    item = _found(call).session
    if item is None:
        raise Refusal(bodies.status_page(404, _NO_RESOURCE))
    return item.children.get(experiment_types.SCANS, [])


def _scan(call: Call) -> Item:
    found = next((one for one in _scans(call) if one.fields["ID"] == call.parts["SCAN_ID"]), None)
    if found is None:
        raise Refusal(bodies.status_page(404, _NO_RESOURCE))
    return found


def _file(place: Path) -> File:
    return File(place.name, place, place.stat().st_size, "", Facts())


def _log(call: Call, found: Waiting | None) -> Answer:
    """A table, or one entry as text."""
    entries = prearchive.logs(call.site, found) if found else []
    asked = call.tail.removeprefix("/logs").strip("/")
    if asked:
        chosen = [one for one in entries if asked in ("last", str(one["id"]))]
        return bodies.as_text(chosen[-1]["entry"]) if chosen else bodies.status_page(404)
    rows = [{"id": str(one["id"]), "date": _date(one["at"]), "entry": one["entry"]} for one in entries]
    return tables.answer(call, ("id", "date", "entry"), rows, total=False, default=tables.XML)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
