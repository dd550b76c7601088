"""From file to file. The target appears whole, or not at all."""

from __future__ import annotations

import os
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.dicomedit.bytes_item import BytesItem, read_root
from bootstrap.dicomedit.editing import shown
from bootstrap.dicomedit.elements import UNDEFINED, Entry, read_elements
from bootstrap.dicomedit.encoding import (
    IMPLICIT_LITTLE_ENDIAN,
    TRANSFER_SYNTAX,
    Chunk,
    encoded,
    settle_file_meta,
)
from bootstrap.dicomedit.environment import Environment
from bootstrap.dicomedit.outcome import Outcome
from bootstrap.dicomedit.problems import FileError, NeedsDataset, NeedsDecoding, NotDicom
from bootstrap.errors import LocalFileError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from bootstrap.dicomedit.dataset_item import DatasetItem
    from bootstrap.dicomedit.script import Script
    from bootstrap.dicomedit.session import Session

_PREAMBLE = 132
_LARGE = 0x8000
_BIG_ENDIAN, _DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, EOFError, NotImplementedError, OSError, RecursionError)


def apply_file(
    script: Script | Session,
    source: str | Path,
    target: str | Path,
    variables: Mapping[str, str] | None = None,
    *,
    environment: Environment | None = None,
    record_id: int | None = None,
    overwrite: bool = False,
    trace: bool = False,
) -> Outcome:
    """Applies a script (or a session, to go on with its variables) to a file. Writes the target only on success.

    With a `record_id`, the script leaves XNAT's record of itself in (0012,0064).
    Raises FileError if the source cannot be used, LocalFileError if it cannot be read or the target not be written.
    """
    from bootstrap.dicomedit.session import Session

    session = script if isinstance(script, Session) else script.session(variables, environment=environment)
    origin, destination = Path(source), Path(target)
    if not overwrite and destination.exists():
        raise LocalFileError(f"{destination} exists already", hint="choose another target, or allow it to be replaced")
    outcome, chunks = _applied(session, origin, record_id, trace)
    if outcome.status == "success":
        _write(destination, chunks)
    return outcome


def preview_file(
    script: Script,
    source: str | Path,
    variables: Mapping[str, str] | None = None,
    *,
    environment: Environment | None = None,
    record_id: int | None = None,
) -> Outcome:
    """What a script would do to a file, with the trace of it. Writes nothing. Raises as `apply_file` does."""
    session = script.session(variables, environment=environment)
    return _applied(session, Path(source), record_id, True)[0]


def _applied(session: Session, origin: Path, record_id: int | None, trace: bool) -> tuple[Outcome, Iterable[Chunk]]:
    data = _content(origin)
    try:
        return _edited(session, data, record_id, trace)
    except FileError as error:
        raise type(error)(f"{origin}: {error.message}", hint=error.hint) from error
    except RecursionError:
        raise FileError(f"{origin}: sequences are nested too deep to be written") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LocalFileError(f"{path} cannot be read: {error.strerror or error}") from error


def _edited(session: Session, data: bytes, record_id: int | None, trace: bool) -> tuple[Outcome, Iterable[Chunk]]:
    before = dict(session.variables)
    try:
        return _by_bytes(session, data, record_id, trace)
    except NeedsDecoding:
        session.variables = before
    except NeedsDataset:
        pass
    return _by_dataset(session, data, record_id, trace)


def _by_bytes(session: Session, data: bytes, record_id: int | None, trace: bool) -> tuple[Outcome, Iterable[Chunk]]:
    root = open_bytes(data)
    notes = tuple(f"{shown(tag)} has the VR {vr}, which DICOM does not know" for tag, vr in root.strange_vrs())
    outcome = session.edit_traced(root, trace=trace, record_id=record_id)
    if notes:
        outcome = replace(outcome, notes=notes)
    if outcome.status != "success":
        return outcome, ()
    settle_file_meta(root)
    return outcome, encoded(root, data[: _PREAMBLE - 4])


