"""Where elements stand in a file's bytes."""

from __future__ import annotations

import struct

import pytest

from bootstrap.dicomedit import FileError, parse
from bootstrap.dicomedit.elements import UNDEFINED, items_of, read_elements
from bootstrap.dicomedit.files import open_bytes
from tests.dicomedit.observed import dataset_of
from tests.dicomedit.test_two_ways import by_bytes, by_dataset, file_of

ITEM_END, SEQUENCE_END = struct.pack("<HHI", 0xFFFE, 0xE00D, 0), struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
NAME = b"\x10\x00\x10\x00PN\x02\x00ab"
SEQUENCE = 0x00101002


def element(tag: int, vr: str, content: bytes, length: int | None = None) -> bytes:
    size = len(content) if length is None else length
    return struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, vr.encode(), 0, size) + content


def item(content: bytes, length: int | None = None) -> bytes:
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content) if length is None else length) + content


def open_sequence(content: bytes, vr: str = "SQ") -> bytes:
    return element(SEQUENCE, vr, content + SEQUENCE_END, UNDEFINED)


def open_item(content: bytes) -> bytes:
    return item(content + ITEM_END, UNDEFINED)


IMPLICIT_NAME = b"\x10\x00\x10\x00\x02\x00\x00\x00ab"


@pytest.mark.parametrize(
    "sequence",
    [
        element(SEQUENCE, "SQ", item(NAME) + item(NAME)),
        open_sequence(open_item(NAME) + item(NAME)),
        open_sequence(open_item(open_sequence(open_item(NAME)) + NAME)),
        element(SEQUENCE, "SQ", open_item(NAME)),
        open_sequence(open_item(IMPLICIT_NAME), "UN"),
        open_sequence(b""),
    ],
)
@pytest.mark.parametrize("script", ["", "-*/(0010,0010)", '(0010,1002)[2]/(0010,0020) := "x"'])
def test_sequences_of_any_length(sequence: bytes, script: str) -> None:
    data = file_of({}) + sequence + b"\x10\x00\x00\x40LT\x02\x00ab"
    assert by_bytes(script, data) == by_dataset(script, data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (NAME[:6], "inside the header"),
        (element(SEQUENCE, "SQ", b"")[:10], "inside the header"),
        (element(SEQUENCE, "SQ", b"", 4), "says it is 4 bytes long; only 0 are left"),
        (
            b"\x08\0\x60\0CS\x04\0MR" + b"\x10\0\x10\0PN\x08\0Doe^Jane",
            r"has no value representation.*; \(0008,0060\) at byte 0, 4 bytes long, may have the wrong length",
        ),
        (element(SEQUENCE, "SQ", b"", UNDEFINED), "no end before"),
        (element(SEQUENCE, "SQ", NAME, UNDEFINED), "something else than items"),
        (element(SEQUENCE, "SQ", item(b"", 500), UNDEFINED), "no end before"),
        (element(SEQUENCE, "SQ", item(NAME, UNDEFINED), UNDEFINED), "no end before"),
        (b"\x10\x00\x10\x00\x01\x02\x02\x00ab", "no value representation"),
    ],
)
def test_what_does_not_fit_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read_elements(data, 0, len(data), explicit=True)


def test_open_sequences_nested_too_deep_are_refused() -> None:
    data = NAME
    for _ in range(100):
        data = open_sequence(open_item(data))
    with pytest.raises(FileError, match="more than 60 deep"):
        read_elements(data, 0, len(data), explicit=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [(NAME, "something else than items"), (item(b"", 6), "longer than its sequence"), (b"1234", "no end before")],
)
def test_items_that_do_not_fit_are_refused(content: bytes, message: str) -> None:
    data = element(SEQUENCE, "SQ", content)
    table = read_elements(data, 0, len(data), explicit=True)
    with pytest.raises(FileError, match=message):
        items_of(data, table[SEQUENCE], True)


def test_damage_inside_a_sequence_is_an_error_of_the_file() -> None:
    root = open_bytes(file_of({}) + element(SEQUENCE, "SQ", NAME))
    with pytest.raises(FileError):
        parse("-*/(0010,0010)", "6").session().edit(root)


def test_sequences_nested_too_deep_for_the_script_are_an_error() -> None:
    data = b""
    for _ in range(2000):
        data = element(SEQUENCE, "SQ", item(data))
    outcome, _ = parse("-*/(0010,0010)", "6").session().edit(open_bytes(file_of({}) + data))
    assert (outcome.status, "nested too deep" in outcome.message) == ("error", True)


def test_a_group_without_a_free_block_is_an_error() -> None:
    creators = {f"(0019,00{slot:02X})": {"vr": "LO", "value": f"C{slot}"} for slot in range(0x10, 0x100)}
    outcome = parse('(0019,{ACME}01) := "x"', "6").apply(dataset_of(creators))
    assert (outcome.status, "no free block" in outcome.message) == ("error", True)
    assert parse("isPresent[(0019,{ACME}01)] ? -(0010,0010)", "6").apply(dataset_of(creators)).status == "error"
