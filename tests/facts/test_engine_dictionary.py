from __future__ import annotations

import pytest

from bootstrap.facts.engine_dictionary import is_known


@pytest.mark.parametrize(
    "tag",
    [
        0x00020010,
        0x00100010,
        0x00400275,
        0x52009230,
        0x50180005,  # curves and overlays: every group that repeats counts as the first
        0x60023000,
        0x00000100,
        0x00100000,
        0xFFFAFFFA,
    ],
    ids="{:08X}".format,
)
def test_what_was_there_when_it_was_made(tag: int) -> None:
    assert is_known(tag)


@pytest.mark.parametrize(
    "tag", [0x00080300, 0x0008030D, 0x00189362, 0x30100037, 0x60021503, 0x00091001], ids="{:08X}".format
)
def test_what_is_younger_or_private(tag: int) -> None:
    assert not is_known(tag)
