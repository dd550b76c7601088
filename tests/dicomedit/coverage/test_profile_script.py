"""Scripts follow from the table: a new edition is one change of data."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.dicomedit.coverage.profile_script import is_shifted, kept_if, main, refreshed, treatment
from bootstrap.facts.ps315 import Attribute, attributes

TEXT = """version "6.6"
// ---- PS3.15: removed
- */(0010,9999)  // of an older edition
// ---- end
keep := "this"
// ---- PS3.15: hashed
// ---- end
"""


def row(tag: str, vr: str, basic: str, vm: str = "1", **options: str) -> Attribute:
    return Attribute(tag, f"Name of {tag}", vr, vm, basic, options)


TABLE = [
    row("(0008,0018)", "UI", "U", retain_uids="K"),
    row("(0018,1002)", "UI", "U", retain_uids="K", retain_device_identity="K"),
    row("(0010,4000)", "LT", "X"),
    row("(60xx,3000)", "OW", "X"),
    row("(0018,1200)", "DA", "X", retain_device_identity="K"),
    row("private", "", "X"),
]


def test_the_places_are_filled_and_the_rest_stays() -> None:
    assert refreshed(TEXT, table=TABLE).splitlines() == [
        'version "6.6"',
        "// ---- PS3.15: removed",
        "-*/(0010,4000)  // Name of (0010,4000)",
        "-*/(60X@,3000)  // Name of (60xx,3000)",
        "-*/(0018,1200)  // Name of (0018,1200)",
        "// ---- end",
        'keep := "this"',
        "// ---- PS3.15: hashed",
        "uids := {",
        "  // lint: ignore L77 because the header says so: not to be run again",
        "  */(0008,0018),  // Name of (0008,0018)",
        "  */(0018,1002)  // Name of (0018,1002)",
        "}",
        "hashUIDList[uids]",
        "// ---- end",
    ]


def test_in_a_template_lines_depend_on_switches() -> None:
    lines = refreshed(TEXT, template=True, table=TABLE).splitlines()
    assert lines[1:8] == [
        "// ---- PS3.15: removed",
        "-*/(0010,4000)  // Name of (0010,4000)",
        "-*/(60X@,3000)  // Name of (60xx,3000)",
        "{% if not (retain_device_identity) %}",
        "-*/(0018,1200)  // Name of (0018,1200)",
        "{% endif %}",
        "// ---- end",
    ]
    assert "{% if not (retain_uids or retain_device_identity) %}" in lines


def test_filling_again_changes_nothing() -> None:
    once = refreshed(TEXT)
    assert refreshed(once) == once


def test_a_place_of_unknown_name() -> None:
    with pytest.raises(KeyError, match="whatever"):
        refreshed("// ---- PS3.15: whatever\n// ---- end\n")


@pytest.mark.parametrize(
    ("vr", "basic", "expected"),
    [
        ("LO", "X", "removed"),
        ("SQ", "Z", "removed"),
        ("SQ", "D", "removed"),
        ("LO", "Z", "emptied"),
        ("LO", "X/Z", "emptied"),
        ("LO", "X/D", "replaced"),
        ("LO", "X/Z/D", "replaced"),
        ("LO", "Z/D", "replaced"),
        ("UI", "U", "hashed"),
        ("UI", "D", "hashed"),
        ("SQ", "X/Z/U*", "left"),
    ],
)
def test_of_the_ways_the_one_that_keeps_an_object_valid(vr: str, basic: str, expected: str) -> None:
    assert treatment(row("(0010,4000)", vr, basic)) == expected


def test_only_single_dates_are_shifted() -> None:
    dates = {"retain_longitudinal_modified_dates": "C", "retain_longitudinal_full_dates": "K"}
    assert is_shifted(row("(0008,0020)", "DA", "Z", **dates))
    assert not is_shifted(row("(0018,1200)", "DA", "X", vm="1-n", **dates))
    assert not is_shifted(row("(0008,0030)", "TM", "Z", **dates))
    assert not is_shifted(row("(0010,0030)", "DA", "Z"))
    assert kept_if(row("(0008,0030)", "TM", "Z", **dates)) == 'dates == "kept" or dates == "shifted"'
    assert kept_if(row("(0008,0201)", "SH", "X", **dates)) == 'dates == "kept"'


def test_every_attribute_is_treated() -> None:
    left = [one.tag for one in attributes() if treatment(one) == "left"]
    assert left == ["(0008,1140)", "(0008,2112)", "private"]


def test_files_are_written_only_if_they_change(tmp_path: Path) -> None:
    stale, fresh = tmp_path / "stale.das", tmp_path / "fresh.das.j2"
    stale.write_text(TEXT, encoding="utf-8")
    fresh.write_text(refreshed(TEXT, template=True), encoding="utf-8")
    before = fresh.stat().st_mtime_ns
    main([str(stale), str(fresh)])
    assert stale.read_text(encoding="utf-8") == refreshed(TEXT)
    assert fresh.stat().st_mtime_ns == before