def open_bytes(data: bytes) -> BytesItem:
    """The object of a little endian file. Raises FileError."""
    if data[128:_PREAMBLE] != b"DICM":
        _require_plausible(data)
        raise NeedsDataset
    start = _meta_end(data)
    meta = read_elements(data, _PREAMBLE, start, explicit=True)
    syntax = _text(data, meta.get(TRANSFER_SYNTAX))
    if syntax in (_BIG_ENDIAN, _DEFLATED, ""):
        raise NeedsDataset
    return read_root(data, meta, start, syntax != IMPLICIT_LITTLE_ENDIAN)


def _text(data: bytes, entry: Entry | None) -> str:
    return data[entry.value : entry.end].rstrip(b"\0 ").decode("ascii", "replace") if entry is not None else ""


def _meta_end(data: bytes) -> int:
    """Where group 0002 ends: by its elements, not by what its length element claims."""
    at = _PREAMBLE
    try:
        while data[at : at + 2] == b"\x02\x00":
            (length,) = struct.unpack_from("<H", data, at + 6)
            header = 8
            if data[at + 4 : at + 6] in (b"OB", b"OW", b"UN", b"UT", b"SQ"):
                (length,) = struct.unpack_from("<I", data, at + 8)
                header = 12
            at += header + length
    except struct.error:
        at = len(data) + 1
    if at > len(data):
        raise FileError("the file ends inside its meta information")
    return at


def _require_plausible(data: bytes) -> None:
    """A data set without a preamble begins with a low group, and with a length that fits."""
    if not data:
        raise NotDicom("the file is empty")
    group = int.from_bytes(data[:2], "little")
    length = int.from_bytes(data[6:8] if data[4:6].isalpha() else data[4:8], "little")
    if len(data) < 8 or group not in (2, 8) or length > len(data):
        raise NotDicom("this is not a DICOM file: it has neither the preamble nor a data set")


def _by_dataset(session: Session, data: bytes, record_id: int | None, trace: bool) -> tuple[Outcome, Iterable[Chunk]]:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    from bootstrap.dicomedit.dataset_item import DatasetItem

    try:
        dataset = dcmread(BytesIO(data), force=True)
        root = DatasetItem(dataset)
    except (InvalidDicomError, zlib.error, struct.error, *_UNREADABLE) as error:
        raise FileError(f"the file cannot be read as DICOM: {error}") from error
    _require_whole(dataset)
    outcome = session.edit_traced(root, trace=trace, record_id=record_id)
    if outcome.status != "success":
        return outcome, ()
    settle_file_meta(root)
    root.finish()
    return outcome, [_saved(root)]


def _require_whole(dataset: Dataset) -> None:
    """pydicom takes what it finds, and says nothing of a file that ends too early."""
    if not dataset:
        raise FileError("the file holds no data set behind its preamble")
    for element in dataset._dict.values():
        value, length = element.value, getattr(element, "length", 0)
        if isinstance(value, bytes) and len(value) < length != UNDEFINED:
            name = f"({element.tag.group:04X},{element.tag.elem:04X})"
            raise FileError(f"{name} says it is {length} bytes long; only {len(value)} are left")


def _saved(root: DatasetItem) -> bytes:
    from pydicom import dcmwrite

    buffer = BytesIO()
    try:
        root.settle_encoding()
        dcmwrite(buffer, root.dataset, enforce_file_format=False)
    except (struct.error, *_UNREADABLE) as error:
        raise FileError(f"the changed object cannot be written: {error}") from error
    return buffer.getvalue()


def _write(path: Path, chunks: Iterable[Chunk]) -> None:
    """Under another name first: what is there under its own name is whole."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb", buffering=0) as file:
            for piece in _gathered(chunks):
                _write_all(file.fileno(), piece)
        os.replace(part, path)
    except OSError as error:
        raise LocalFileError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)  # also when a signal came in between


def _gathered(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Small pieces together, large ones alone: to copy pixels once more takes longer than everything else."""
    small: list[Chunk] = []
    for chunk in chunks:
        if len(chunk) < _LARGE:
            small.append(chunk)
            continue
        yield b"".join(small)
        yield chunk
        small.clear()
    yield b"".join(small)


def _write_all(descriptor: int, data: Chunk) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
