"""What predicates let through: the rules that a real server was seen to keep, and those of its library."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.facts.jsonpath import FilterFault, compile_predicate
from bootstrap.facts.jsonpath.loose_json import NotJson, parse_loosely

SCAN: dict[str, Any] = {
    "type": "Scan",
    "id": "1",
    "label": "1 - T1 MPRAGE",
    "scan-type": "T1 MPRAGE",
    "xsiType": "xnat:mrScanData",
    "frames": 176,
    "field": 3.0,
    "big": 1e30,
    "usable": True,
    "note": None,
    "word": "yes",
    "numbers": [3, 1, 2],
    "modalities-in-study": ["MR", "SR"],
    "pi": {"first": "B", "last": "C"},
    "empty": [],
    "nothing": "",
    "owner": {"name": "A", "tags": ["x"]},
    "resources": [
        {"label": "DICOM", "files": [{"size": 10}, {"size": 20}]},
        {"label": "NIFTI", "files": []},
    ],
    "odd": ["{[}", "@x", "\\u0041BC", "[1]", "'quoted'", "a\\nb", "plain", "[x", "$$", 7, None, True],
}
TRUE = [
    "@.xsiType == 'xnat:mrScanData'",
    "@.id == 1",
    "@.frames == '176'",
    "@.frames >= 3",
    "@.frames < 200 && @.frames <= 176 && @.frames > 100",
    "@.label > 'a' || @.label < 'a'",
    "@.frames < 'a'",
    "'a' > @.frames",
    "@.field == 3",
    "@.big > 1",
    "@.missing != 'x'",
    "!@.missing",
    "@.note",
    "@.note == null",
    "@.usable == true",
    "@.usable != false",
    "!(@.id == '2')",
    "@.scan-type =~ /.*mpr.*/i",
    "@.frames =~ /17./",
    "@.usable =~ /true/",
    "@.modalities-in-study =~ /M./",
    "/M./ =~ @.modalities-in-study",
    "'MR' in @.modalities-in-study",
    "@.id in [1, 2]",
    "@.id in ['1']",
    "@.xsiType in [xnat:mrScanData, other]",
    "@.id nin [2]",
    "@.missing nin [2]",
    "'DICOM' in @.resources[*].label",
    '"DICOM" in @..label',
    "@.resources[*].label contains 'DICOM'",
    "@.resources[*].label anyof ['DICOM','X']",
    "@.resources[*].label noneof ['X']",
    "@.resources[*].label subsetof ['DICOM','NIFTI','X']",
    "@.label contains 'MPRAGE'",
    "@.resources.length() > 0",
    "@.resources.length() == 2",
    "@.owner.size() == 2",
    "@.numbers.min() == 1 && @.numbers.max() == 3 && @.numbers.avg() == 2 && @.numbers.sum() == 6",
    "@.numbers.first() == 3 && @.numbers.last() == 2",
    "@.numbers.stddev() < 1",
    "@..size.max() == 20",
    "@.resources[?(@.label == 'ZZ')]",
    "@.resources[0].label == 'DICOM'",
    "@.resources[-1].label == 'NIFTI'",
    "'NIFTI' in @.resources[0,1].label",
    "'NIFTI' in @.resources[1:].label",
    "'DICOM' in @.resources[:1].label",
    "'B' in @.pi.*",
    "10 in @.resources[?(@.label == 'DICOM')].files[*].size",
    "@.resources[*].label size 2",
    "@.scan-type size 9",
    "@.empty empty true",
    "@.nothing empty true",
    "@.word empty false",
    "@.owner empty false",
    "@['scan-type', 'frames']",
    "'176' in @['frames','id'][*] || 1 == 1",
    "@.numbers == [3,1,2]",
    "$.id == @.id",
    "@.usable === true",
    "@.id !== 1",
    "@.usable exists true",
    "'plain' in @.odd",
    "'quoted' in @.odd",
    "7 in @.odd && null in @.odd && true in @.odd",
    "'[x' in @.odd && '{[}' in @.odd && '@x' in @.odd && 'ABC' in @.odd",
    "'MR' in @.modalities-in-study..[0] && 'SR' in @.modalities-in-study..[1:]",
    "@..*",
    "@.id == 'x' || @.missing[1] nin [1] || @.id[?(@.a)] == 1",
    "@[0] || @.id",
    "@.resources..size",
    "20 in @..files[1].size",
    "20 in @..[?(@.size == 20)].size",
    "!@.id == '1'",
    "1==1",
]
FALSE = [
    "@.xsiType == 'xnat:imageScanData'",
    "@.scan-type == 't1 mprage'",
    "@.scan-type =~ /MPR/",
    "@.missing == 'x'",
    "@.missing",
    "@.owner.missing",
    "@.id.missing",
    "@.missing.more",
    "@.missing[0]",
    "@.missing[*].label == 'x'",
    "@.id == '01'",
    "'abc' == 5",
    "5 == 'abc'",
    "@.usable == 'true'",
    "@.owner < 1",
    "'ZZ' in @.resources[*].label",
    "'x' in @.missing[*].label",
    "'x' nin @.label",
    "'x' in @.owner",
    "@.owner anyof ['x']",
    "@.label anyof ['x']",
    "@.owner noneof ['x']",
    "@.missing contains 'x'",
    "@.numbers contains 9",
    "@.frames contains 1",
    "@.numbers all [3]",
    "@.id type 'string'",
    "@.id matches 'x'",
    "@.id size '1'",
    "@.frames size 3",
    "@.owner size 2",
    "@.frames empty true",
    "@.word empty 1",
    "@.owner =~ /x/",
    "@.id =~ 'x'",
    "@.id === 1",
    "@.missing === @.missing",
    "@.missing == @.missing",
    "@.id.nofunction()",
    "@.id.length() == 1",
    "[3,1,2] == @.numbers",
    "@.id[0]",
    "@.id[?(@.x)]",
    "@.resources[5].label == 'x'",
    "@.resources[*].missing",
    "@['id', 'missing']",
    "'@.a' in @.odd",
    "/x/ == /x/",
    "@..missing == 1",
    "@.id.*[0] == 1",
    "'x' in @.numbers.*[?(@.a)]",
    "@.odd =~ /nothing/",
]
FAULTS = [
    "'x' in @.resources",
    "@.empty.min() == 1",
    "@.empty.first() == 1",
    "@.id in {a 1}",
    "@.id exists 'x'",
    "@.note in ['a' 'b']",
    "@.id == 1)].nofunction()[?(1 == 1",
]


@pytest.mark.parametrize("text", TRUE)
def test_it_lets_the_scan_through(text: str) -> None:
    assert compile_predicate(text).holds(SCAN) is True


@pytest.mark.parametrize("text", FALSE)
def test_it_holds_the_scan_back(text: str) -> None:
    assert compile_predicate(text).holds(SCAN) is False


@pytest.mark.parametrize("text", FAULTS)
def test_it_breaks_on_the_scan(text: str) -> None:
    with pytest.raises(FilterFault):
        compile_predicate(text).holds(SCAN)


def test_a_pattern_that_takes_for_ever_is_a_fault() -> None:
    predicate = compile_predicate("@.a =~ /(a|aa)+$x/")
    with pytest.raises(FilterFault, match="took too long"):
        predicate.holds({"a": "a" * 60})


def test_a_path_that_leads_to_countless_places_is_a_fault() -> None:
    document: dict[str, Any] = {}
    for _ in range(60):
        document = {"a": document}
    with pytest.raises(FilterFault, match="too many places"):
        compile_predicate("'x' in @" + "..*" * 10).holds(document)


def test_a_path_behind_the_predicate_is_followed() -> None:
    predicate = compile_predicate("@.a == 1)].b[?(@.c == 2")
    assert predicate.holds({"a": 1, "b": {"c": 2}})
    assert not predicate.holds({"a": 1, "b": {"c": 3}})
    assert not predicate.holds({"a": 1})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[MR, 'CT', \"PT\", 1, true, null]", ["MR", "CT", "PT", 1, True, None]),
        ("{a: [1, {b: c}], 'd': {}}", {"a": [1, {"b": "c"}], "d": {}}),
        ("[a,]", ["a"]),
        ("[]", []),
        ("word", "word"),
    ],
)
def test_literals_are_read_loosely(text: str, value: Any) -> None:
    assert parse_loosely(text) == value


@pytest.mark.parametrize("text", ["[a", "[a b] c", "{a 1}", "{a: 1", "['x' 'y']", "[" * 60 + "a", "", "{[}"])
def test_what_is_no_literal_is_said(text: str) -> None:
    with pytest.raises(NotJson):
        parse_loosely(text)
