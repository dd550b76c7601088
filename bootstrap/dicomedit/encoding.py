"""An edited object as the bytes of a file. What was not changed is taken over as it stands."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from bootstrap.dicomedit.bytes_item import BytesItem
from bootstrap.dicomedit.codec import padded
from bootstrap.dicomedit.editing import text_at
from bootstrap.dicomedit.elements import ITEM, LONG_VRS, SEQUENCE_END, UNDEFINED
from bootstrap.dicomedit.holding import Item

TRANSFER_SYNTAX = 0x00020010
IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
Chunk = bytes | memoryview
_GROUP_LENGTH = 0x00020000
_COPIES = ((0x00020002, 0x00080016), (0x00020003, 0x00080018))
_IMPLICIT, _SHORT_FORM, _LONG_FORM = (struct.Struct(form).pack for form in ("<HHI", "<HH2sH", "<HH2sHI"))
_LONG = frozenset(vr.decode("ascii") for vr in LONG_VRS)


def settle_file_meta(root: Item) -> None:
    """The file's meta information repeats the object's class and instance."""
    for copy, original in _COPIES:
        uid = (text_at(root, original) or "").encode("ascii", "replace")
        if copy not in root or root.raw(copy).rstrip(b"\0") != uid:
            root.put(copy, "UI", uid)
    if not text_at(root, TRANSFER_SYNTAX):
        root.put(TRANSFER_SYNTAX, "UI", EXPLICIT_LITTLE_ENDIAN.encode("ascii"))


def is_group_length(tag: int) -> bool:
    """Retired, and wrong as soon as something of the group changes."""
    return tag & 0xFFFF == 0 and tag >> 16 > 6


def encoded(root: BytesItem, preamble: bytes) -> list[Chunk]:
    """The file in pieces."""
    tags = root.tags()
    split = next((index for index, tag in enumerate(tags) if tag >> 16 > 2), len(tags))
    meta = b"".join(_elements(root, [tag for tag in tags[:split] if tag != _GROUP_LENGTH], True, True))
    length = header(_GROUP_LENGTH, "UL", 4, True) + struct.pack("<I", len(meta))
    explicit = text_at(root, TRANSFER_SYNTAX) != IMPLICIT_LITTLE_ENDIAN
    return [preamble, b"DICM", length, meta, *_elements(root, tags[split:], explicit, root.explicit)]


def _elements(item: BytesItem, tags: Sequence[int], explicit: bool, stands: bool) -> Iterator[Chunk]:
    """`stands` says how the item's own bytes are written; if it is as wanted, they can be copied."""
    view, entry_of, copies = memoryview(item.data), item.entry, explicit == stands
    start = end = 0
    for tag in tags:
        if tag & 0xFFFF == 0 and is_group_length(tag):
            continue
        entry = entry_of(tag)
        if entry is None or not copies or (entry.is_sequence and item.is_changed(tag)):
            if end:
                yield view[start:end]
                start = end = 0
            yield from _anew(item, tag, explicit)
            continue
        if entry.start != end:
            yield view[start:end]
            start = entry.start
        end = entry.end
    yield view[start:end]


def _anew(item: BytesItem, tag: int, explicit: bool) -> Iterator[Chunk]:
    edited = item.edited(tag)
    items = item.items(tag) if edited is None else None
    if items is None:
        vr, raw = edited or (item.stated_vr(tag), item.raw(tag))
        if len(raw) % 2:
            raw = padded(vr, raw)
        in_fragments = item.is_encapsulated(tag)
        yield header(tag, vr, UNDEFINED if in_fragments else len(raw), explicit)
        yield raw
        if in_fragments:
            yield _IMPLICIT(SEQUENCE_END >> 16, SEQUENCE_END & 0xFFFF, 0)
        return
    content: list[Chunk] = []
    for inner in items:
        parts = list(_elements(inner, list(inner.tags()), explicit, inner.explicit))
        content.append(_IMPLICIT(ITEM >> 16, ITEM & 0xFFFF, sum(map(len, parts))))
        content += parts
    yield header(tag, "SQ", sum(map(len, content)), explicit)
    yield from content


def header(tag: int, vr: str, length: int, explicit: bool) -> bytes:
    if not explicit:
        return _IMPLICIT(tag >> 16, tag & 0xFFFF, length)
    if vr in _LONG:
        return _LONG_FORM(tag >> 16, tag & 0xFFFF, vr.encode("ascii"), 0, length)
    if length > 0xFFFF:  # does not fit: the form for long values takes it, with an unknown VR
        return _LONG_FORM(tag >> 16, tag & 0xFFFF, b"UN", 0, length)
    return _SHORT_FORM(tag >> 16, tag & 0xFFFF, vr.encode("ascii"), length)
