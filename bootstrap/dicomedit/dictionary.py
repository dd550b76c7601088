"""Which VR an element has: by what the file says and what the engine's dictionary knows."""

from __future__ import annotations

from functools import lru_cache

from bootstrap.dicomedit.codec import KNOWN_VRS
from bootstrap.facts.engine_dictionary import is_known


def is_private(tag: int) -> bool:
    return bool(tag & 0x00010000)


def is_creator(tag: int) -> bool:
    return tag & 0x0001FF00 == 0x00010000


@lru_cache(maxsize=8192)
def dictionary_vr(tag: int) -> str:
    """UN where the engine knows no VR. Private elements are UN whatever others may know of them."""
    if tag & 0xFFFF == 0:
        return "UL"
    if is_private(tag):
        return "LO" if is_creator(tag) else "UN"
    from pydicom.datadict import dictionary_VR

    try:
        vr = str(dictionary_VR(tag))
    except KeyError:
        return "UN"
    if vr in ("OB or OW", "US or OW"):
        vr = "OW"
    elif " or " in vr:
        vr = vr[:2]
    return vr if vr in KNOWN_VRS else "UN"


@lru_cache(maxsize=8192)
def read_vr(tag: int) -> str:
    """Of an element for which the file has no VR: what is younger than the engine's dictionary is bytes to it."""
    return dictionary_vr(tag) if is_private(tag) or is_known(tag) else "UN"


def engine_vr(stated: str | None, tag: int) -> str:
    """The VR as the engine sees it: what it does not know, and UN, are looked up in its dictionary."""
    if stated in KNOWN_VRS and stated != "UN":
        return str(stated)
    return read_vr(tag)
