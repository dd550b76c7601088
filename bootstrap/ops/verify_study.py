"""A synthetic MR study in which every text that could name a person is one of a kind, so that it can be looked for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from bootstrap.kinds.verify_section import PERSONS, PLANTED

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SCANS, IMAGES = ("1", "2"), 2


@dataclass(frozen=True)
class Study:
    label: str  # of the session and of its subject
    images: Sequence[Dataset]
    planted: dict[str, str]  # attribute: what was planted in it

    def zipped(self) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number, image in enumerate(self.images, 1):
                archive.writestr(f"{number}.dcm", written(image))
        return packed.getvalue()

    def found_in(self, content: bytes) -> list[str]:
        """The attributes whose planted text is in there."""
        return [name for name, text in self.planted.items() if text.encode() in content]


def written(image: Dataset) -> bytes:
    from pydicom import dcmwrite

    file = io.BytesIO()
    dcmwrite(file, image, enforce_file_format=True)
    return file.getvalue()


def make_study(project: str) -> Study:
    token = uuid4().hex[:8].upper()
    label = f"verify-{token.lower()}"
    planted = dict(_planted(token))
    study = f"2.25.{uuid4().int}"
    images = [_image(project, label, planted, study, scan, number) for scan in SCANS for number in range(1, IMAGES + 1)]
    return Study(label, images, planted)


def _planted(token: str) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(PLANTED):
        yield name, f"PHI{number:02d}{token}"


def _image(project: str, label: str, planted: dict[str, str], study: str, scan: str, number: int) -> Dataset:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID = MRImageStorage, f"{study}.{scan}.{number}"
    image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.{scan}"
    image.StudyDate = image.SeriesDate = "20240131"
    image.StudyTime = image.SeriesTime = "101112"
    image.Modality, image.Manufacturer, image.ManufacturerModelName = "MR", "Synthetic", "xnat-bootstrap"
    image.StudyDescription, image.SeriesDescription = "synthetic study", f"synthetic series {scan}"
    image.SeriesNumber, image.InstanceNumber = int(scan), number
    image.ImageType = ["ORIGINAL", "PRIMARY"]
    for name, text in planted.items():
        setattr(image, name, f"{text}^Planted" if name in PERSONS else text)
    image.PatientComments = f"Project:{project} Subject:{label} Session:{label} AA:true"  # XNAT routes by it
    _add_pixels(image)
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = MRImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    return image


def _add_pixels(image: Dataset) -> None:
    image.Rows = image.Columns = 8
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation = 15, 0
    image.PixelData = bytes(image.Rows * image.Columns * 2)
