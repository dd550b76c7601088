"""Archives that somebody sends: what is in them, file by file. Whatever is in them, no more than so much comes out.

Entries whose names would lead out of the folder, and those that are no files, are left out.
"""

from __future__ import annotations

import gzip
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from bootstrap.practice.data import places

ZIP, TAR, GZIPPED_TAR, GZIP = (".zip",), (".tar",), (".tgz", ".tar.gz"), (".gz",)
_ALWAYS_ALLOWED = 1 << 30  # bytes that may come out of the smallest archive
_LARGEST_RATIO = 100
_MOST_ENTRIES = 200_000
_BLOCK = 1 << 20
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError)


class NoArchive(ValueError):
    """This is none, or none that can be read to its end."""


class TooMuch(ValueError):
    """More would come out of it than anybody could mean."""


@dataclass
class Budget:
    """How much may still come out, of an archive and of those within it."""

    left: int
    entries: int
    folder: Path
    name: str = "entry"

    @classmethod
    def of(cls, archive: Path, folder: Path) -> Budget:
        allowed = max(_ALWAYS_ALLOWED, _LARGEST_RATIO * archive.stat().st_size)
        return cls(min(allowed, shutil.disk_usage(folder).free // 2), _MOST_ENTRIES, folder)

    def take_entry(self) -> None:
        self.entries -= 1
        if self.entries < 0:
            raise TooMuch("too many entries")

    def copy(self, source: IO[bytes] | gzip.GzipFile, target: Path) -> None:
        with target.open("r+b" if target.exists() else "xb") as sink:
            while block := source.read(_BLOCK):
                self.left -= len(block)
                if self.left < 0:
                    raise TooMuch("too many bytes")
                sink.write(block)
            sink.truncate()


def is_archive(name: str) -> bool:
    return name.lower().endswith((*ZIP, *TAR, *GZIPPED_TAR))


def unpacked(archive: Path, name: str, budget: Budget) -> Iterator[tuple[PurePosixPath, Path]]:
    """The path of each entry, and a file with its contents: move it away, or the next one takes its place."""
    lowered = name.lower()
    try:
        if lowered.endswith(ZIP):
            yield from _of_zip(archive, budget)
        elif lowered.endswith((*TAR, *GZIPPED_TAR)):
            yield from _of_tar(archive, budget)
        elif lowered.endswith(GZIP):
            yield from _of_gzip(archive, name, budget)
        else:
            raise NoArchive(name)
    except _BROKEN as error:
        if isinstance(error, NoArchive | TooMuch):
            raise
        raise NoArchive(f"{name}: {error}") from error
    except RuntimeError as error:  # zipfile says so of entries with a password
        raise NoArchive(f"{name}: {error}") from error


def _of_zip(archive: Path, budget: Budget) -> Iterator[tuple[PurePosixPath, Path]]:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            budget.take_entry()
            path = _path(entry.filename)
            if path is None or entry.is_dir():
                continue
            with opened.open(entry) as source:
                yield path, _copied(source, budget)


def _of_tar(archive: Path, budget: Budget) -> Iterator[tuple[PurePosixPath, Path]]:
    with tarfile.open(archive, "r:*") as opened:
        for entry in opened:
            budget.take_entry()
            path = _path(entry.name)
            source = opened.extractfile(entry) if path and entry.isfile() else None
            if path and source:
                yield path, _copied(source, budget)


def _of_gzip(archive: Path, name: str, budget: Budget) -> Iterator[tuple[PurePosixPath, Path]]:
    path = _path(name[: -len(GZIP[0])])
    if path:
        with gzip.open(archive) as source:
            yield path, _copied(source, budget)


def _copied(source: IO[bytes] | gzip.GzipFile, budget: Budget) -> Path:
    """Into the place of the one before, if that lies there still."""
    target = budget.folder / budget.name
    budget.copy(source, target)
    return target


def _path(name: str) -> PurePosixPath | None:
    try:
        return places.relative(name.replace("\\", "/"))
    except places.BadName:
        return None
