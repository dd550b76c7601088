"""Which attributes the DICOM library of XNAT's anonymisation engine knows.

It is older than today's PS3.6. In a file that states no value representations, Implicit VR, an attribute that the
library does not know is a row of bytes to it, also where the standard says that it is a sequence.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_REPEATING = (0x50000000, 0x60000000)  # groups 5000 to 501E and 6000 to 601E count as their first


@cache
def _known() -> frozenset[int]:
    text = files("bootstrap.facts").joinpath("engine-dictionary.txt").read_text("utf-8")
    lines = [line.split(": ") for line in text.splitlines() if not line.startswith("#")]
    return frozenset(int(group + element, 16) for group, elements in lines for element in elements.split())


def is_known(tag: int) -> bool:
    """Of a public attribute. What the engine knows of group 0000 and of group lengths needs no dictionary."""
    if tag >> 16 == 0 or tag & 0xFFFF == 0:
        return True
    return (tag & 0xFF00FFFF if tag & 0xFFE00000 in _REPEATING else tag) in _known()
