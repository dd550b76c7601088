"""Small DICOM files to run scripts over."""

from __future__ import annotations

from pathlib import Path

from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian


def write_dicom(path: Path, *, modality: str = "MR", name: str = "Doe^Jane", study: str = "1.2.3") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    dataset.SOPInstanceUID = f"{study}.9.{len(path.name)}"
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.StudyInstanceUID = study
    dataset.Modality = modality
    dataset.PatientName = name
    dcmwrite(path, dataset, enforce_file_format=True)
    return path


def write_image(path: Path, *, rows: int, columns: int, value: int = 7) -> Path:
    """One frame of 16 bits, all of it the same."""
    dataset = dcmread(write_dicom(path))
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, 1
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation, dataset.PhotometricInterpretation = 15, 0, "MONOCHROME2"
    dataset.add_new(0x7FE00010, "OW", value.to_bytes(2, "little") * (rows * columns))
    dcmwrite(path, dataset, enforce_file_format=True)
    return path
