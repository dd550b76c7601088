"""Every file of an archive that somebody sent, and of the archives in it, given to a receiver."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from bootstrap.practice.data import unpacking
from bootstrap.practice.data.incoming.receiving import Receiver, Refused
from bootstrap.practice.data.unpacking import Budget
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Refusal

_DEEPEST = 3  # archives within archives
_log = logging.getLogger(__name__)


def take_all(receiver: Receiver, place: Path, name: str, *, ignores: bool) -> None:
    """Every file of the archive, and of those in it."""
    taken, refused = 0, ""
    for path, file in files_of(place, name):
        try:
            take(receiver, file, path)
            taken += 1
        except Refusal:
            if not ignores:
                raise
            refused = refused or path
    if refused and not taken:
        raise _unreadable(refused)


def files_of(place: Path, name: str) -> Iterator[tuple[str, Path]]:
    """With the name that each has; what is no archive has none."""
    folder = place.with_name(f"{place.name}-unpacked")
    folder.mkdir()
    try:
        yield from _files(place, name, Budget.of(place, folder), _DEEPEST)
    except unpacking.NoArchive as error:
        _log.info("an upload has no end: %s", error)
    except unpacking.TooMuch as error:
        raise Refusal(bodies.status_page(400, f"The archive is refused: {error}.")) from error


def _files(place: Path, name: str, budget: Budget, depth: int) -> Iterator[tuple[str, Path]]:
    for path, file in unpacking.unpacked(place, name, budget):
        if depth and unpacking.is_archive(path.name):
            inner = file.rename(file.with_name(f"archive-{depth}"))
            yield from _files(inner, path.name, budget, depth - 1)
        else:
            yield path.name, file


def take(receiver: Receiver, place: Path, name: str) -> None:
    try:
        receiver.take(place, name)
    except Refused as error:
        _log.info("%s is not taken: %s", name, error)
        raise _unreadable(name) from error


def _unreadable(name: str) -> Refusal:
    return Refusal(bodies.status_page(400, f"unable to read DICOM object {name}"))
