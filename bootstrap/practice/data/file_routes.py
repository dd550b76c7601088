"""Files of resources: listed, sent one by one or packed, deleted."""

from __future__ import annotations

import mimetypes
import re
import zipfile
from collections.abc import Iterator

from bootstrap.practice.data import files, packing, places, submitted, tables, targets
from bootstrap.practice.data.files import File
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.resource_routes import list_below, paths, record
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.room import room
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.targets import Target
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_COLUMNS = ["Name", "Size", "URI", "collection", "file_tags", "file_format", "file_content", "cat_ID", "digest"]
_LOCATORS = ("absolutePath", "projectPath")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_BLOCK = 1 << 16
_TEXT, _BYTES = "text/plain", "application/octet-stream"
_AS_THEY_ARE = {"image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff", _TEXT, "text/xml", "application/xml"}
Found = tuple[Thing, Resource, File]


def show(call: Call) -> Answer:
    """One file, what is in a folder, or all of them; as a list or packed."""
    target = targets.find(call)
    found, path = list(_all(call, target)), asked_path(call)
    if path and not call.raw_path.endswith(("/", "*")):
        return _one(call, [one for one in found if one[2].path == path])
    if path:
        folder = path.removesuffix("*").rstrip("/")
        found = [one for one in found if one[2].path.startswith(f"{folder}/" if folder else "")]
    found = [one for one in found if _fits(call, one[2])]
    if form := packing.asked(call.query.get("format", "")):
        return _packed(call, form, found)
    return _listed(call, target, found)


def delete(call: Call) -> Answer:
    """A file, or all in a folder."""
    target = targets.find(call)
    if not target.may_delete(call):
        return bodies.status_page(403)
    path = asked_path(call).rstrip("/*")
    folder = f"{path}/" if path else ""
    gone = [one for one in _all(call, target) if one[2].path == path or one[2].path.startswith(folder)]
    if not gone:
        accepted = "accept-not-found" in call.query
        return bodies.nothing(204) if accepted else bodies.status_page(404, "No matched files")
    for number in {resource.number for _, resource, _ in gone}:
        several = [one for one in gone if one[1].number == number]
        files.remove(call.site, several[0][1], [file for _, _, file in several])
    record(call, target, "Removed File")
    return bodies.nothing()


def asked_path(call: Call) -> str:
    """What follows `files`, with its escapes, but blanks are blanks."""
    return call.tail.lstrip("/").replace("%20", " ")


def _all(call: Call, target: Target) -> Iterator[Found]:
    site = call.site
    if "RESOURCE_ID" in call.parts:
        chosen = targets.named(site, target, targets.labels(call))
    else:
        chosen = targets.every(site, target)
    for thing, resource in chosen:
        for file in files.of(site, resource):
            yield thing, resource, file
    if "RESOURCE_ID" not in call.parts and submitted.is_true(call, "all"):
        for above in target.things:
            for thing, resource in list_below(call, above):
                for file in files.of(site, resource):
                    yield thing, resource, file


def _fits(call: Call, file: File) -> bool:
    for name, value in (("file_format", file.facts.format), ("file_content", file.facts.content)):
        asked = call.query.get(name)
        if asked is not None and value not in ("" if one == "NULL" else one for one in asked.split(",")):
            return False
    return True


def _listed(call: Call, target: Target, found: list[Found]) -> Answer:
    locator = call.query.get("locator", "")
    columns = [locator if name == "URI" and locator in _LOCATORS else name for name in _COLUMNS]
    rows = [_row(call, target, one, columns) for one in found]
    links = [{"key": "URI", "serverRoot": ""}]
    return tables.answer(call, columns, rows, total=False, Columns=links, title="Files")


def _row(call: Call, target: Target, one: Found, columns: list[str]) -> dict[str, str]:
    thing, resource, file = one
    facts = {
        "Name": file.name,
        "Size": str(file.size),
        "URI": f"{_front(call, target, thing)}/resources/{resource.number}/files/{file.path}",
        "absolutePath": places.reported(call.site, file.place),
        "projectPath": file.place.relative_to(places.of_project(call.site, target.project)).as_posix(),
        "collection": resource.label,
        "file_tags": file.facts.tags,
        "file_format": file.facts.format,
        "file_content": file.facts.content,
        "cat_ID": resource.id,
        "digest": file.digest,
    }
    return {name: facts[name] for name in columns}


def _front(call: Call, target: Target, thing: Thing) -> str:
    """Of scans chosen together with a resource XNAT names all, and so no address that leads anywhere."""
    if isinstance(thing, Scan):
        together = ",".join(one.id for one in target.things) if "RESOURCE_ID" in call.parts else thing.id
        return f"{target.uri}/scans/{together}"
    return target.uri


def _packed(call: Call, form: str, found: list[Found]) -> Answer:
    if not found:
        return bodies.status_page(404)
    structure = call.query.get("structure", "").lower()
    project, subject = (submitted.is_true(call, f"{name}IncludedInPath") for name in ("project", "subject"))
    entries = []
    for thing, resource, file in found:
        front = packing.front(call.site, thing, project=project, subject=subject) if project or subject else ""
        entries.append((packing.name(call.site, thing, resource, file, structure, front=front), file))
    return packing.answer(call.site, form, entries, found[0][1].folder_name)


def _one(call: Call, found: list[Found]) -> Answer:
    if not found or not found[0][2].place.is_file():
        return Answer(204, type=bodies.TEXT) if "accept-not-found" in call.query else bodies.container_page(404)
    file = found[0][2]
    if submitted.is_true(call, "listContents"):
        return _contents(call, file)
    return sent(call, file)


def sent(call: Call, file: File) -> Answer:
    """With its bytes, or with those that Range asks for."""
    size = file.place.stat().st_size
    start, end, status = 0, size - 1, 200
    if asked := _RANGE.fullmatch(call.headers.get("Range", "").strip()):
        first, last = asked.groups()
        start = int(first) if first else max(0, size - int(last or 0))
        end = min(size - 1, int(last)) if first and last else size - 1
        if start > end:
            return bodies.container_page(416).with_header("Content-Range", f"bytes */{size}")
        status = 206
    answer = Answer(status, _read(file, start, end + 1 - start), _media_type(file))
    answer.with_header("Content-Length", str(end + 1 - start)).with_header("Accept-Ranges", "bytes")
    if status == 206:
        answer.with_header("Content-Range", f"bytes {start}-{end}/{size}")
    plain = re.sub(r'[^ -~]|["\\]', "_", file.name)
    return answer.with_header("Content-Disposition", f'attachment; filename="{plain}"')


def _read(file: File, start: int, length: int) -> Iterator[bytes]:
    with file.place.open("rb") as stream:
        stream.seek(start)
        while length > 0 and (block := stream.read(min(_BLOCK, length))):
            length -= len(block)
            yield block


def _media_type(file: File) -> str:
    guessed, packed = mimetypes.guess_type(file.name)
    known = guessed in _AS_THEY_ARE or guessed in ("application/zip", "application/pdf", "text/csv")
    return guessed if guessed and known and not packed else _BYTES


def _contents(call: Call, file: File) -> Answer:
    try:
        with zipfile.ZipFile(file.place) as archive:
            inner = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError):
        return bodies.status_page(500)
    rows = [{"File Name": one.filename, "Size": str(one.file_size)} for one in inner]
    links = [{"key": "URI", "serverRoot": ""}]
    return tables.answer(call, ("File Name", "Size"), rows, total=False, Columns=links, title="Files")


for _path in paths("/files"):
    room.get(_path)(show)
    room.delete(_path)(delete)
