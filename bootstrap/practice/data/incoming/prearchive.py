"""The sessions that wait in the prearchive: what is kept of each, its states, its files."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bootstrap.practice.data import keeping, places
from bootstrap.practice.data.incoming.routing import UNASSIGNED
from bootstrap.practice.data.item import Item
from bootstrap.practice.http.uploads import FRONT
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

RECEIVING, INTERRUPT, BUILDING, READY = "RECEIVING", "RECEIVING_INTERRUPT", "BUILDING", "READY"
CONFLICT, ERROR, ARCHIVING, MOVING, DELETING = "CONFLICT", "ERROR", "ARCHIVING", "MOVING", "DELETING"
QUEUED = "QUEUED_"
BUSY = {BUILDING, INTERRUPT, ARCHIVING, MOVING, DELETING} | {
    QUEUED + one for one in (BUILDING, ARCHIVING, MOVING, DELETING)
}
LEAVING = {ARCHIVING, MOVING, DELETING} | {QUEUED + one for one in (ARCHIVING, MOVING, DELETING)}
MANUAL, AUTO, OVERWRITE = "Manual", "AutoArchive", "AutoArchiveOverwrite"
CODES = {0: MANUAL, 4: AUTO, 5: OVERWRITE}
_COLUMNS = (
    *("project", "timestamp", "folder", "name", "subject", "tag", "status", "autoarchive", "prevent_anon"),
    *("prevent_auto_commit", "source", "visit", "scanned", "created", "changed", "username", "item", "target"),
    "direct",
)


_LOCKS: WeakKeyDictionary[Site, dict[int, threading.Lock]] = WeakKeyDictionary()
_LOCKS_LOCK = threading.Lock()


class Busy(Exception):
    """Something else is being done with this session."""


class Gone(Exception):
    """The session has been archived, moved or deleted in the meantime."""


@dataclass(frozen=True)
class Waiting:
    """A session in the prearchive."""

    number: int
    project: str  # '' where no project was found
    timestamp: str
    folder: str  # its folder's name, as XNAT shows it
    name: str
    subject: str
    tag: str  # the study's UID
    status: str
    autoarchive: str
    prevent_anon: int
    prevent_auto_commit: int
    source: str
    visit: str
    scanned: str  # date and time of the study
    created: float
    changed: float
    username: str
    item: str  # the document of the session that was built; '' before
    target: str  # where in the archive its files are going, while it is being archived
    direct: int  # it goes straight into the archive, and the prearchive shows it only if that fails

    @property
    def shown_project(self) -> str:
        return self.project or UNASSIGNED

    @property
    def address(self) -> str:
        return f"/prearchive/projects/{self.shown_project}/{self.timestamp}/{self.folder}"

    @property
    def uri(self) -> str:
        """Where its sender finds it."""
        if self.direct:
            return f"/xapi/direct-archive/{self.project}/{self.tag}/{self.name}"
        return f"/data{self.address}"

    @property
    def is_auto(self) -> bool:
        return self.autoarchive in (AUTO, OVERWRITE)

    @property
    def session(self) -> Item | None:
        """What was built of its files."""
        return keeping.of_text(self.item) if self.item else None


def new(site: Site, facts: dict[str, Any]) -> Waiting:
    """With a time stamp that no other session of that name and project has."""
    with site.storage.write() as db:
        now = site.clock.now()
        while True:
            stamp = _stamp(now)
            if not _is_taken(site, facts["project"], stamp, facts["folder"]):
                break
            now += 0.001
        row: dict[str, Any] = {"status": RECEIVING, "timestamp": stamp, "item": "", "target": "", "direct": 0}
        row.update(created=now, changed=now, **facts)
        marks = ", ".join("?" * len(_COLUMNS))
        sql = f"INSERT INTO prearchive ({', '.join(_COLUMNS)}) VALUES ({marks})"
        number = db.execute(sql, [row[name] for name in _COLUMNS]).lastrowid or 0
    return Waiting(number, **row)


def by_number(site: Site, number: int) -> Waiting | None:
    row = site.storage.row("SELECT * FROM prearchive WHERE number = ?", number)
    return _waiting(row) if row else None


def _is_taken(site: Site, project: str, timestamp: str, folder: str) -> bool:
    sql = "SELECT 1 FROM prearchive WHERE project = ? AND timestamp = ? AND folder = ?"
    return site.storage.value(sql, project, timestamp, folder) is not None


def find(site: Site, project: str, timestamp: str, folder: str) -> Waiting | None:
    """`project` as it is shown or kept."""
    row = site.storage.row(
        "SELECT * FROM prearchive WHERE project = ? AND timestamp = ? AND folder = ? AND NOT direct",
        *("" if project == UNASSIGNED else project, timestamp, folder),
    )
    return _waiting(row) if row else None


def of_study(site: Site, project: str, tag: str, name: str) -> Waiting | None:
    """The one that takes more files of a study: not one that is about to leave."""
    sql = "SELECT * FROM prearchive WHERE project = ? AND tag = ? AND name = ? AND NOT direct ORDER BY number DESC"
    rows = site.storage.rows(sql, project, tag, name)
    return next((found for found in map(_waiting, rows) if found.status not in LEAVING), None)


def going_straight(site: Site, project: str, tag: str, name: str) -> Waiting | None:
    """The one of a study that goes straight into the archive, whatever is done with it."""
    sql = "SELECT * FROM prearchive WHERE project = ? AND tag = ? AND name = ? AND direct"
    row = site.storage.row(sql, project, tag, name)
    return _waiting(row) if row else None


def in_project(site: Site, project: str) -> list[Waiting]:
    kept = "" if project == UNASSIGNED else project
    rows = site.storage.rows("SELECT * FROM prearchive WHERE project = ? ORDER BY number", kept)
    return [_waiting(row) for row in rows]


def everything(site: Site) -> list[Waiting]:
    return [_waiting(row) for row in site.storage.rows("SELECT * FROM prearchive ORDER BY number")]


def receiving(site: Site, quiet_since: float) -> list[Waiting]:
    """Those that have had no new file since."""
    sql = "SELECT * FROM prearchive WHERE status = ? AND changed <= ? ORDER BY number"
    return [_waiting(row) for row in site.storage.rows(sql, RECEIVING, quiet_since)]


def change(site: Site, waiting: Waiting, **facts: Any) -> Waiting:
    """What is said, and when; nothing happens to one that is gone."""
    facts["changed"] = site.clock.now()
    site.storage.change(
        f"UPDATE prearchive SET {', '.join(f'{name} = ?' for name in facts)} WHERE number = ?",
        *facts.values(),
        waiting.number,
    )
    return replace(waiting, **facts)


def forget(site: Site, waiting: Waiting) -> None:
    """The session, not its files."""
    with site.storage.write() as db:
        for table, column in (
            ("prearchive_series", "waiting"),
            ("prearchive_logs", "waiting"),
            ("prearchive", "number"),
        ):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (waiting.number,))


def delete(site: Site, waiting: Waiting) -> None:
    place = folder(site, waiting)
    forget(site, waiting)
    remove_folder(site, place)


def remove_folder(site: Site, place: Path) -> None:
    """It is gone at once; its files go in the background, or at the next start."""
    if place.is_dir():
        gone = place.rename(site.folder.spool / f"{FRONT}{secrets.token_hex(8)}")
        site.background.later(0, lambda: shutil.rmtree(gone, ignore_errors=True))
    if place.parent.is_dir() and not any(place.parent.iterdir()):
        place.parent.rmdir()


@contextmanager
def held(site: Site, waiting: Waiting, status: str) -> Iterator[Waiting]:
    """Nobody else does anything with it meanwhile. Busy if somebody does, Gone if it is no longer there.

    A file that is just being put into it is waited for.
    """
    with lock(site, waiting.number), site.storage.write():
        now = by_number(site, waiting.number)
        if now is None:
            raise Gone(waiting.address)
        if now.status in BUSY and now.status != QUEUED + status:
            raise Busy(waiting.address)
        mine = change(site, now, status=status)
    try:
        yield mine
    except BaseException:
        after = by_number(site, mine.number)
        if after and after.status == status:
            change(site, after, status=ERROR)
        raise


def lock(site: Site, number: int) -> threading.Lock:
    """Is held while a file is put into a session, so that it goes nowhere meanwhile."""
    with _LOCKS_LOCK:
        return _LOCKS.setdefault(site, {}).setdefault(number, threading.Lock())


def folder(site: Site, waiting: Waiting) -> Path:
    """Where its files lie: names that folders cannot have are made such."""
    name = re.sub(r'[/\\\0:*?"<>|]', "_", waiting.folder).strip(".") or "_"
    return places.prearchive(site) / (waiting.project or UNASSIGNED) / waiting.timestamp / name[:200]


def log(site: Site, waiting: Waiting, entry: str) -> None:
    site.storage.change(
        "INSERT INTO prearchive_logs (waiting, at, entry) VALUES (?, ?, ?)", waiting.number, site.clock.now(), entry
    )


def logs(site: Site, waiting: Waiting) -> list[Row]:
    return site.storage.rows("SELECT * FROM prearchive_logs WHERE waiting = ? ORDER BY id", waiting.number)


def series_folder(site: Site, waiting: Waiting, uid: str, wanted: str, other: str) -> str:
    """Of the files of a series: `wanted`, or `other` with a number if another series has that."""
    with site.storage.write() as db:
        rows = db.execute("SELECT uid, folder FROM prearchive_series WHERE waiting = ?", (waiting.number,)).fetchall()
        if known := next((row["folder"] for row in rows if row["uid"] == uid), None):
            return str(known)
        name = free_name(wanted, other, {row["folder"] for row in rows})
        db.execute("INSERT INTO prearchive_series VALUES (?, ?, ?)", (waiting.number, uid, name))
    return name


def free_name(wanted: str, other: str, taken: Iterable[str]) -> str:
    """`wanted` itself, or `other` with the first number that nobody has."""
    there, number = set(taken), 1
    if wanted not in there:
        return wanted
    while f"{other}{number}" in there:
        number += 1
    return f"{other}{number}"


def shown_time(seconds: float) -> str:
    """As the database writes it: without zeros at the end, but never without a fraction."""
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3].rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d_%H%M%S%f")[:-3]


def _waiting(row: Row) -> Waiting:
    return Waiting(**dict(row))
