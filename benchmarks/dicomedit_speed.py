"""How fast scripts are read and files are changed, next to a plain copy and to pydicom's reading and writing.

One core, and processor time: others may use the machine too. The files are on a RAM disk where there is one.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pydicom import Dataset, dcmread
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from bootstrap.dicomedit import apply_file, format_script, parse

ROUNDS = 5
SHORT = 60  # slices
SITE_PROFILE = Path(__file__).parents[1] / "anon_scripts" / "site-basic-profile.das"
VARIABLES = {"project": "P", "subject": "S_01", "session": "E_01"}
PROFILE = """version "6.6"
(0008,1030) := project
(0010,0010) := subject
(0010,0020) := session
-(0008,0080)
-(0008,0090)
-(0008,1010)
-(0008,1048)
-(0008,1070)
-(0010,0030)
-*/(0010,1040)
-*/(0010,2154)
-*/(0010,4000)
-(0032,1032)
(0008,0020) := shiftDateByIncrement[(0008,0020), -37]
(0008,0021) := shiftDateByIncrement[(0008,0021), -37]
(0020,000D) := hashUID[(0020,000D)]
(0020,000E) := hashUID[(0020,000E)]
(0008,0018) := hashUID[(0008,0018)]
hashUIDList[*/(0008,1155), */(3006,0024)]
*/(0008,0050) ?= ""
(0008,0060) = "US" ? alterPixels["rectangle", "l=0,t=0,r=100,b=20", "solid", "v=0"]
if ((0008,0060) = "SR") {
  reject[]
}
(0012,0062) := "YES"
(0008,103E) := format["{0}_{1}", (0008,103E), (0020,0011)]
removeAllPrivateTags
-(50X@,XXXX)
-(60X@,4000)
*/(0040,A123) ?= "X"
"""
DELETES = 'version "6.6"\n' + "\n".join(f"-*/(0010,{element:04X})" for element in range(0x1000, 0x1000 + 200))
MISSES = 'version "6.6"\n(0010,0010) := subject\n'


def slice_of(number: int) -> FileDataset:
    """A CT slice of 512 x 512 with private elements and nested sequences, some 150 elements in all."""
    dataset = FileDataset("", {}, preamble=b"\0" * 128)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, f"1.2.3.4.{number}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = "1.2.3", "1.2.3.1", "1.2.3.9"
    texts = {
        "PatientName": "Doe^Jane", "PatientID": "PID-007", "PatientBirthDate": "19580317", "Modality": "CT",
        "StudyDate": "20230519", "SeriesDate": "20230519", "StudyTime": "131758.4", "InstitutionName": "Mercy",
        "StudyDescription": "Head", "SeriesDescription": "axial", "AccessionNumber": "ACC42", "StationName": "ST1",
        "ReferringPhysicianName": "Ref^A", "OperatorsName": "Op", "Manufacturer": "ACME", "KVP": "120",
        "SliceThickness": "1.5", "ConvolutionKernel": "H30", "InstanceNumber": str(number), "SeriesNumber": "2",
        "RescaleSlope": "1", "RescaleIntercept": "-1024", "WindowCenter": "40", "WindowWidth": "400",
    }  # fmt: skip
    for keyword, text in texts.items():
        setattr(dataset, keyword, text)
    referenced, requested, code = Dataset(), Dataset(), Dataset()
    referenced.ReferencedSOPClassUID, referenced.ReferencedSOPInstanceUID = CTImageStorage, "1.2.3.5.1"
    code.CodeValue, code.CodeMeaning = "C1", "meaning"
    requested.PatientName, requested.ScheduledProtocolCodeSequence = "Nested^Name", [code]
    dataset.ReferencedImageSequence, dataset.RequestAttributesSequence = [referenced, referenced], [requested]
    for group, vr, value in ((0x00190000, "LO", "a private value"), (0x00290000, "OB", b"\1\2" * 50)):
        dataset.add_new(group | 0x10, "LO", "ACME CT")
        for element in range(40):
            dataset.add_new(group | 0x1000 + element, vr, value)
    dataset.Rows = dataset.Columns = 512
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.PixelData = os.urandom(512 * 512 * 2)
    return dataset


def per_second(work: Callable[[], object], count: int) -> float:
    """Of several rounds the best, in processor time: others may use the machine too."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return count / max(best, 1e-9)


def scripts() -> None:
    lines = '(0008,{0:04x}) = "a" ? (0010,{0:04x}) := concatenate["a", subject, (0020,000d)] : -(0010,{0:04x})'
    text = 'version "6.6"\n' + "\n".join(lines.format(number) for number in range(499))
    begun = time.process_time()
    parse(text)
    print(f"500 dense lines, the first script in the process {1000 * (time.process_time() - begun):8.1f} ms")
    script = parse(text)
    ordinary = "\n".join((PROFILE * 20).splitlines()[:500])
    for name, work in (
        ("500 dense lines", lambda: parse(text)),
        ("500 ordinary lines", lambda: parse(ordinary)),
        ("laying out 500 dense lines", lambda: format_script(script)),
    ):
        print(f"{name:<48} {1000 / per_second(work, 1):8.1f} ms")


def files(folder: Path, count: int) -> None:
    sources = [folder / f"{number}.dcm" for number in range(count)]
    for number, path in enumerate(sources):
        slice_of(number).save_as(path, enforce_file_format=True)
    target = folder / "target.dcm"

    def pydicom_only() -> None:
        for path in sources:
            dcmread(path).save_as(target)

    def copies() -> None:
        for path in sources:
            target.write_bytes(path.read_bytes())

    def edits(text: str) -> Callable[[], None]:
        session = parse(text).session(VARIABLES)

        def run() -> None:
            for path in sources:
                apply_file(session, path, target, overwrite=True)

        return run

    base = per_second(pydicom_only, count)
    print(f"\n{count} slices of 512 x 512, reading and writing included")
    rows = [
        ("copying the bytes", copies),
        ("a script of two statements", edits(MISSES)),
        ("a profile of 30 statements", edits(PROFILE)),
        ("200 deletes at any depth", edits(DELETES)),
        ("site-basic-profile.das", edits(SITE_PROFILE.read_text("utf-8"))),
    ]
    print(f"  pydicom reads and writes      {base:8.0f} a second")
    for name, work in rows:
        rate = per_second(work, count)
        print(f"  {name:<28}  {rate:8.0f} a second   {rate / base:5.2f} times pydicom")


def main(size: int = SHORT) -> None:
    scripts()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        files(Path(folder), min(size, 1_000))
