"""Files of the archive as one download: zip, tar, gzipped tar, or a catalog of them."""

from __future__ import annotations

import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from bootstrap.practice.data import owners, projects, subjects
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.files import File
from bootstrap.practice.data.owners import Thing
from bootstrap.practice.data.reconstructions import Reconstruction
from bootstrap.practice.data.resources import Resource
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.http.call import Answer

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

ZIP, TAR, GZIPPED, CATALOG = "zip", "tar", "tar.gz", "xcat"
_TYPES = {ZIP: "application/zip", TAR: "application/x-tar", GZIPPED: "application/x-gtar", CATALOG: "application/xcat"}
_IMPROVED, _SIMPLIFIED, _LEGACY = "improved", "simplified", "legacy"
_BLOCK = 1 << 16
_MEMORY = 1 << 20
_EARLIEST = (1980, 1, 1, 0, 0, 0)
Entry = tuple[str, File]


def asked(form: str) -> str:
    """Which of these a word or a media type means; '' if none."""
    lowered = form.lower()
    return lowered if lowered in _TYPES else next((name for name, type in _TYPES.items() if type == lowered), "")


def name(site: Site, thing: Thing, resource: Resource, file: File, structure: str, *, front: str = "") -> str:
    """The path of a file in the download."""
    label = resource.folder_name
    session = owners.session(site, thing)
    root = session.label if session else _label(thing)
    within = _within(thing, structure)
    if structure == _IMPROVED:
        return front + "/".join((*within, label, file.path))
    if structure in (_SIMPLIFIED, _LEGACY):
        return front + "/".join((root, *within, label, file.path))
    return front + "/".join((root, *within, "resources", label, "files", file.path))


def front(site: Site, thing: Thing, *, project: bool, subject: bool) -> str:
    """What stands before the path if project or subject are to be in it."""
    session = owners.session(site, thing)
    of = subjects.by_id(site, session.subject) if session else None
    parts = [owners.project(site, thing)] if project else []
    return "".join(f"{part}/" for part in (*parts, *([of.label] if subject and of else [])))


def answer(site: Site, form: str, entries: Iterable[Entry], file_name: str) -> Answer:
    if form == CATALOG:
        packed = Answer(200, _catalog(entries).encode(), _TYPES[form])
    else:
        packed = Answer(200, _packed(site.folder.spool, form, list(entries)), _TYPES[form])
    return packed.with_header("Content-Disposition", f'attachment; filename="{file_name}.{form}"')


def _within(thing: Thing, structure: str) -> tuple[str, ...]:
    if isinstance(thing, Scan):
        kind = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in thing.scan_type)
        if structure == _LEGACY:
            return "SCANS", thing.id
        if structure == _SIMPLIFIED or not kind:
            return "scans", thing.id
        return "scans", f"{thing.id}{'_' if structure == _IMPROVED else '-'}{kind}"
    if isinstance(thing, Reconstruction):
        return "reconstructions", thing.id
    if isinstance(thing, Experiment) and thing.is_assessor:
        return "ASSESSORS" if structure == _LEGACY else "assessors", thing.label
    return ("RESOURCES",) if structure == _LEGACY else ()


def _label(thing: Thing) -> str:
    return thing.label if not isinstance(thing, projects.Project) else thing.id


def _packed(spool: Path, form: str, entries: list[Entry]) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(max_size=_MEMORY, dir=str(spool)) as stream:
        _pack(stream, form, entries)
        stream.seek(0)
        while block := stream.read(_BLOCK):
            yield block


def _pack(stream: IO[bytes], form: str, entries: list[Entry]) -> None:
    """A file that has gone in the meantime is left out."""
    if form == ZIP:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True, strict_timestamps=False) as archive:
            for path, file in entries:
                if file.place.is_file():
                    archive.write(file.place, path)
        return
    mode: Any = "w:gz" if form == GZIPPED else "w"
    with tarfile.open(fileobj=stream, mode=mode) as bundle:
        for path, file in entries:
            if file.place.is_file():
                bundle.add(file.place, path, recursive=False)


def _catalog(entries: Iterable[Entry]) -> str:
    lines = "".join(f"<cat:entry URI={quoteattr(path)} name={quoteattr(file.name)}/>\n" for path, file in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<cat:Catalog xmlns:cat="http://nrg.wustl.edu/catalog">\n'
        f"<cat:entries>\n{lines}</cat:entries>\n</cat:Catalog>\n"
    )
