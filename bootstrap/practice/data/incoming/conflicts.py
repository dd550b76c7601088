"""What speaks against archiving a session as it is: the reasons that validate-archive tells, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences
from bootstrap.practice.data import files, owners, resources, scans, workflows
from bootstrap.practice.data.experiments import Experiment
from bootstrap.practice.data.incoming.building import Series
from bootstrap.practice.data.item import Item
from bootstrap.practice.data.scans import Scan
from bootstrap.practice.data.subjects import Subject

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

FAIL, CONFLICT = "FAIL", "CONFLICT"
_EXISTS, _OTHER_PROJECT, _OTHER_SUBJECT, _OTHER_STUDY, _PROCESSED = 1, 3, 4, 5, 10
_SAME_FILES, _SAME_SCAN, _SAME_UID, _OTHER_TYPE = 14, 16, 18, 19
_NEVER_OVERRIDDEN = {_OTHER_PROJECT, _OTHER_SUBJECT, _OTHER_TYPE, _PROCESSED}


@dataclass(frozen=True)
class Terms:
    """What the one who archives puts up with."""

    merges: bool = True  # into a session that exists
    overrides: bool = False  # conflicts that can be overridden
    overwrites: bool = False  # files that exist


@dataclass(frozen=True)
class Reason:
    code: int
    message: str

    @property
    def type(self) -> str:
        return FAIL if self.code in (_OTHER_SUBJECT, _OTHER_TYPE, _OTHER_PROJECT) else CONFLICT

    def stands(self, terms: Terms) -> bool:
        """Whether it keeps from archiving on these terms."""
        if self.code in _NEVER_OVERRIDDEN:
            return True
        if self.code == _EXISTS:
            return not terms.merges
        if self.code == _SAME_SCAN:
            return False
        if self.code == _SAME_FILES:
            return not terms.overwrites and not terms.overrides
        return not terms.overrides


def reasons(
    site: Site, existing: Experiment | None, subject: Subject | None, item: Item, several: list[Series]
) -> Iterator[Reason]:
    """All of them, in the order in which XNAT tells them."""
    if existing is None:
        return
    yield Reason(_EXISTS, "Session already exists, retry with overwrite enabled")
    if subject is None or subject.id != existing.subject:
        yield Reason(_OTHER_SUBJECT, "Session already exists for a different subject.")
    if item.type != existing.type and preferences.boolean(site, "preventCrossModalityMerge"):
        yield Reason(_OTHER_TYPE, "Session already exists with a different modality (data-type).")
    uid = existing.item.fields.get("UID", "")
    if uid and uid != item.fields.get("UID"):
        yield Reason(_OTHER_STUDY, "Session already exists with a different study instance UID.")
    if workflows.open_one(site, existing.id):
        yield Reason(_PROCESSED, "Session processing may already be running on this session.")
    there = scans.of_session(site, existing.id)
    if any(_has_same_files(site, there, one) for one in several):
        yield Reason(_SAME_FILES, "Session already exists with matching files.")
    for one in several:
        yield from _of_scan(there, one)


def _of_scan(there: list[Scan], one: Series) -> Iterator[Reason]:
    uid = one.first["SeriesInstanceUID"]
    for scan in there:
        if scan.item.fields.get("UID") == uid:
            if scan.id == one.scan:
                text = f"Session already contains a scan ({scan.id}) with the same UID and number."
                yield Reason(_SAME_SCAN, text)
            else:
                text = f"Session already contains a scan ({scan.id}) with the same UID, but a different number."
                yield Reason(_SAME_UID, text)


def _has_same_files(site: Site, there: list[Scan], one: Series) -> bool:
    """In the scan that it is merged into: that of the same series."""
    uid = one.first["SeriesInstanceUID"]
    for scan in there:
        if scan.item.fields.get("UID", uid) != uid or scan.id != one.scan:
            continue
        for resource in resources.of(site, owners.of(scan)):
            known = {file.path for file in files.of(site, resource)}
            if any(file.label == resource.label and file.place.name in known for file in one.files):
                return True
    return False
