"""From file to file: the target appears whole or not at all, and bad files get a clear word."""

from __future__ import annotations

import errno
import os
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from bootstrap.dicomedit import Environment, FileError, NotDicom, apply_file, parse, preview_file
from bootstrap.errors import LocalFileError
from tests.dicomedit.observed import dataset_of
from tests.dicomedit.test_two_ways import file_of

ELEMENTS: dict[str, Any] = {
    "(0008,0016)": {"vr": "UI", "value": "1.2.840.10008.5.1.4.1.1.2"},
    "(0008,0018)": {"vr": "UI", "value": "1.2.3"},
    "(0010,0010)": {"vr": "PN", "value": "Doe^Jane"},
    "(0028,0002)": {"vr": "US", "value": "1"},
    "(0028,0004)": {"vr": "CS", "value": "MONOCHROME2"},
    "(0028,0010)": {"vr": "US", "value": "2"},
    "(0028,0011)": {"vr": "US", "value": "3"},
    "(0028,0100)": {"vr": "US", "value": "16"},
    "(0028,0101)": {"vr": "US", "value": "16"},
    "(0028,0102)": {"vr": "US", "value": "15"},
    "(0028,0103)": {"vr": "US", "value": "0"},
    "(7FE0,0010)": {"vr": "OW", "value_hex": "010002000300040005000600"},
}
NAME = '(0010,0010) := subject\n(0008,0018) := hashUID["a"]'
BLANK = 'alterPixels["Rectangle", "l=1,t=-5,r=9,b=1", "SOLID", "v=3"]'


def image(syntax: str = ExplicitVRLittleEndian) -> Dataset:
    dataset = dataset_of(ELEMENTS)
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    return dataset


def save(path: Path, dataset: Dataset, **encoding: Any) -> Path:
    dcmwrite(path, dataset, enforce_file_format=False, **encoding)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return save(tmp_path / "in.dcm", image())


def test_a_file_is_changed_and_its_meta_information_follows(source: Path, tmp_path: Path) -> None:
    outcome = apply_file(parse(NAME, "6"), source, tmp_path / "out.dcm", {"subject": "S1"})
    changed = dcmread(tmp_path / "out.dcm")
    assert outcome.status == "success"
    assert changed.PatientName == "S1"
    assert changed.file_meta.MediaStorageSOPInstanceUID == changed.SOPInstanceUID
    assert changed.PixelData == image().PixelData
    assert source.read_bytes()[-12:] == (tmp_path / "out.dcm").read_bytes()[-12:]


@pytest.mark.parametrize("script", ["reject[]", "(0010,0010) := nobody"])
def test_without_success_there_is_no_target(script: str, source: Path, tmp_path: Path) -> None:
    outcome = apply_file(parse(script, "6"), source, tmp_path / "out.dcm")
    assert outcome.status in ("rejected", "error")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.dcm"]


def test_a_target_is_replaced_only_when_allowed(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.dcm"
    target.write_bytes(b"there")
    with pytest.raises(LocalFileError, match="exists already"):
        apply_file(parse("", "6"), source, target)
    assert target.read_bytes() == b"there"
    apply_file(parse("", "6"), source, source, overwrite=True)
    assert dcmread(source).PatientName == "Doe^Jane"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"just a text, and not a short one at that", "not a DICOM file"),
        (b"\0" * 128 + b"DICM\x02\x00\x10\x00UI", "meta information"),
        (b"\0" * 128 + b"DICM\x02\x00\x10\x00UI\xff\x00", "meta information"),
        (b"\0" * 128 + b"DICM", "no data set"),
        (b"\0" * 128 + b"DICM" + bytes(range(200, 250)) * 9, "says it is"),
        (b"\x08\x00\x60\x00CS\x02\x00CT\x10\x00\x20\x00LO\x40\x00cut short", "says it is 64 bytes long; only"),
    ],
)
def test_what_is_not_dicom_is_refused(content: bytes, word: str, tmp_path: Path) -> None:
    (tmp_path / "in.dcm").write_bytes(content)
    with pytest.raises(FileError, match=word) as caught:
        apply_file(parse("", "6"), tmp_path / "in.dcm", tmp_path / "out.dcm")
    assert str(tmp_path / "in.dcm") in str(caught.value)
    assert not (tmp_path / "out.dcm").exists()


def test_a_truncated_file_is_refused_with_the_element(source: Path, tmp_path: Path) -> None:
    source.write_bytes(source.read_bytes()[:-4])
    with pytest.raises(
        FileError, match=r"\(7FE0,0010\) of VR OW at byte \d+ says it is 12 bytes long; only 8 are left"
    ):
        apply_file(parse("", "6"), source, tmp_path / "out.dcm")


