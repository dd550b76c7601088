"""What DICOM says of attributes, as far as rules need it. pydicom is imported when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from bootstrap.facts import ps315

# Present in every object, never empty (type 1), and present but perhaps empty (type 2).
TYPE_1 = frozenset({0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00080060})
TYPE_2 = frozenset(
    {
        0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030, 0x00100040,
        0x00200010, 0x00200011, 0x00200013,
    }
)  # fmt: skip
# Sequences carry copies of these: requests, referenced studies, other patient ids, what was there before.
NESTED = frozenset(
    {
        0x00080050, 0x00080080, 0x00080081, 0x00080090, 0x00080092, 0x00080094, 0x00081030, 0x00081048,
        0x00081050, 0x00081070, 0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00100040, 0x00101000,
        0x00101010, 0x00321032, 0x00321060, 0x00321033, 0x00401001, 0x00400009, 0x00400007, 0x0040A123,
        0x0040A075, 0x00402017, 0x00402016, 0x00400244, 0x00400245,
    }
)  # fmt: skip
STUDY_UIDS = {
    0x00080018: "SOP Instance UID",
    0x0020000D: "Study Instance UID",
    0x0020000E: "Series Instance UID",
    0x00200052: "Frame of Reference UID",
}
# Dates of one time line. A DA and a DT that say the same moment stand together.
TIME_LINE = (0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x0008002A)
GUESSABLE = frozenset({0x00100010, 0x00100020, 0x00100030, 0x00101000, 0x00080050, 0x00200010})
LENGTHS = {
    "AE": 16, "AS": 4, "CS": 16, "DA": 8, "DS": 16, "DT": 26, "IS": 12, "LO": 64, "LT": 10240, "PN": 64,
    "SH": 16, "ST": 1024, "TM": 16, "UI": 64,
}  # fmt: skip
HASH_LENGTH = 44


def tag_text(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


@lru_cache(maxsize=4096)
def _entry(tag: int) -> tuple[str, str, str, bool] | None:
    """VR, VM, name, retired."""
    from pydicom.datadict import get_entry

    try:
        vr, multiplicity, name, retired, _keyword = get_entry(tag)
    except KeyError:
        return None
    return vr, multiplicity, name, bool(retired)


def vr_of(tag: int | None) -> str:
    """Empty where it is not known, or where there are several."""
    entry = _entry(tag) if tag is not None else None
    return entry[0] if entry else ""


def is_multiple(tag: int) -> bool:
    entry = _entry(tag)
    return bool(entry) and entry is not None and entry[1] != "1"


def name_of(tag: int) -> str:
    entry = _entry(tag)
    return f"{tag_text(tag)} {entry[2]}" if entry and entry[2] else tag_text(tag)


def is_known(tag: int) -> bool:
    """To pydicom, or to PS3.15, which may be newer."""
    return _entry(tag) is not None or tag in _profile()


def is_retired(tag: int) -> bool:
    entry = _entry(tag)
    return entry is not None and entry[3]


@cache
def _profile() -> Mapping[int, str]:
    """What the Basic Profile of PS3.15 does with each attribute; groups that repeat apart."""
    return {int(one.digits, 16): one.basic for one in ps315.attributes() if not one.is_private and not one.repeats}


@cache
def uids_of_profile() -> tuple[int, ...]:
    """Those that get another UID, without what is not part of a stored object's data set."""
    return tuple(sorted(tag for tag, action in _profile().items() if action == "U" and tag >> 16 > 0x0004))


@cache
def identifying() -> frozenset[int]:
    """Everything that is removed, emptied or replaced; UIDs apart."""
    return frozenset(tag for tag, action in _profile().items() if action != "U")


@cache
def private_creators() -> frozenset[str]:
    from pydicom._private_dict import private_dictionaries

    return frozenset(private_dictionaries)


@lru_cache(maxsize=512)
def private_vrs(creator: str, group: str, element: str) -> frozenset[str] | None:
    """VRs of the elements of a creator that a spelled group and element may mean; None for an unknown creator."""
    from pydicom._private_dict import private_dictionaries

    entries = private_dictionaries.get(creator)
    if entries is None:
        return None
    found = set()
    for key, entry in entries.items():
        if digits_fit(group, key[:4]) and digits_fit(element, key[-2:]):
            found.add(entry[0])
    return frozenset(found)


def digits_fit(spelled: str, digits: str) -> bool:
    """Whether digits with wildcards can mean these digits."""
    return all(map(_digit_fits, spelled.upper(), digits.upper()))


def _digit_fits(spelled: str, digit: str) -> bool:
    if spelled == "X" or digit == "X":
        return True
    if spelled in "@#":
        return int(digit, 16) % 2 == (spelled == "#")
    return spelled == digit
