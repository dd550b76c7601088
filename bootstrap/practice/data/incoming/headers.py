"""What a DICOM file says of itself: the few elements that XNAT looks at, as text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.dicomedit.charsets import decode
from bootstrap.dicomedit.files import open_bytes
from bootstrap.dicomedit.problems import FileError, NeedsDataset
from bootstrap.errors import LocalFileError

if TYPE_CHECKING:
    from bootstrap.dicomedit.holding import Item

TAGS = {
    "ImageType": 0x00080008,
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "SeriesDate": 0x00080021,
    "StudyTime": 0x00080030,
    "SeriesTime": 0x00080031,
    "AccessionNumber": 0x00080050,
    "Modality": 0x00080060,
    "Manufacturer": 0x00080070,
    "InstitutionName": 0x00080080,
    "StationName": 0x00081010,
    "StudyDescription": 0x00081030,
    "SeriesDescription": 0x0008103E,
    "OperatorsName": 0x00081070,
    "ManufacturerModelName": 0x00081090,
    "PatientName": 0x00100010,
    "PatientID": 0x00100020,
    "PatientBirthDate": 0x00100030,
    "AdditionalPatientHistory": 0x001021B0,
    "PatientComments": 0x00104000,
    "ScanningSequence": 0x00180020,
    "SequenceVariant": 0x00180021,
    "ScanOptions": 0x00180022,
    "MRAcquisitionType": 0x00180023,
    "SequenceName": 0x00180024,
    "SliceThickness": 0x00180050,
    "KVP": 0x00180060,
    "RepetitionTime": 0x00180080,
    "EchoTime": 0x00180081,
    "InversionTime": 0x00180082,
    "MagneticFieldStrength": 0x00180087,
    "SpacingBetweenSlices": 0x00180088,
    "SoftwareVersions": 0x00181020,
    "ProtocolName": 0x00181030,
    "FlipAngle": 0x00181314,
    "ReceiveCoilName": 0x00181250,
    "ConvolutionKernel": 0x00181210,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "StudyID": 0x00200010,
    "SeriesNumber": 0x00200011,
    "InstanceNumber": 0x00200013,
    "ImageOrientationPatient": 0x00200037,
    "NumberOfFrames": 0x00280008,
    "Rows": 0x00280010,
    "Columns": 0x00280011,
    "PixelSpacing": 0x00280030,
    "RescaleIntercept": 0x00281052,
    "RescaleSlope": 0x00281053,
    "StudyComments": 0x00324000,
}
_NAMES = {tag: name for name, tag in TAGS.items()}
_BINARY = {"NumberOfFrames": "text", "Rows": "number", "Columns": "number"}
_PREAMBLE_FREE = (struct.error, zlib.error, ValueError, TypeError, KeyError, AttributeError, EOFError, OSError)
_BROKEN = (*_PREAMBLE_FREE, NotImplementedError, RecursionError, IndexError)


class Unreadable(Exception):
    """This is no DICOM, or is cut short."""


@dataclass(frozen=True)
class Header:
    values: dict[int, str]  # of several with backslashes between them

    def __getitem__(self, name: str) -> str:
        return self.values.get(TAGS[name], "")

    def at(self, tag: int) -> str:
        return self.values.get(tag, "")

    def date(self, name: str) -> str:
        """As XML writes it; '' if there is none, or it is none."""
        text = self[name].replace(".", "").replace("-", "")[:8]
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else ""

    def time(self, name: str) -> str:
        text = self[name].replace(":", "")[:6]
        return f"{text[:2]}:{text[2:4]}:{text[4:]}" if len(text) == 6 and text.isdigit() else ""

    def numbers(self, name: str) -> list[str]:
        """Those that are some, as XNAT keeps them."""
        found = []
        for part in self[name].split("\\"):
            try:
                found.append(str(float(part)))
            except ValueError:
                return []
        return found


def read(place: Path, more: Iterable[int] = ()) -> Header:
    """All of the file is looked at, so that one that is cut short is noticed."""
    try:
        data = place.read_bytes()
    except OSError as error:
        raise LocalFileError(f"{place} cannot be read: {error.strerror or error}") from error
    return of(data, more)


def known(place: Path) -> Header:
    """Of a file that does not change any more: it is read once."""
    try:
        facts = place.stat()
    except OSError as error:
        raise Unreadable(str(error)) from error
    return _known(place, facts.st_ino, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=4096)
def _known(place: Path, _number: int, _changed: int, _size: int) -> Header:
    return read(place)


def of(data: bytes, more: Iterable[int] = ()) -> Header:
    try:
        item = opened(data)
        found = {tag: _text(item, tag) for tag in (*TAGS.values(), *more) if tag in item}
    except FileError as error:
        raise Unreadable(error.message) from error
    except _BROKEN as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if TAGS["SOPClassUID"] not in found or TAGS["SOPInstanceUID"] not in found:
        raise Unreadable("it names no SOP class or instance")
    return Header(found)


def opened(data: bytes) -> Item:
    try:
        return open_bytes(data)
    except NeedsDataset:
        from pydicom import dcmread

        from bootstrap.dicomedit.dataset_item import DatasetItem

        return DatasetItem(dcmread(BytesIO(data), force=True))


def _text(item: Item, tag: int) -> str:
    raw = item.raw(tag)
    if _NAMES.get(tag) in ("Rows", "Columns"):
        return str(int.from_bytes(raw[:2], "little"))
    return decode(raw, item.charset()).strip(" \0\r\n\t")
