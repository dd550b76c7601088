"""Resources - folders of files - of anything: made, listed, deleted; one of them is shown as its catalog."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.practice.data import (
    addresses,
    archive,
    catalogs,
    experiments,
    owners,
    reconstructions,
    resources,
    scans,
    search_elements,
    submitted,
    tables,
    targets,
    workflows,
)
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.places import BadName
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.resources import Facts, Resource
from bootstrap.practice.data.room import room
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.targets import Target
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.listed import data_routes

_COLUMNS = (
    *("xnat_abstractresource_id", "label", "element_name", "category", "cat_id", "cat_desc"),
    *("file_count", "file_size", "tags", "content", "format"),
)
_OWNED = ("/data/projects/", "/data/subjects/", "/data/experiments/")
_EXISTS = "Specified resource already exists."
_NOT_FOUND = "Unable to find the specified catalog."
_NO_FILES = (
    "This resource works at the catalog level only and does not accept file paths.  "
    "To work with the resource files, append '/files' after the resource ID."
)


def paths(ending: str) -> list[str]:
    """All routes of XNAT's below something that owns resources."""
    return [one.path for one in data_routes() if one.path.startswith(_OWNED) and one.path.endswith(ending)]


def list_all(call: Call) -> Answer:
    target = targets.find(call)
    found = list(targets.every(call.site, target))
    if submitted.is_true(call, "all"):
        for thing in target.things:
            found += list_below(call, thing)
    rows = [_row(thing, resource) for thing, resource in found]
    return tables.answer(call, _COLUMNS, rows, title="Resources")


def post_to_list(call: Call) -> Answer:
    """Makes one without a label, whatever is said; the next call finds that one."""
    target = targets.find(call)
    if not target.may_edit(call):
        return bodies.status_page(403)
    owner = target.owners[0]
    made = resources.by_label(call.site, owner, "")
    made = made or archive.make_resource(call.site, call.caller.name, owner, "", facts(call))
    return addresses.created(call, made.id)


def show(call: Call) -> Answer:
    target = targets.find(call)
    if call.tail:
        return bodies.status_page(400, _NO_FILES)
    found = next(targets.named(call.site, target, targets.labels(call)), None)
    if found is None:
        return bodies.status_page(404, _NOT_FOUND)
    return Answer(200, catalogs.text(call.site, found[1]).encode("utf-8", "surrogatepass"), "text/xml")


def put(call: Call) -> Answer:
    if call.tail:
        return bodies.status_page(400, _NO_FILES)
    target, label = targets.find(call), targets.labels(call)[0]
    if not target.may_edit(call):
        return bodies.status_page(403)
    if len(target.things) != 1:
        return bodies.status_page(404)
    if _is_number(label) and resources.by_number(call.site, int(label)) is None:
        return bodies.status_page(404)
    if resources.find(call.site, target.owners[0], label):
        return bodies.status_page(409, _EXISTS)
    try:
        archive.make_resource(call.site, call.caller.name, target.owners[0], label, facts(call))
    except BadName:
        return bodies.status_page(400)
    record(call, target, "Created resource")
    return bodies.nothing()


def delete(call: Call) -> Answer:
    """What is not there is as good as deleted."""
    target = targets.find(call)
    if not target.may_delete(call):
        return bodies.status_page(403)
    for _, resource in list(targets.named(call.site, target, targets.labels(call))):
        archive.delete(call.site, call.caller.name, resource)
        record(call, target, "Removed resource")
    return bodies.nothing()


def facts(call: Call) -> Facts:
    said = {name: submitted.escaped(call.query.get(name, "")) for name in ("format", "content", "description", "tags")}
    return Facts(**said)


def record(call: Call, target: Target, action: str) -> None:
    """In the history of the session or subject that it is about."""
    for thing in target.things[:1]:
        about = owners.session(call.site, thing)
        if about:
            workflows.record(call.site, call.caller.name, about, action)


def list_below(call: Call, thing: Thing) -> Iterator[tuple[Thing, Resource]]:
    """Of a session: what hangs on its scans, reconstructions and assessors."""
    if not isinstance(thing, Experiment) or not thing.is_session:
        return
    site = call.site
    below: list[Thing] = [
        *scans.of_session(site, thing.id),
        *reconstructions.of_session(site, thing.id),
        *experiments.assessors_of(site, thing.id),
    ]
    for one in below:
        for resource in resources.of(site, owners.of(one)):
            yield one, resource


def _row(thing: Thing, resource: Resource) -> dict[str, str | int | None]:
    category, name, description = _category(thing)
    return {
        "xnat_abstractresource_id": resource.number,
        "label": resource.label,
        "element_name": resource.type,
        "category": category,
        "cat_id": name,
        "cat_desc": description,
        "file_count": resource.file_count,
        "file_size": resource.file_size,
        "tags": resource.facts.tags,
        "content": resource.facts.content,
        "format": resource.facts.format,
    }


def _category(thing: Thing) -> tuple[str, str, str]:
    if isinstance(thing, Scan):
        return "scans", thing.id, thing.scan_type
    if isinstance(thing, Reconstruction):
        return "reconstructions", thing.id, thing.item.fields.get("type", "")
    if isinstance(thing, Experiment) and thing.is_assessor:
        return "assessors", thing.id, search_elements.singular(thing.type)
    return "resources", thing.id if isinstance(thing, Experiment) else "", " "


def _is_number(label: str) -> bool:
    return label.isascii() and label.isdigit() and len(label) < 16


for _path in paths("/resources"):
    room.get(_path)(list_all)
    room.post(_path)(post_to_list)
for _path in paths("/resources/{RESOURCE_ID}"):
    room.get(_path)(show)
    room.put(_path)(put)
    room.post(_path)(put)
    room.delete(_path)(delete)