def test_a_broken_value_representation_is_refused(source: Path, tmp_path: Path) -> None:
    source.write_bytes(source.read_bytes().replace(b"\x10\x00\x10\x00PN", b"\x10\x00\x10\x00\x01\x02"))
    with pytest.raises(FileError, match="no value representation"):
        apply_file(parse("", "6"), source, tmp_path / "out.dcm")


def test_files_that_cannot_be_read_or_written(source: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="cannot be read"):
        apply_file(parse("", "6"), tmp_path / "absent.dcm", tmp_path / "out.dcm")
    with pytest.raises(LocalFileError, match="cannot be written"):
        apply_file(parse("", "6"), source, tmp_path / "no folder" / "out.dcm")


def test_a_full_disk_leaves_nothing(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LocalFileError, match="No space left"):
        apply_file(parse("", "6"), source, tmp_path / "out.dcm")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.dcm"]


@pytest.mark.parametrize(
    ("syntax", "encoding"),
    [
        (ImplicitVRLittleEndian, {"implicit_vr": True, "little_endian": True}),
        (ExplicitVRBigEndian, {"implicit_vr": False, "little_endian": False}),
        (DeflatedExplicitVRLittleEndian, {"implicit_vr": False, "little_endian": True}),
    ],
)
def test_other_transfer_syntaxes_are_kept(syntax: str, encoding: dict[str, bool], tmp_path: Path) -> None:
    original = image()
    if not encoding["little_endian"]:
        original = dataset_of({tag: element for tag, element in ELEMENTS.items() if tag != "(7FE0,0010)"})
    for tag in list(original.keys()):
        original[tag]  # pydicom writes another encoding only of what it has decoded
    original.file_meta.TransferSyntaxUID = UID(syntax)
    source = save(tmp_path / "in.dcm", original, **encoding)
    script = parse('(0028,0010) := "258"\n(0010,0010) := (0028,0011)', "6")
    assert apply_file(script, source, tmp_path / "out.dcm").status == "success"
    changed = dcmread(tmp_path / "out.dcm")
    assert changed.file_meta.TransferSyntaxUID == syntax
    assert (changed.Rows, changed.PatientName) == (258, "3")


def test_a_data_set_without_a_preamble(tmp_path: Path) -> None:
    buffer = BytesIO()
    bare = Dataset()
    bare.SOPClassUID, bare.PatientName = "1.2", "Doe"
    dcmwrite(buffer, bare, implicit_vr=True, little_endian=True, enforce_file_format=False)
    (tmp_path / "in.dcm").write_bytes(buffer.getvalue())
    outcome = apply_file(parse('(0010,0010) := "x"', "6"), tmp_path / "in.dcm", tmp_path / "out.dcm")
    assert outcome.status == "success"
    assert dcmread(tmp_path / "out.dcm", force=True).PatientName == "x"


def test_pixels_are_blanked_in_the_bytes(source: Path, tmp_path: Path) -> None:
    assert apply_file(parse(BLANK, "6"), source, tmp_path / "out.dcm").status == "success"
    changed = dcmread(tmp_path / "out.dcm")
    assert changed.PixelData.hex() == "010000000000040005000600"
    assert changed.BurnedInAnnotation == "NO"
    assert changed.DeidentificationMethodCodeSequence[0].CodeValue == "113101"


def test_an_implicit_file_becomes_explicit_with_its_pixels(tmp_path: Path) -> None:
    original = image()
    for tag in list(original.keys()):
        original[tag]
    original.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    source = save(tmp_path / "in.dcm", original, implicit_vr=True, little_endian=True)
    assert apply_file(parse(BLANK, "6"), source, tmp_path / "out.dcm").status == "success"
    changed = dcmread(tmp_path / "out.dcm")
    assert changed.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert changed.PixelData.hex() == "010000000000040005000600"
    assert changed.PatientName == "Doe^Jane"


def test_compressed_pixels_are_decoded_first(tmp_path: Path) -> None:
    original = image()
    for tag in list(original.keys()):
        original[tag]
    original.compress(RLELossless, generate_instance_uid=False)
    source = save(tmp_path / "in.dcm", original)
    script = parse(f'v := "before"\n{BLANK}\n(0010,0010) := v', "6")
    assert apply_file(script, source, tmp_path / "out.dcm").status == "success"
    changed = dcmread(tmp_path / "out.dcm")
    assert changed.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert np.array_equal(changed.pixel_array, [[1, 0, 0], [4, 5, 6]])
    assert changed.PatientName == "before"


