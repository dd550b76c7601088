"""Where the elements of a little endian data set stand in its bytes."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import NamedTuple

from bootstrap.dicomedit.dictionary import read_vr
from bootstrap.dicomedit.holding import PIXEL_DATA
from bootstrap.dicomedit.problems import FileError

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
DELIMITER = 8  # bytes behind a value of undefined length
_DEEPEST = 60
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_EITHER = struct.Struct("<HH2sHI").unpack_from
_IMPLICIT = struct.Struct("<HHI").unpack_from
_LENGTH = struct.Struct("<I").unpack_from
_make = tuple.__new__


class Entry(NamedTuple):
    vr: str | None  # as the file states it; None in implicit files
    start: int  # of the header
    value: int
    end: int  # of the element, a delimiter included
    undefined: bool  # is its length?
    is_sequence: bool


class _Kind(NamedTuple):
    """What a VR in the bytes means for the header."""

    vr: str
    is_long: bool


_KINDS = {
    code: _Kind(code.decode("ascii"), code in LONG_VRS)
    for code in (*LONG_VRS, *(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()))
}

KNOWN_VRS = frozenset(kind.vr for kind in _KINDS.values())

# VRs that never are sequences, and the length of their header.
_PLAIN = {
    code: (kind.vr, 12 if kind.is_long else 8) for code, kind in _KINDS.items() if kind.vr not in ("SQ", "UN")
}.get


def read_elements(data: bytes, at: int, end: int, *, explicit: bool, depth: int = 0) -> dict[int, Entry]:
    """All elements between two places; the last one must end where the stretch ends."""
    table: dict[int, Entry] = {}
    last_header = end - 12 if explicit else -1
    while at < end:
        if at <= last_header:  # what most elements are, without a call for each
            group, element, code, short, long = _EITHER(data, at)
            plain = _PLAIN(code)
            if plain is not None:
                stated, size = plain
                value = at + size
                after = value + (short if size == 8 else long)
                if after <= end:
                    table[group << 16 | element] = _make(Entry, (stated, at, value, after, False, False))
                    at = after
                    continue
        try:
            tag, entry = _any_element(data, at, end, explicit, depth)
        except FileError as error:
            raise FileError(error.message + _suspect(data, table, at, explicit)) from error
        table[tag] = entry
        at = entry[3]
    return table


def _any_element(data: bytes, at: int, end: int, explicit: bool, depth: int) -> tuple[int, Entry]:
    tag, vr, value, length = _header(data, at, end, explicit)
    after = value + length
    if length == UNDEFINED:
        return tag, _undefined(data, tag, vr, at, value, end, explicit, depth)
    if after > end:
        raise FileError(_too_long(tag, vr, length, end - value, at))
    sequence = vr == "SQ" or ((vr is None or vr == "UN") and read_vr(tag) == "SQ")
    return tag, _make(Entry, (vr, at, value, after, False, sequence))


def _suspect(data: bytes, table: dict[int, Entry], at: int, explicit: bool) -> str:
    """Tags ascend. Where they do not, this is no element: what stands before it has a length that leads astray."""
    tags = list(table)
    wrong = next((tag for tag, following in pairwise(tags) if following < tag), None)
    if wrong is None and tags and not _is_plausible(data[at : at + 6].ljust(6, b"\xff"), tags[-1], explicit):
        wrong = tags[-1]
    if wrong is None:
        return ""
    entry = table[wrong]
    return f"; {_shown(wrong)} at byte {entry.start}, {entry.end - entry.value} bytes long, may have the wrong length"


def _is_plausible(header: bytes, before: int, explicit: bool) -> bool:
    group, element = struct.unpack_from("<HH", header)
    return before < group << 16 | element < 0x80000000 and (not explicit or header[4:6].isalpha())


def _header(data: bytes, at: int, end: int, explicit: bool) -> tuple[int, str | None, int, int]:
    """Tag, VR as stated, where the value begins, its length."""
    if end - at < 8:
        raise FileError(f"the file ends inside the header of an element, at byte {at}")
    if not explicit:
        group, element, length = _IMPLICIT(data, at)
        return group << 16 | element, None, at + 8, length
    group, element, code, length = _EXPLICIT(data, at)
    vr, is_long = _KINDS.get(code) or _unusual(code, group << 16 | element, at)
    if not is_long:
        return group << 16 | element, vr, at + 8, length
    if end - at < 12:
        raise FileError(f"the file ends inside the header of an element, at byte {at}")
    return group << 16 | element, vr, at + 12, _LENGTH(data, at + 8)[0]


def _unusual(code: bytes, tag: int, at: int) -> _Kind:
    if not (code.isalpha() and code.isupper()):
        raise FileError(f"{_shown(tag)} at byte {at} has no value representation, but {code!r}")
    return _Kind(code.decode("ascii"), False)


def _undefined(
    data: bytes, tag: int, vr: str | None, at: int, value: int, end: int, explicit: bool, depth: int
) -> Entry:
    """Of undefined length: a sequence, or fragments. Fragments are pixel data, and what the engine knows nothing of:
    only an item of undefined length tells it that this is a sequence."""
    after, inner = value, explicit and vr != "UN"
    is_sequence = tag != PIXEL_DATA and ((explicit and vr != "UN") or read_vr(tag) != "UN")
    while True:
        kind, length = _item_header(data, after, end, tag)
        after += 8
        if kind == SEQUENCE_END:
            return Entry(vr, at, value, after, True, is_sequence)
        if kind != ITEM:
            raise FileError(f"{_shown(tag)} holds something else than items at byte {after - 8}")
        if length == UNDEFINED:
            after, is_sequence = _item_end(data, after, end, inner, depth + 1), tag != PIXEL_DATA
        else:
            after += length


def _item_header(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    if end - at < 8:
        raise FileError(f"{_shown(tag)} has an undefined length, and no end before byte {at}")
    group, element, length = _IMPLICIT(data, at)
    return group << 16 | element, length


def _item_end(data: bytes, at: int, end: int, explicit: bool, depth: int) -> int:
    """Behind the delimiter of an item of undefined length."""
    if depth > _DEEPEST:
        raise FileError(f"sequences are nested more than {_DEEPEST} deep at byte {at}")
    while True:
        kind, _ = _item_header(data, at, end, ITEM)
        if kind == ITEM_END:
            return at + 8
        tag, vr, value, length = _header(data, at, end, explicit)
        unknown = length == UNDEFINED
        at = _undefined(data, tag, vr, at, value, end, explicit, depth).end if unknown else value + length


def items_of(data: bytes, entry: Entry, explicit: bool) -> list[dict[int, Entry]]:
    """The tables of a sequence's items."""
    tables, at = [], entry.value
    while at < entry.end:
        kind, length = _item_header(data, at, entry.end, ITEM)
        at += 8
        if kind == SEQUENCE_END:
            break
        if kind != ITEM:
            raise FileError(f"a sequence holds something else than items at byte {at - 8}")
        if length == UNDEFINED:
            after = _item_end(data, at, entry.end, explicit, 1)
            tables.append(read_elements(data, at, after - 8, explicit=explicit))
        else:
            after = at + length
            if after > entry.end:
                raise FileError(f"an item is longer than its sequence at byte {at - 8}")
            tables.append(read_elements(data, at, after, explicit=explicit))
        at = after
    return tables


def _shown(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _too_long(tag: int, vr: str | None, length: int, left: int, at: int) -> str:
    kind = f" of VR {vr}" if vr else ""
    return f"{_shown(tag)}{kind} at byte {at} says it is {length} bytes long; only {left} are left"
