"""Data sets as pydicom holds them: decoded values, other byte orders, values left in the file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import ExplicitVRBigEndian

from bootstrap.dicomedit import Environment, Script, parse
from bootstrap.dicomedit.dataset_item import DatasetItem, swapped
from bootstrap.dicomedit.environment import read_lookup_table
from tests.dicomedit.observed import dataset_of
from tests.dicomedit.test_two_ways import file_of


def script(*values: str) -> Script:
    return parse("\n".join(f"v{index} := {value}\necho v{index}" for index, value in enumerate(values)), "6")


def echoed(dataset: Dataset, *values: str) -> list[str]:
    said: list[str] = []
    outcome = script(*values).apply(dataset, environment=Environment(echo=said.append))
    assert outcome.status == "success", outcome.message
    return said


def decoded() -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Müller^Jane"
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.PatientWeight = "70.50"
    dataset.Rows = 3
    dataset.FrameIncrementPointer = 0x00181063
    dataset.PixelData = b"\1\0\2"
    dataset["PixelData"].VR = "OW"
    dataset.PatientID = None
    dataset.AccessionNumber = ""
    dataset.RecommendedDisplayFrameRateInFloat = 1.5
    dataset.StudyDate = "20200101"
    dataset.GridThickness = ""
    return dataset


def test_values_that_pydicom_decoded_read_as_they_were_written() -> None:
    tags = ["0010,0010", "0008,0008", "0010,1030", "0028,0010", "0028,0009", "7FE0,0010", "0010,0020", "0008,9459"]
    assert echoed(decoded(), *(f"({tag})" for tag in [*tags, "0008,0050", "0008,0020"])) == [
        "Müller^Jane",
        "ORIGINAL\\PRIMARY",
        "70.50",
        "3",
        "00181063",
        "1\\2",
        "",
        "1.5",
        "",
        "20200101",
    ]


def test_the_given_dataset_stays_as_it_is() -> None:
    dataset = dataset_of(
        {
            "(0010,0010)": {"vr": "PN", "value": "Doe"},
            "(0010,1002)": {"vr": "SQ", "value": [{"(0010,0020)": {"vr": "LO", "value": "P"}}]},
        }
    )
    text = str(dataset) + str(dataset.file_meta)
    changes = '(0002,0013) := "x"\n-*/(0010,0020)\n(0010,0010) := "x"\n(0010,1002)[3]/(0010,0022) := "y"\n'
    for ending in ("", "(0010,0010) := nobody", "reject[]"):
        outcome = parse(changes + ending, "6").apply(dataset)
        assert (outcome.dataset is None) == bool(ending)
        assert str(dataset) + str(dataset.file_meta) == text


def test_big_endian() -> None:
    original = Dataset()
    original.file_meta = dataset_of({}).file_meta
    original.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    original.Rows, original.PatientName, original.SimpleFrameList = 258, "Doe", [1, 2]
    buffer = BytesIO()
    dcmwrite(buffer, original, implicit_vr=False, little_endian=False)
    dataset = dcmread(BytesIO(buffer.getvalue()), force=True)
    assert echoed(dataset, "(0028,0010)", "(0010,0010)", "(0008,1161)") == ["258", "Doe", "1\\2"]
    outcome = parse('(0028,0011) := "258"', "6").apply(dataset)
    assert outcome.dataset is not None
    assert outcome.dataset["Columns"].value == 258


def test_values_left_in_the_file_are_fetched(tmp_path: Any) -> None:
    (tmp_path / "a.dcm").write_bytes(file_of({"(0010,4000)": {"vr": "LT", "value": "x" * 500}}))
    dataset = dcmread(tmp_path / "a.dcm", defer_size=100)
    assert echoed(dataset, "(0010,4000)") == ["x" * 500]


@pytest.mark.parametrize(
    ("vr", "given", "other"),
    [("US", "0102", "0201"), ("OB", "0102", "0102"), ("FD", "0102030405060708FF", "0807060504030201FF")],
)
def test_byte_order(vr: str, given: str, other: str) -> None:
    assert swapped(vr, bytes.fromhex(given)) == bytes.fromhex(other)


def test_a_dataset_without_meta_information_gets_one_when_needed() -> None:
    dataset = Dataset()
    item = DatasetItem(dataset)
    item.put(0x00020010, "UI", b"1.2\0")
    assert dataset.file_meta.TransferSyntaxUID == "1.2"


def test_several_character_sets() -> None:
    dataset = dataset_of(
        {
            "(0008,0005)": {"vr": "CS", "value": "\\ISO 2022 IR 87"},
            "(0010,0010)": {"vr": "PN", "value_hex": b"Yamada=\x1b$B;3ED\x1b(B ".hex()},
        }
    )
    assert echoed(dataset, "(0010,0010)") == ["Yamada=山田"]


def test_what_a_script_sets_stays_for_the_next_object() -> None:
    one = parse('"x" = (0010,0010) ? kept := "yes"\n(0010,0020) := kept', "6")
    session = one.session()
    first = session.apply(dataset_of({"(0010,0010)": {"vr": "PN", "value": "x"}}))
    second = session.apply(dataset_of({}))
    assert (first.status, second.status) == ("success", "success")
    assert one.apply(dataset_of({})).status == "error"


def test_mapped_uids_stay_for_the_environment() -> None:
    numbers = iter(range(10))
    environment = Environment(random_number=lambda: next(numbers))
    mapped = parse('(0020,000D) := mapUID["a", "1.2"]', "6")
    uids = [mapped.apply(Dataset(), environment=environment).dataset for _ in range(2)]
    assert [uid["StudyInstanceUID"].value for uid in uids if uid is not None] == ["1.2.0", "1.2.0"]


def test_the_default_environment_reaches_nothing() -> None:
    assert "not allowed" in parse('(0010,0010) := getURL["http://x"]', "6").apply(Dataset()).message
    made = [parse("(0020,000D) := newUID[]\necho (0010,0010)", "6").apply(Dataset()).dataset for _ in range(2)]
    uids = {str(one["StudyInstanceUID"].value) for one in made if one is not None}
    assert len(uids) == 2
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)


def test_a_long_prefix_leaves_room_for_a_digit() -> None:
    assert Environment(random_number=lambda: 123).new_uid("1." * 40) == "1." * 40 + "1"


def test_a_lookup_table() -> None:
    assert read_lookup_table("// c\n\npid/a = 1 // one\nnothing\n x/y=\n") == {"pid/a": "1", "x/y": ""}


def test_records() -> None:
    session = parse("", "6").session()
    for number in (7, 8):
        outcome = session.apply(dataset_of({}), record_id=number)
        assert outcome.dataset is not None
        assert str(number) in str(outcome.dataset[0x00120064].value[0])