def test_compressed_pixels_are_left_alone_otherwise(tmp_path: Path) -> None:
    original = image()
    for tag in list(original.keys()):
        original[tag]
    original.compress(RLELossless, generate_instance_uid=False)
    source = save(tmp_path / "in.dcm", original)
    assert apply_file(parse("-*/(0010,0010)", "6"), source, tmp_path / "out.dcm").status == "success"
    changed = dcmread(tmp_path / "out.dcm")
    assert changed.file_meta.TransferSyntaxUID == RLELossless
    assert "PatientName" not in changed
    assert np.array_equal(changed.pixel_array, [[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(("dialect", "script"), [("6", "-(0010,0010)"), ("4", "-(0010,0010)")])
def test_the_record_of_xnat(dialect: Any, script: str, source: Path, tmp_path: Path) -> None:
    for record_id, name in ((7, "one.dcm"), (8, "two.dcm"), (0, "three.dcm")):
        apply_file(parse(script, dialect), source, tmp_path / name, record_id=record_id)
        source = tmp_path / name
    codes = dcmread(source).DeidentificationMethodCodeSequence
    assert [code.CodeValue for code in codes] == ["7", "8"]
    assert codes[0].CodeMeaning == f"XNAT DicomEdit {dialect} Script"
    assert (codes[0].CodingSchemeDesignator, codes[0].CodingSchemeVersion) == ("XNAT", "1.0")


def test_a_session_goes_on_from_file_to_file(source: Path, tmp_path: Path) -> None:
    script = parse('(0010,0010) = "Doe^Jane" ? v := "seen"\n(0010,0010) := v', "6")
    session = script.session()
    other = save(tmp_path / "other.dcm", dataset_of({"(0010,0010)": {"vr": "PN", "value": "Else"}}))
    assert apply_file(script, other, tmp_path / "alone.dcm").status == "error"
    assert apply_file(session, source, tmp_path / "1.dcm").status == "success"
    assert apply_file(session, other, tmp_path / "2.dcm").status == "success"
    assert dcmread(tmp_path / "2.dcm").PatientName == "seen"


def test_an_od_element_makes_the_file_unreadable(tmp_path: Path) -> None:
    dataset = image()
    dataset.add_new(0x7FE00009, "OD", b"\0" * 8)
    outcome = apply_file(parse("", "6"), save(tmp_path / "in.dcm", dataset), tmp_path / "out.dcm")
    assert (outcome.status, "OD" in outcome.message) == ("error", True)
    assert parse("", "6").apply(dataset).status == "error"


def test_a_trace_over_bytes(source: Path, tmp_path: Path) -> None:
    outcome = apply_file(parse("-(0010,0010)", "6"), source, tmp_path / "out.dcm", trace=True)
    assert [change.path for step in outcome.trace for change in step.changes] == ["(0010,0010)"]


def test_rejections_can_be_ignored(source: Path, tmp_path: Path) -> None:
    environment = Environment(ignore_rejections=True)
    outcome = apply_file(
        parse('reject[]\n(0010,0010) := "x"', "6"), source, tmp_path / "o.dcm", environment=environment
    )
    assert outcome.status == "success"


def test_a_preview_tells_and_writes_nothing(source: Path) -> None:
    outcome = preview_file(parse(NAME, "6"), source, {"subject": "S1"})
    changes = [(change.path, change.old, change.new) for step in outcome.trace for change in step.changes]
    assert changes[0] == ("(0010,0010)", "Doe^Jane", "S1")
    assert [path.name for path in source.parent.iterdir()] == ["in.dcm"]


@pytest.mark.parametrize("content", [b"", b"this is a text, and no image"])
def test_what_never_was_dicom_is_told_apart(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_bytes(content)
    with pytest.raises(NotDicom, match=r"notes\.txt"):
        preview_file(parse("", "6"), source)


@pytest.mark.parametrize("implicit", [False, True])
def test_a_sequence_younger_than_the_engine_is_none_in_a_file_without_vrs(implicit: bool, tmp_path: Path) -> None:
    """The engine takes it for bytes: what is inside stays."""
    hidden = {"(0010,0010)": {"vr": "PN", "value": "Hidden^Jane"}}
    data = file_of({"(0008,0300)": {"vr": "SQ", "value": [hidden]}, **hidden}, implicit=implicit)
    (tmp_path / "a.dcm").write_bytes(data)
    assert apply_file(parse("-*/(0010,0010)", "6"), tmp_path / "a.dcm", tmp_path / "b.dcm").status == "success"
    assert (tmp_path / "b.dcm").read_bytes().count(b"Hidden^Jane") == implicit
