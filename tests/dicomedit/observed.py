"""Builds the objects of the recorded experiments, and says how a result differs from what was observed."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRLittleEndian

from bootstrap.dicomedit.charsets import charset_of
from bootstrap.dicomedit.codec import bytes_of, padded
from bootstrap.dicomedit.dataset_item import DatasetItem

RECORDINGS = Path(__file__).parents[1] / "conformance" / "dicomedit" / "cases.jsonl"
TEXTS = frozenset(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI", "UT"])


def recorded_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in RECORDINGS.read_text("utf-8").splitlines()]


def number_of(tag: str) -> int:
    return int(tag[1:5] + tag[6:10], 16)


def dataset_of(elements: dict[str, Any]) -> FileDataset:
    """As if read from an Explicit VR Little Endian file."""
    dataset = FileDataset("", {}, preamble=b"\0" * 128, is_implicit_VR=False, is_little_endian=True)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for tag, uid in (("(0008,0016)", "MediaStorageSOPClassUID"), ("(0008,0018)", "MediaStorageSOPInstanceUID")):
        if tag in elements:
            setattr(dataset.file_meta, uid, raw_of("UI", elements[tag], ()).rstrip(b"\0").decode().split("\\")[0])
    fill(dataset, elements, charset_of(None))
    return dataset


def fill(dataset: Dataset, elements: dict[str, Any], charset: tuple[str, ...]) -> None:
    if "(0008,0005)" in elements:
        charset = charset_of(raw_of("CS", elements["(0008,0005)"], charset))
    for tag, element in elements.items():
        number, vr = number_of(tag), element["vr"]
        if vr == "SQ":
            items = []
            for inner in element["value"]:
                item = Dataset()
                fill(item, inner, charset)
                items.append(item)
            dataset.add_new(number, "SQ", Sequence(items))
            continue
        raw = raw_of(vr, element, charset)
        # As the reader does it: without a look into pydicom's private dictionary.
        dataset._dict[BaseTag(number)] = RawDataElement(BaseTag(number), vr, len(raw), raw, 0, False, True)


def raw_of(vr: str, element: dict[str, Any], charset: tuple[str, ...]) -> bytes:
    if "value_hex" in element:
        return padded("UN", bytes.fromhex(element["value_hex"]))
    return padded(vr, bytes_of(vr, element["value"], charset))


def differences(item: DatasetItem, expected: dict[str, Any], *, complete: bool, where: str = "") -> list[str]:
    found: list[str] = []
    for tag, wanted in expected.items():
        found += _element(item, number_of(tag), wanted, complete, where + tag)
    if complete:
        known = {number_of(tag) for tag in expected}
        found += [f"{where}({tag:08X}) is left over" for tag in item.tags() if tag not in known and tag >> 16 != 2]
    return found


def _element(item: DatasetItem, tag: int, wanted: Any, complete: bool, where: str) -> list[str]:
    if wanted is None:
        return [f"{where} is still there"] if tag in item else []
    if tag not in item:
        return [f"{where} is missing"]
    if isinstance(wanted, list):
        items = item.items(tag)
        if items is None or len(items) != len(wanted):
            return [f"{where} has {items} items, {len(wanted)} expected"]
        return [
            problem
            for index, (inner, tags) in enumerate(zip(items, wanted, strict=True))
            for problem in differences(inner, tags, complete=complete, where=f"{where}[{index}]/")
        ]
    vr, raw = str(item.vr(tag)), item.raw(tag)
    want = (
        _comparable(vr, bytes.fromhex(wanted["value_hex"])) if isinstance(wanted, dict) else _wanted(vr, wanted, item)
    )
    have = _comparable(vr, raw)
    return [] if want == have else [f"{where} is {have!r}, expected {want!r}"]


def _wanted(vr: str, text: str, item: DatasetItem) -> Any:
    if vr in ("FL", "FD"):
        return _comparable(
            vr, b"".join(struct.pack("<f" if vr == "FL" else "<d", float(one)) for one in text.split("\\") if one)
        )
    return _comparable(vr, bytes_of(vr, text, item.charset()))


def _comparable(vr: str, raw: bytes) -> Any:
    if vr in ("LT", "ST", "UT"):
        return raw.rstrip(b"\0 ")
    if vr in TEXTS:
        return [value.strip(b" \0") for value in raw.split(b"\\")]
    if vr in ("US", "SS", "UL", "SL", "FL", "FD", "AT"):
        return raw
    return raw.rstrip(b"\0 ")
