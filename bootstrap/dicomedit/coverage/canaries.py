"""An object that holds every attribute of the profile, at the root and in sequences, each with a value of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit.coverage.probes import sample_tags
from bootstrap.dicomedit.younger import young_sequences
from bootstrap.facts.ps315 import Attribute

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

# Sequences in which every attribute is put besides; the profile does not name them.
_SHARED, _PER_FRAME, _FRAME_CONTENT = 0x52009229, 0x52009230, 0x00209111
_FIRST_DAY, _DAYS_APART = date(1801, 1, 1), 2003  # prime: a script that shifts dates hardly turns one into another
_PRIVATE_GROUP, _ORPHAN_GROUP, _CREATOR = 0x0019, 0x0021, "CANARY"
_FILE_LEVEL = ("0000", "0002")
_REFERENCED_UID, _CODE_MEANING = 0x00081155, 0x00080104
_PATIENT_NAME = 0x00100010


@dataclass(frozen=True, slots=True)
class Canary:
    """`text` is what to look for; `exact` where it is only found by the whole value (numbers)."""

    attribute: Attribute
    where: str
    text: str
    exact: bool = False


@dataclass(slots=True)
class Cage:
    """The object, and what was put into it."""

    dataset: Dataset
    canaries: list[Canary] = field(default_factory=list)


def caged(attributes: Iterable[Attribute], *, implicit: bool = False, younger: bool = False) -> Cage:
    """`implicit`: as a file holds it that states no value representations. With `younger`, a name stands in each
    sequence that the engine's dictionary does not know, too."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    cage, keeper = Cage(dataset), _Keeper()
    rows = list(attributes)
    for where, item in _places(dataset):
        for attribute in rows:
            cage.canaries += keeper.place(attribute, item, where, dataset)
    if younger:
        name = next(one for one in rows if one.digits == f"{_PATIENT_NAME:08X}")
        cage.canaries += keeper.young(name, dataset, "")
        cage.canaries += keeper.young(name, dataset[_SHARED][0], f"({_SHARED >> 16:04X},{_SHARED & 0xFFFF:04X})[0]")
    _describe(dataset)
    return cage


def _describe(dataset: Dataset) -> None:
    """What makes it an object that a script may test: a CT slice with text burned in."""
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.Modality = "CT"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.BurnedInAnnotation = "YES"
    dataset.SeriesNumber, dataset.InstanceNumber = "1", "1"
    dataset.Rows = dataset.Columns = 4
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 7, 0, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = bytes(16)


def _places(dataset: Dataset) -> Iterator[tuple[str, Dataset]]:
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    yield "", dataset
    first, second, outer, inner = Dataset(), Dataset(), Dataset(), Dataset()
    dataset.add_new(_SHARED, "SQ", Sequence([first, second]))
    dataset.add_new(_PER_FRAME, "SQ", Sequence([outer]))
    outer.add_new(_FRAME_CONTENT, "SQ", Sequence([inner]))
    yield "(5200,9229)[0]", first
    yield "(5200,9229)[1]", second
    yield "(5200,9230)[0]/(0020,9111)[0]", inner


class _Keeper:
    """Gives every canary a number, and a value made of it that no other has."""

    def __init__(self) -> None:
        self.number, self.dates = 0, 0

    def _value(self, vr: str) -> tuple[Any, str, bool]:
        self.number += 1
        self.dates += vr in ("DA", "DT")
        return _value(vr, self.number, _FIRST_DAY + timedelta(days=self.dates * _DAYS_APART))

    def place(self, attribute: Attribute, item: Dataset, where: str, root: Dataset) -> Iterator[Canary]:
        if attribute.is_private:
            yield from self._private(attribute, item, where)
            return
        if attribute.digits.startswith(_FILE_LEVEL) and where:
            return
        for tag in sample_tags(attribute):
            yield self._one(attribute, tag, root.file_meta if tag >> 16 == 2 else item, where)

    def _one(self, attribute: Attribute, tag: int, item: Dataset, where: str) -> Canary:
        vr = attribute.vr or "OB"
        if vr == "SQ":
            return self._sequence(attribute, tag, item, where)
        value, text, exact = self._value(vr)
        item.add_new(tag, vr, value)
        return Canary(attribute, _path(where, tag), text, exact)

    def _sequence(self, attribute: Attribute, tag: int, item: Dataset, where: str) -> Canary:
        """A sequence has no text: the canary sits in an element that the profile does not name, or in a reference."""
        from pydicom.dataset import Dataset
        from pydicom.sequence import Sequence

        inner = Dataset()
        uids = attribute.basic.endswith("U*")
        value, text, _ = self._value("UI" if uids else "LO")
        inner.add_new(_REFERENCED_UID if uids else _CODE_MEANING, "UI" if uids else "LO", value)
        item.add_new(tag, "SQ", Sequence([inner]))
        return Canary(attribute, _path(where, tag), text)

    def young(self, attribute: Attribute, item: Dataset, where: str) -> Iterator[Canary]:
        """In each young sequence that is not there already."""
        from pydicom.dataset import Dataset
        from pydicom.sequence import Sequence

        for tag in young_sequences():
            if tag not in item:
                inner = Dataset()
                item.add_new(tag, "SQ", Sequence([inner]))
                yield self._one(attribute, _PATIENT_NAME, inner, f"{_path(where, tag)}[0]")

    def _private(self, attribute: Attribute, item: Dataset, where: str) -> Iterator[Canary]:
        from pydicom.dataset import Dataset
        from pydicom.sequence import Sequence

        item.add_new(_PRIVATE_GROUP << 16 | 0x10, "LO", _CREATOR)
        inner, sequence = Dataset(), _path(where, _PRIVATE_GROUP << 16 | 0x1002)
        holders = [(item, _PRIVATE_GROUP << 16 | 0x1001), (item, _ORPHAN_GROUP << 16 | 0x1001), (inner, 0x00080104)]
        for holder, tag in holders:
            value, text, _ = self._value("LO")
            holder.add_new(tag, "LO", value)
            path = f"{sequence}[0]/(0008,0104)" if holder is inner else _path(where, tag)
            yield Canary(attribute, path, text)
        item.add_new(_PRIVATE_GROUP << 16 | 0x1002, "SQ", Sequence([inner]))


def _path(where: str, tag: int) -> str:
    return f"{where}/" * bool(where) + f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _value(vr: str, number: int, day: date) -> tuple[Any, str, bool]:
    """The value, the text to look for, and whether only a whole value counts."""
    match vr:
        case "DA":
            return f"{day:%Y%m%d}", f"{day:%Y%m%d}", False
        case "DT":
            return f"{day:%Y%m%d}010203.{number:06d}", f"{day:%Y%m%d}010203.{number:06d}", False
        case "TM":
            return f"010203.{number:06d}", f"010203.{number:06d}", False
        case "UI":
            return f"1.3.6.1.4.1.99999.{number}.7", f"1.3.6.1.4.1.99999.{number}.7", False
        case "AS":
            return f"{number % 1000:03d}D", f"{number % 1000:03d}D", True
        case "DS" | "IS":
            return str(7000000 + number), str(7000000 + number), True
        case "US":
            return 20000 + number, str(20000 + number), True
        case "OB" | "OW" | "UN":
            return f"CNRY{number:05d}Z".encode(), f"CNRY{number:05d}Z", False
        case "UR":
            return f"http://canary.invalid/CNRY{number:05d}Z", f"CNRY{number:05d}Z", False
        case _:
            return f"CNRY{number:05d}Z", f"CNRY{number:05d}Z", False
