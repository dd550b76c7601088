"""The state of the practice XNAT: one SQLite file, many readers, one writer at a time.

Each room brings its own tables as a list of scripts, each applied once and in order; a room that grows appends one.
What `write()` has ended with is on disk before the answer goes out, so that a killed server loses nothing it said.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bootstrap.errors import LocalFileError

Row = sqlite3.Row
_BUSY_SECONDS = 30
# The machine's fault and not a statement's: full, read-only, broken or gone.
_OF_THE_DISK = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


class Storage:
    def __init__(self, file: Path) -> None:
        self.file = file
        self._local = threading.local()
        self._writer = threading.RLock()
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._connections_lock = threading.Lock()  # not the writer's: a first read must not wait for a write
        self._snapshot: sqlite3.Connection | None = None
        self._snapshot_lock = threading.RLock()
        with self.write() as db:
            db.execute("CREATE TABLE IF NOT EXISTS rooms (name TEXT PRIMARY KEY, version INTEGER NOT NULL)")

    def prepare(self, room: str, scripts: Sequence[str]) -> None:
        """Bring a room's tables to the newest form."""
        version = self.value("SELECT version FROM rooms WHERE name = ?", room) or 0
        if version > len(scripts):
            raise LocalFileError(
                f"opening the practice state {self.file}: it was made by a newer version ({room} {version})",
                hint="use another state folder",
            )
        for number, script in enumerate(scripts[version:], version + 1):
            with self.write() as db:
                for statement in script.split(";"):
                    db.execute(statement)
                db.execute("INSERT OR REPLACE INTO rooms VALUES (?, ?)", (room, number))

    def rows(self, sql: str, *values: Any) -> list[Row]:
        if getattr(self._local, "past", False):
            with self._snapshot_lock:
                return self._reader().execute(sql, values).fetchall()
        return self._reader().execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row; None if there is no row."""
        found = self.row(sql, *values)
        return found[0] if found else None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Inside another `write()` of the same thread it is part of that one."""
        with self._writer:
            db = self._connection()
            if db.in_transaction:
                yield db
                return
            past, self._local.past = getattr(self._local, "past", False), False
            try:
                with self._disk_named(), _transaction(db):
                    yield db
            except BaseException:
                self._local.put_off = []
                raise
            finally:
                self._local.past = past
        self._do_what_was_put_off()

    def after_commit(self, job: Callable[[], None]) -> None:
        """At once, or when what this thread is writing is written; never if it comes to nothing."""
        if self._connection().in_transaction:
            self._local.put_off = [*getattr(self._local, "put_off", ()), job]
        else:
            job()

    @contextmanager
    def _disk_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _OF_THE_DISK:
                raise
            raise LocalFileError(
                f"writing the practice state {self.file}: {error}",
                hint="free some space, make its folder writable, or choose another with --state",
            ) from error

    def change(self, sql: str, *values: Any) -> int:
        """One statement of its own; says how many rows it met."""
        with self.write() as db:
            return db.execute(sql, values).rowcount

    def remember(self) -> None:
        """Keep all as it is now, for `in_the_past()`."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        copy.row_factory = sqlite3.Row
        with self._writer:
            self._connection().backup(copy)
        with self._snapshot_lock:
            if self._snapshot:
                self._snapshot.close()
            self._snapshot = copy

    @contextmanager
    def in_the_past(self) -> Iterator[None]:
        """This thread reads what was remembered; what it writes is written to the present."""
        self._local.past = self._snapshot is not None
        try:
            yield
        finally:
            self._local.past = False

    def close(self) -> None:
        with self._writer, self._snapshot_lock, self._connections_lock:
            kept = [connection for _, connection in self._connections]
            for connection in [*kept, *([self._snapshot] if self._snapshot else [])]:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _do_what_was_put_off(self) -> None:
        jobs, self._local.put_off = getattr(self._local, "put_off", []), []
        for job in jobs:
            job()

    def _reader(self) -> sqlite3.Connection:
        if getattr(self._local, "past", False) and self._snapshot:
            return self._snapshot
        return self._connection()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connect()
        return found

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self.file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as error:
            raise LocalFileError(
                f"opening the practice state {self.file}: {error}",
                hint="free some space, make its folder writable, or choose another with --state",
            ) from error
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.row_factory = sqlite3.Row
        with self._connections_lock:
            self._forget_ended_threads()
            self._connections.append((threading.current_thread(), connection))
        return connection

    def _forget_ended_threads(self) -> None:
        """Each DICOM association has a thread of its own: a server that runs for days must not keep all their files."""
        ended = [one for one in self._connections if not one[0].is_alive()]
        self._connections = [one for one in self._connections if one[0].is_alive()]
        for _, connection in ended:
            connection.close()


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        if db.in_transaction:  # a full disk may have ended it already
            db.rollback()
        raise
