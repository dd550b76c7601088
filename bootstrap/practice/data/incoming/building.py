"""A session built of the files that lie in the prearchive: its document, and which files each scan has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.practice.data import experiment_types as types
from bootstrap.practice.data import keeping, places
from bootstrap.practice.data.incoming import described, headers, prearchive
from bootstrap.practice.data.incoming.headers import Header, Unreadable
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.resources import Facts

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

IMAGES, SECONDARY = "DICOM", "secondary"


class NothingThere(Exception):
    """A session without a file."""


@dataclass(frozen=True)
class Received:
    """A file, and what it says of itself."""

    place: Path
    header: Header

    @property
    def label(self) -> str:
        """Of the resource that it belongs into."""
        return SECONDARY if described.is_secondary(self.header) else IMAGES


@dataclass(frozen=True)
class Series:
    scan: str  # its ID
    files: list[Received]

    @property
    def first(self) -> Header:
        return self.files[0].header

    def item(self) -> Item:
        return described.scan(self.scan, self.first, sum(described.frames(one.header) for one in self.files))


def build(site: Site, waiting: Waiting) -> Waiting:
    """READY afterwards, or RECEIVING again if a file came meanwhile. Busy, Gone, NothingThere."""
    with prearchive.held(site, waiting, prearchive.BUILDING) as mine:
        item = document(site, mine, series(prearchive.folder(site, mine) / "SCANS"))
        with site.storage.write():
            now = prearchive.by_number(site, mine.number)
            if now is None:
                raise prearchive.Gone(mine.address)
            interrupted = now.status == prearchive.INTERRUPT
            status = prearchive.RECEIVING if interrupted else prearchive.READY
            return prearchive.change(site, now, status=status, item=keeping.as_text(item))


def series(folder: Path) -> list[Series]:
    """Of the scans that lie below a folder, in the order of their IDs; a file that is no DICOM is left out."""
    found: dict[str, list[Received]] = defaultdict(list)
    for scan, place in files(folder):
        try:
            found[scan].append(Received(place, headers.known(place)))
        except Unreadable:
            continue
    return [Series(scan, several) for scan, several in sorted(found.items(), key=lambda pair: _order(pair[0]))]


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The scan that each belongs to, and where it lies."""
    if folder.is_dir():
        for scan in sorted(folder.iterdir()):
            for place in sorted(scan.glob("*/*")):
                if place.is_file() and not place.name.startswith("."):
                    yield scan.name, place


def document(site: Site, waiting: Waiting, several: list[Series]) -> Item:
    """The session's item, with its scans, and of each its resources."""
    if not several:
        raise NothingThere(waiting.address)
    facts = {
        "label": waiting.name,
        "project": waiting.project,
        "prearchivePath": places.reported(site, prearchive.folder(site, waiting)),
    }
    item = described.session([one.first for one in several], facts)
    item.children[types.SCANS] = [_with_resources(one) for one in several]
    return item


def facts_of(label: str) -> Facts:
    """Of a resource of this label that images are put into."""
    return Facts(format="DICOM", content="secondary" if label == SECONDARY else "RAW")


def _with_resources(one: Series) -> Item:
    item, sizes = one.item(), defaultdict[str, list[int]](list)
    for file in one.files:
        sizes[file.label].append(file.place.stat().st_size)
    item.children[types.FILES] = [_resource(one.scan, label, found) for label, found in sizes.items()]
    return item


def _resource(scan: str, label: str, sizes: list[int]) -> Item:
    facts = facts_of(label)
    fields = {
        "label": label,
        "URI": f"SCANS/{scan}/{IMAGES}/scan_{scan}_catalog.xml",
        "format": facts.format,
        "content": facts.content,
        "file_count": str(len(sizes)),
        "file_size": str(sum(sizes)),
    }
    return Item(types.CATALOG, fields)


def _order(scan: str) -> tuple[bool, int, str]:
    is_number = scan.isascii() and scan.isdigit() and len(scan) < 16
    return not is_number, int(scan) if is_number else 0, scan
