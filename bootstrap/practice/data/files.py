"""The files of a resource: put into its folder, listed, counted, taken away. What is listed is what the site knows of.

A file gets its name only when it is whole, and the site knows of it only then: a server that is killed meanwhile has
at most a file too many, which the next one of that name replaces.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.data import catalogs, places, resources
from bootstrap.practice.data.resources import Facts, Resource
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_COLUMNS = "resource, path, size, digest, format, content, description, tags, created, created_by"
_PUT = f"INSERT OR REPLACE INTO files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Incoming:
    path: str  # below the resource's folder
    source: Path  # is moved there


@dataclass(frozen=True)
class File:
    path: str  # below the resource's folder
    place: Path
    size: int
    digest: str  # MD5; '' until somebody has asked for it
    facts: Facts

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def of(site: Site, resource: Resource) -> list[File]:
    folder = resources.folder(site, resource)
    rows = site.storage.rows("SELECT * FROM files WHERE resource = ? ORDER BY path", resource.number)
    return [_file(folder, row) for row in rows]


def find(site: Site, resource: Resource, path: str) -> File | None:
    row = site.storage.row("SELECT * FROM files WHERE resource = ? AND path = ?", resource.number, path)
    return _file(resources.folder(site, resource), row) if row else None


def put(
    site: Site,
    user: str,
    resource: Resource,
    several: Iterable[Incoming],
    *,
    facts: Facts | None = None,
    overwrite: bool = False,
    counts: bool = True,
) -> list[str]:
    """Says which were there already and so, without `overwrite`, have stayed as they were."""
    folder, said = resources.folder(site, resource), facts or Facts()
    duplicates = []
    with site.storage.write() as db:
        for one in several:
            path = str(places.relative(one.path))
            if not overwrite and _is_there(db, resource, path):
                duplicates.append(path)
                continue
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            size = one.source.stat().st_size
            shutil.move(one.source, target)
            described = _described(db, resource, path, said)
            db.execute(_PUT, (resource.number, path, size, "", *described, site.clock.now(), user))
        if counts:
            count(site, resource)
        catalogs.write(site, resource)
    return duplicates


def remove(site: Site, resource: Resource, several: Iterable[File]) -> None:
    gone = list(several)
    with site.storage.write() as db:
        for one in gone:
            db.execute("DELETE FROM files WHERE resource = ? AND path = ?", (resource.number, one.path))
        count(site, resource)
        catalogs.write(site, resource)
    for one in gone:
        one.place.unlink(missing_ok=True)


def count(site: Site, resource: Resource) -> None:
    site.storage.change(
        "UPDATE resources SET (file_count, file_size) = "
        "(SELECT count(*), coalesce(sum(size), 0) FROM files WHERE resource = number) WHERE number = ?",
        resource.number,
    )


def refresh(
    site: Site, user: str, resource: Resource, *, append: bool, checksum: bool, delete: bool, counts: bool
) -> None:
    """Make what is known fit what lies in the folder: add what is new, forget what is gone, take digests, count."""
    folder, known = resources.folder(site, resource), {file.path: file for file in of(site, resource)}
    with site.storage.write() as db:
        if append:
            for path in _lying(folder, resource.catalog) - known.keys():
                size, now = (folder / path).stat().st_size, site.clock.now()
                db.execute(_PUT, (resource.number, path, size, "", "", "", "", "", now, user))
        if delete:
            for file in known.values():
                if not file.place.is_file():
                    db.execute("DELETE FROM files WHERE resource = ? AND path = ?", (resource.number, file.path))
        if checksum:
            _take_digests(site, db, resource)
        if counts:
            count(site, resource)
        catalogs.write(site, resource)


def _take_digests(site: Site, db: sqlite3.Connection, resource: Resource) -> None:
    for file in of(site, resource):
        if file.place.is_file():
            values = (_digest(file.place), file.place.stat().st_size, resource.number, file.path)
            db.execute("UPDATE files SET digest = ?, size = ? WHERE resource = ? AND path = ?", values)


def _digest(place: Path) -> str:
    found = hashlib.md5(usedforsecurity=False)
    with place.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _lying(folder: Path, catalog: str) -> set[str]:
    if not folder.is_dir():
        return set()
    found = (one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return set(found) - {catalog}


def _is_there(db: sqlite3.Connection, resource: Resource, path: str) -> bool:
    found = db.execute("SELECT 1 FROM files WHERE resource = ? AND path = ?", (resource.number, path))
    return found.fetchone() is not None


def _described(db: sqlite3.Connection, resource: Resource, path: str, said: Facts) -> tuple[str, ...]:
    """What was said of the file that is replaced stays said."""
    found = db.execute(
        "SELECT format, content, description, tags FROM files WHERE resource = ? AND path = ?", (resource.number, path)
    )
    before = found.fetchone() or ("", "", "", "")
    now = (said.format, said.content, said.description, said.tags)
    return tuple(new or old for new, old in zip(now, before, strict=True))


def _file(folder: Path, row: Row) -> File:
    facts = Facts(row["format"], row["content"], row["description"], row["tags"])
    return File(row["path"], folder / row["path"], row["size"], row["digest"], facts)
