"""The folder that an image is built from: which of its files go along, and one hash of all that decides the image.

The hash is of paths, bytes, modes, links, build arguments and platform, and of nothing else: no times, no owners. The
two write bits that only a umask decides are left out, here and in what is sent, so that two people's copies are equal.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from bootstrap.errors import LocalFileError

DOCKERFILE, TEMPLATE, IGNORE_FILE = "Dockerfile", "Dockerfile.j2", ".dockerignore"
_FORMAT = 1  # of the hash: another one means that everything is built anew
_OF_A_UMASK = 0o022


class BadContext(Exception):
    """Why nothing can be built of a folder, as the end of a sentence."""


@dataclass(frozen=True)
class Entry:
    path: str
    kind: str  # file, folder or link
    mode: int
    content: str  # a file's hash, or where a link points to

    def as_json(self) -> list[Any]:
        return [self.path, self.kind, self.mode, self.content]


@dataclass(frozen=True)
class BuildContext:
    folder: Path
    entries: tuple[Entry, ...]
    args: Mapping[str, str]
    platform: str | None = None
    dockerfile: str | None = field(default=None, repr=False)  # what the template made

    @property
    def digest(self) -> str:
        parts = [_FORMAT, [entry.as_json() for entry in self.entries], dict(self.args), self.platform]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()

    @property
    def dockerfile_text(self) -> str:
        if self.dockerfile is not None:
            return self.dockerfile
        return (self.folder / DOCKERFILE).read_text(encoding="utf-8", errors="replace")

    def packed(self) -> IO[bytes]:
        """A tar of it, at its beginning. What changed since it was hashed would be another image: an error."""
        made = tempfile.TemporaryFile()  # noqa: SIM115 - it is handed on
        try:
            with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for entry in self.entries:
                    self._pack(tar, entry)
        except BaseException:
            made.close()
            raise
        made.seek(0)
        return made

    def _pack(self, tar: tarfile.TarFile, entry: Entry) -> None:
        info = tarfile.TarInfo(entry.path)
        info.mode = entry.mode
        if entry.kind == "link":
            info.type, info.linkname = tarfile.SYMTYPE, entry.content
        elif entry.kind == "folder":
            info.type = tarfile.DIRTYPE
        else:
            data = self._bytes(entry)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
            return
        tar.addfile(info)

    def _bytes(self, entry: Entry) -> bytes:
        if entry.path == DOCKERFILE and self.dockerfile is not None:
            return self.dockerfile.encode()
        place = self.folder / entry.path
        try:
            data = place.read_bytes()
        except OSError as error:
            raise LocalFileError(f"packing {place} for a build: {error.strerror or error}") from error
        if hashlib.sha256(data).hexdigest() != entry.content:
            raise LocalFileError(f"packing {place} for a build: it changed meanwhile", hint="run it again")
        return data


def read_context(
    folder: Path, args: Mapping[str, str], platform: str | None = None, dockerfile: str | None = None
) -> BuildContext:
    """`dockerfile` is what its template made, where there is one."""
    if not folder.is_dir():
        raise BadContext("is no folder" if folder.exists() else "does not exist")
    try:
        entries = [_entry(folder, path) for path in _sent(folder) if path != TEMPLATE or dockerfile is None]
    except OSError as error:
        raise BadContext(f"cannot be read: {error.filename}: {error.strerror}") from error
    if dockerfile is not None:
        entries.append(Entry(DOCKERFILE, "file", 0o644, hashlib.sha256(dockerfile.encode()).hexdigest()))
    return BuildContext(folder, tuple(sorted(entries, key=lambda entry: entry.path)), args, platform, dockerfile)


def _sent(folder: Path) -> Iterator[str]:
    """What `.dockerignore` leaves in, with the folders around it."""
    from docker.utils.build import exclude_paths  # takes a while, and few sites build

    try:
        lines = (folder / IGNORE_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    except UnicodeDecodeError as error:
        raise BadContext(f"has a {IGNORE_FILE} that is not UTF-8") from error
    patterns = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    yield from exclude_paths(str(folder), patterns, dockerfile=DOCKERFILE)


def _entry(folder: Path, path: str) -> Entry:
    place = folder / path
    found = place.lstat()
    mode = stat.S_IMODE(found.st_mode) & ~_OF_A_UMASK
    if stat.S_ISLNK(found.st_mode):
        return Entry(path, "link", 0o777, os.readlink(place))
    if stat.S_ISDIR(found.st_mode):
        return Entry(path, "folder", mode, "")
    if not stat.S_ISREG(found.st_mode):
        raise BadContext(f"has `{path}` in it, which is no regular file")
    with place.open("rb") as file:
        return Entry(path, "file", mode, hashlib.file_digest(file, "sha256").hexdigest())
