"""The bytes of a file and a pydicom data set, edited by one interpreter, come out the same."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread, dcmwrite
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from bootstrap.dicomedit import parse
from bootstrap.dicomedit.codec import padded
from bootstrap.dicomedit.dataset_item import DatasetItem
from bootstrap.dicomedit.encoding import encoded, settle_file_meta
from bootstrap.dicomedit.files import open_bytes
from bootstrap.dicomedit.holding import Item
from tests.dicomedit.observed import dataset_of, recorded_cases
from tests.dicomedit.strategies import OBJECTS, SCRIPTS

VARIABLES = {"subject": "S_01"}


def file_of(elements: dict[str, Any], *, implicit: bool = False, open_ended: int = 0) -> bytes:
    dataset = dataset_of(elements)
    _open(dataset, open_ended)
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    buffer = BytesIO()
    dcmwrite(buffer, dataset, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    return buffer.getvalue()


def _open(dataset: Dataset, how: int) -> None:
    """Sequences (1), items (2) or both (3) get an undefined length."""
    for element in dataset._dict.values():
        if element.VR == "SQ" and isinstance(element, DataElement):
            element.is_undefined_length = bool(how & 1)
            for item in element.value or ():
                item.is_undefined_length_sequence_item = bool(how & 2)
                _open(item, how)


def content(item: Item) -> dict[int, Any]:
    """Everything there is, in a form that can be compared."""
    found: dict[int, Any] = {}
    for tag in item.tags():
        items = item.items(tag)
        vr = str(item.vr(tag))
        found[tag] = [content(inner) for inner in items] if items is not None else (vr, padded(vr, item.raw(tag)))
    found.pop(0x00020000, None)
    return found


def by_bytes(script: str, data: bytes, *, anew: bool = True) -> tuple[str, str, dict[int, Any]]:
    """`anew`: as it is read again. In an Implicit VR file a young sequence that was made is no longer one then."""
    root = open_bytes(data)
    outcome, _ = parse(script, "6").session(VARIABLES).edit(root)
    if outcome.status != "success":
        return outcome.status, outcome.message, {}
    settle_file_meta(root)
    return outcome.status, "", content(open_bytes(b"".join(encoded(root, bytes(128)))) if anew else root)


def by_dataset(script: str, data: bytes) -> tuple[str, str, dict[int, Any]]:
    root = DatasetItem(dcmread(BytesIO(data)))
    outcome, _ = parse(script, "6").session(VARIABLES).edit(root)
    if outcome.status != "success":
        return outcome.status, outcome.message, {}
    settle_file_meta(root)
    root.finish()
    return outcome.status, "", content(root)


@settings(max_examples=120, deadline=None)
@given(SCRIPTS, OBJECTS)
def test_both_ways_agree(script: str, elements: dict[str, Any]) -> None:
    data = file_of(elements)
    assert by_bytes(script, data) == by_dataset(script, data)


@settings(max_examples=40, deadline=None)
@given(SCRIPTS, OBJECTS, st.integers(0, 3))
def test_both_ways_agree_on_implicit_files(script: str, elements: dict[str, Any], open_ended: int) -> None:
    data = file_of(elements, implicit=True, open_ended=open_ended)
    assert by_bytes(script, data, anew=False) == by_dataset(script, data)


@settings(max_examples=60, deadline=None)
@given(OBJECTS)
def test_an_untouched_object_keeps_its_bytes(elements: dict[str, Any]) -> None:
    data = b"".join(encoded(open_bytes(file_of(elements)), bytes(128)))  # now with a group length
    root = open_bytes(data)
    outcome, _ = parse("", "6").session({}).edit(root)
    assert outcome.status == "success"
    assert b"".join(encoded(root, data[:128])) == data


RUNNABLE = [case for case in recorded_cases() if case["mode"] == "run" and case["dialect"] == "6"]


@pytest.mark.parametrize("case", RUNNABLE, ids=[case["id"] for case in RUNNABLE])
def test_recordings_over_bytes(case: dict[str, Any]) -> None:
    if case["expect"].get("error_stage") == "parse":
        return
    data = file_of(case["input"])
    script, given_variables = parse(case["script"], "6"), case["variables"]
    status = {}
    for name, root in (("bytes", open_bytes(data)), ("dataset", DatasetItem(dcmread(BytesIO(data))))):
        outcome, _ = script.session(given_variables).edit(root)
        status[name] = (outcome.status, content(root) if outcome.status == "success" else {})
    assert status["bytes"] == status["dataset"]
