"""Reading files, each once, remembering what was read: a saved plan holds its digest."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

HOME_HINT = "`~` is taken as it stands, no home folder: write the whole path"
MAX_BYTES = 64 * 1024 * 1024


class CannotRead(Exception):
    """Why a file could not be read, as a sentence's end: "is a folder, and a file is due here"."""

    def __init__(self, rule: str, why: str, hint: str = "", line: int = 0) -> None:
        super().__init__(why)
        self.rule, self.why, self.hint, self.line = rule, why, hint, line


@dataclass(slots=True)
class Content:
    path: Path  # as it was asked for
    shown: str  # as a person knows it
    data: bytes


class Files:
    def __init__(self) -> None:
        self._read: dict[Path, Content] = {}
        self._hidden: dict[Path, set[tuple[int, int]]] = {}

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(self._read)

    @property
    def names(self) -> list[str]:
        return [content.shown for content in self._read.values()]

    def text(self, path: Path) -> str:
        key = real(path)
        if key not in self._read:
            self._read[key] = Content(path, shown(path), read_bytes(path))
        return decoded(self._read[key].data)

    def take(self, folder: Path, digest: str) -> None:
        """A folder that was read as a whole, which stands for itself by this digest of what is in it."""
        key = real(folder)
        before = self._read[key].data if key in self._read else b""
        self._read[key] = Content(folder, shown(folder), before + digest.encode())

    def folder_of(self, name: str) -> Path:
        """Where a file's relative paths start. Not its shown name's folder: `..` after a link means another place."""
        for content in self._read.values():
            if content.shown == name:
                return content.path.parent
        return Path(name).parent

    def hide(self, name: str, span: tuple[int, int]) -> None:
        """Keeps a password that stands in a file out of the digest."""
        for path, content in self._read.items():
            if content.shown == name:
                self._hidden.setdefault(path, set()).add(span)

    def digest(self, folder: Path) -> str:
        """Of the files' bytes and of their places relative to the site, not of the machine they are on."""
        total = hashlib.sha256()
        for path in sorted(self._read):
            place = os.path.relpath(path, real(folder)).replace(os.sep, "/")
            inner = hashlib.sha256(self._without_secrets(path)).hexdigest()
            total.update(f"{place}\0{inner}\n".encode("utf-8", "surrogateescape"))
        return total.hexdigest()

    def _without_secrets(self, path: Path) -> bytes:
        data = self._read[path].data
        spans = self._hidden.get(path)
        if not spans:
            return data
        text = decoded(data).removeprefix("\ufeff")
        for start, end in sorted(spans, reverse=True):
            text = f"{text[:start]}{text[end:]}"
        return text.encode("utf-8")


def real(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a NUL in it: reading it says so
        return path


def shown(path: Path) -> str:
    return os.path.normpath(path)


def read_bytes(path: Path) -> bytes:
    try:
        mode = path.stat()
        if stat.S_ISDIR(mode.st_mode):
            raise CannotRead("is-a-folder", "is a folder, and a file is due here")
        if not stat.S_ISREG(mode.st_mode):
            raise CannotRead("not-a-file", "is not a regular file")
        if mode.st_size > MAX_BYTES:
            raise CannotRead("file-too-large", f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
        return path.read_bytes()
    except FileNotFoundError as missing:
        hint = (
            HOME_HINT
            if "~" in (part[:1] for part in path.parts)
            else "relative paths start at the file that names them"
        )
        raise CannotRead("file-missing", "does not exist", hint) from missing
    except ValueError as bad_name:  # a NUL in the path
        raise CannotRead("file-missing", "is no name that a file can have") from bad_name
    except OSError as refused:
        raise CannotRead("unreadable", f"cannot be read: {refused.strerror}") from refused


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise CannotRead(
            "not-utf8",
            f"is not UTF-8: byte 0x{data[wrong.start]:02x} in line {line}",
            "save it as UTF-8",
            line,
        ) from wrong
