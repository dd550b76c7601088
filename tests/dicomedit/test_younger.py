"""Sequences that are younger than the engine's dictionary: bytes to it where the file states no VR."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, config, dcmread, dcmwrite
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from bootstrap.dicomedit import apply_file, parse, preview_file
from bootstrap.dicomedit.coverage import prove
from bootstrap.dicomedit.coverage.proof import IMPLICIT
from bootstrap.dicomedit.younger import sequences_left, young_sequences

YOUNG, KNOWN, PRIVATE = 0x00080300, 0x00400275, 0x00191002
NAME, MARK = 0x00100010, b"Canary^A"


def an_object(
    tag: int = YOUNG, *, implicit: bool = True, open_ended: bool = False, open_items: bool = False
) -> Dataset:
    """A name in a sequence, which stands in a sequence that the engine knows."""
    inner, outer, dataset = Dataset(), Dataset(), Dataset()
    inner.PatientName = MARK.decode()
    outer.add_new(tag, "SQ", Sequence([inner]))
    outer[tag].is_undefined_length = open_ended
    inner.is_undefined_length_sequence_item = open_items
    dataset.add_new(KNOWN, "SQ", Sequence([outer]))
    dataset.preamble = bytes(128)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    return dataset


def with_unknown_vr(tag: int = YOUNG) -> Dataset:
    """Explicit VR, made by a gateway that did not know the sequence either."""
    dataset = an_object(tag, implicit=False)
    raw = b"\xfe\xff\x00\xe0\x10\0\0\0" + b"\x10\0\x10\0\x08\0\0\0" + MARK
    dataset[KNOWN].value[0]._dict[BaseTag(tag)] = RawDataElement(BaseTag(tag), "UN", len(raw), raw, 0, False, True)
    return dataset


def written(dataset: Dataset) -> bytes:
    buffer = BytesIO()
    implicit = dataset.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "replace_un_with_known_vr", False)  # pydicom would mend what is to be shown here
        dcmwrite(buffer, dataset, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()


def survives(script: str, dataset: Dataset, folder: Path) -> set[bool]:
    """By bytes, by the data set of the file, and by the data set that never was in one."""
    source, target = folder / "in.dcm", folder / "out.dcm"
    source.write_bytes(written(dataset))
    read = parse(script, "6")
    assert apply_file(read, source, target).status == "success"
    outcomes = [read.apply(one).dataset for one in (dcmread(source), dataset)]
    texts = [target.read_bytes(), *(written(one) for one in outcomes if one is not None)]
    assert len(texts) == 3
    return {MARK in text for text in texts}


DEEP = "-*/(0010,0010)"


@pytest.mark.parametrize(
    ("dataset", "stays"),
    [
        pytest.param(an_object(), True, id="implicit"),
        pytest.param(an_object(open_ended=True), True, id="implicit, the sequence of undefined length"),
        pytest.param(an_object(open_items=True), True, id="implicit, the item of undefined length"),
        pytest.param(an_object(open_ended=True, open_items=True), False, id="implicit, both: this shows what it is"),
        pytest.param(an_object(KNOWN), False, id="implicit, a sequence that is known"),
        pytest.param(an_object(PRIVATE), True, id="implicit, private"),
        pytest.param(an_object(implicit=False), False, id="explicit"),
        pytest.param(with_unknown_vr(), True, id="explicit, UN"),
        pytest.param(with_unknown_vr(KNOWN), False, id="explicit, UN, a sequence that is known"),
    ],
)
def test_whether_a_statement_reaches_inside(dataset: Dataset, stays: bool, tmp_path: Path) -> None:
    assert survives(DEEP, dataset, tmp_path) == {stays}


@pytest.mark.parametrize("dataset", [an_object(), an_object(open_ended=True), with_unknown_vr()])
def test_it_goes_as_a_whole(dataset: Dataset, tmp_path: Path) -> None:
    assert survives("-*/(0008,0300)", dataset, tmp_path) == {False}


def test_the_way_into_it_is_an_error() -> None:
    script = parse('(0040,0275)[0]/(0008,0300)[0]/(0010,0010) := "x"', "6")
    outcome = script.apply(an_object())
    assert (outcome.status, outcome.line) == ("error", 1)
    assert script.apply(an_object(implicit=False)).status == "success"


def test_an_untouched_one_keeps_its_bytes(tmp_path: Path) -> None:
    source, target = tmp_path / "in.dcm", tmp_path / "out.dcm"
    source.write_bytes(written(an_object(open_ended=True)))
    apply_file(parse('(0040,0275)[0]/(0010,0020) := "x"', "6"), source, target)
    item = dcmread(target)[KNOWN].value[0]
    assert item[YOUNG].value[0].PatientName == MARK.decode()
    assert item.PatientID == "x"


def test_the_trace_shows_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in.dcm"
    source.write_bytes(written(an_object(open_ended=True)))
    outcome = preview_file(parse("-*/(0008,0300)", "6"), source)
    (step,) = outcome.trace
    assert [(change.path, change.old) for change in step.changes] == [("(0040,0275)[0]/(0008,0300)", "<24 bytes>")]


def test_an_element_that_is_made_has_the_vr_that_the_engine_gives_it() -> None:
    outcome = parse('(0008,0301) := "12"', "6").apply(an_object())
    assert outcome.dataset is not None
    element: DataElement | RawDataElement | Any = outcome.dataset._dict[BaseTag(0x00080301)]
    assert (element.VR, element.value) == ("UN", b"12")


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("-*/(0010,0010)", True),
        ("-*/(XXX@,XXXX)", False),
        ("-*", False),
        ("-(0008,XXXX)", True),
        ("-+/(XXX@,XXXX)", True),
        ('gone := {"*/(XXX@,XXXX)"}\nremoveTags[gone, "no path"]', False),
        ('(0008,0060) = "CT" ? -*/(XXX@,XXXX)', True),
    ],
)
def test_what_a_script_leaves(script: str, left: bool) -> None:
    assert bool(sequences_left(parse(script, "6"))) is left


def test_one_that_is_named_is_not_left() -> None:
    assert set(young_sequences()) - set(sequences_left(parse("-*/(0008,0300)", "6"))) == {YOUNG}


def test_the_older_dialect_never_looks_into_sequences() -> None:
    assert sequences_left(parse("- (0010,0010)", "4")) == ()


def test_proof_runs_on_both_kinds_of_files() -> None:
    proof = prove(parse('version "6.7"\n-*/(0010,0010)\n'))
    inside = [one for one in proof.leaks if one.canary.where == "(0008,0300)[0]/(0010,0010)"]
    assert [one.variant for one in inside] == [IMPLICIT]
