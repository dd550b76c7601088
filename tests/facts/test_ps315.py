"""The table of PS3.15, and that it agrees with dicom-anonymizer's."""

from __future__ import annotations

from collections import Counter

import pytest

from bootstrap.facts.ps315 import EDITION, OPTIONS, attributes, edition, editions

NEW_IN_2026D = {"3004007F"}


def test_the_table_is_whole() -> None:
    classes = Counter(one.basic for one in attributes())
    assert classes == {"X": 417, "D": 93, "U": 55, "Z": 42, "X/D": 23, "X/Z": 11, "X/Z/D": 8, "Z/D": 6, "X/Z/U*": 2}
    assert len({one.tag for one in attributes()}) == len(attributes()) == 657


def test_each_option_has_attributes_and_each_letter_is_known() -> None:
    named = Counter(option for one in attributes() for option in one.options)
    assert named.keys() == OPTIONS.keys()
    assert {letter for one in attributes() for letter in one.options.values()} == {"K", "C"}
    assert named["retain_longitudinal_full_dates"] == named["retain_longitudinal_modified_dates"] == 169


@pytest.mark.parametrize(
    ("name", "count"), [("2023", 610), ("2024b", 621), ("2026c", 656), (EDITION, 657)], ids=lambda one: str(one)
)
def test_editions_of_dicom_anonymizer_and_ours(name: str, count: int) -> None:
    assert name in editions()
    assert len(edition(name)) == count  # dicom-anonymizer's count, and the row of private attributes


def test_the_newest_of_dicom_anonymizer_agrees_in_every_class() -> None:
    theirs = {one.tag: one.basic for one in edition("2026c")}
    ours = {one.tag: one.basic for one in attributes() if one.digits not in NEW_IN_2026D}
    assert theirs == ours


def test_an_older_edition_has_its_own_classes() -> None:
    assert [one.basic for one in edition("2023") if one.tag == "(0010,0020)"] == ["Z"]
    assert [one.basic for one in edition("2024b") if one.tag == "(0010,0020)"] == ["Z/D"]


def test_an_unknown_edition() -> None:
    with pytest.raises(KeyError):
        edition("1999")


def test_rows_that_stand_for_many() -> None:
    assert {one.tag for one in attributes() if one.repeats} == {"(50xx,xxxx)", "(60xx,3000)", "(60xx,4000)"}
    assert [one.tag for one in attributes() if one.is_private] == ["private"]


def test_the_vr_of_every_single_attribute_is_known() -> None:
    assert [one.tag for one in attributes() if len(one.vr) != 2 and not one.repeats and not one.is_private] == []
