"""An object held as the bytes of its file: a table of where each element stands, and what was put in its place.

Only little endian. Elements that a script leaves alone are copied as they are, pixels above all.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Self

from bootstrap.dicomedit.charsets import charset_of
from bootstrap.dicomedit.codec import Charset
from bootstrap.dicomedit.dictionary import dictionary_vr, engine_vr, read_vr
from bootstrap.dicomedit.elements import DELIMITER, KNOWN_VRS, Entry, items_of, read_elements
from bootstrap.dicomedit.holding import PIXEL_DATA
from bootstrap.dicomedit.problems import NeedsDecoding

_CHARACTER_SET = 0x00080005


class BytesItem:
    """An object or an item of a sequence. One that a script made has no bytes of its own."""

    __slots__ = ("_charset", "_edited", "_items", "_sequences", "_table", "changed", "data", "explicit", "parent")

    def __init__(self, data: bytes, table: dict[int, Entry], explicit: bool, parent: Self | None = None) -> None:
        self.data, self.explicit, self.parent = data, explicit, parent
        self._table = table
        self._edited: dict[int, tuple[str, bytes]] = {}
        self._items: dict[int, list[Self]] = {}
        self._sequences: list[int] | None = None
        self._charset: Charset | None = None
        self.changed = False

    @property
    def identity(self) -> int:
        return id(self)

    def entry(self, tag: int) -> Entry | None:
        """Where an element stands in the file, if it is still the file's."""
        return self._table.get(tag)

    def strange_vrs(self) -> list[tuple[int, str]]:
        """Elements of the file that state a VR which DICOM does not have; those in sequences are not looked at."""
        return [(tag, entry.vr) for tag, entry in self._table.items() if entry.vr and entry.vr not in KNOWN_VRS]

    def edited(self, tag: int) -> tuple[str, bytes] | None:
        """VR and bytes of an element that was written."""
        return self._edited.get(tag)

    def tags(self) -> Sequence[int]:
        if not self._edited and not self._items:
            return sorted(self._table)
        return sorted({*self._table, *self._edited, *self._items})

    def among(self, wanted: Set[int]) -> Sequence[int]:
        found = wanted & self._table.keys()
        if self._edited or self._items:
            found |= (wanted & self._edited.keys()) | (wanted & self._items.keys())
        return sorted(found)

    def __contains__(self, tag: int) -> bool:
        return tag in self._table or tag in self._edited or tag in self._items

    def sequences(self) -> Sequence[int]:
        if self._sequences is None:
            found = [tag for tag, entry in self._table.items() if entry.is_sequence]
            self._sequences = sorted({*found, *self._items}) if self._items else sorted(found)
        return self._sequences

    def vr(self, tag: int) -> str | None:
        edited = self._edited.get(tag)
        if edited is not None:
            return edited[0]
        entry = self._table.get(tag)
        if entry is None:
            return "SQ" if tag in self._items else None
        return "SQ" if entry.is_sequence else engine_vr(entry.vr, tag)

    def stated_vr(self, tag: int) -> str:
        entry = self._table.get(tag)
        return (entry.vr if entry is not None else None) or self.vr(tag) or "UN"

    def default_vr(self, tag: int) -> str:
        return dictionary_vr(tag) if self.explicit else read_vr(tag)

    def raw(self, tag: int) -> bytes:
        edited = self._edited.get(tag)
        if edited is not None:
            return edited[1]
        entry = self._table.get(tag)
        if entry is None:
            return b""
        return self.data[entry.value : entry.end - DELIMITER if entry.undefined else entry.end]

    def is_encapsulated(self, tag: int) -> bool:
        entry = self._table.get(tag)
        return entry is not None and entry.undefined and not entry.is_sequence

    def items(self, tag: int) -> Sequence[Self] | None:
        known = self._items.get(tag)
        if known is not None:
            return known
        entry = self._table.get(tag)
        if entry is None or not entry.is_sequence:
            return None
        explicit = self.explicit and entry.vr != "UN"
        tables = items_of(self.data, entry, explicit)
        self._items[tag] = [type(self)(self.data, table, explicit, self) for table in tables]
        return self._items[tag]

    def charset(self) -> Charset:
        if self._charset is not None:
            return self._charset
        if _CHARACTER_SET not in self and self.parent is not None:
            return self.parent.charset()
        self._charset = charset_of(self.raw(_CHARACTER_SET) if _CHARACTER_SET in self else None)
        return self._charset

    def put(self, tag: int, vr: str, raw: bytes) -> None:
        self.remove(tag)
        self._edited[tag] = (vr, raw)

    def put_sequence(self, tag: int) -> None:
        self.remove(tag)
        self._items[tag], self._sequences = [], None

    def add_item(self, tag: int) -> Self:
        items = list(self.items(tag) or ())
        item = type(self)(b"", {}, self.explicit, self)
        item.changed = True
        self.remove(tag)
        self._items[tag], self._sequences = [*items, item], None
        return item

    def remove(self, tag: int) -> None:
        self.changed, self._sequences = True, None
        self._table.pop(tag, None)
        self._edited.pop(tag, None)
        self._items.pop(tag, None)
        if tag == _CHARACTER_SET:
            self._charset = None

    def remove_all(self, tags: Sequence[int]) -> None:
        if not tags:
            return
        self.changed, self._sequences = True, None
        for held in (self._table, self._edited, self._items):
            if held:
                for tag in tags:
                    held.pop(tag, None)
        if _CHARACTER_SET in tags:
            self._charset = None

    def decompress(self) -> None:
        raise NeedsDecoding

    def may_hold(self, vr: bytes) -> bool:
        """A quick look at the bytes in front of the pixels; false is certain."""
        pixels = self._table.get(PIXEL_DATA)
        return self.data.find(vr, 0, pixels.start if pixels is not None else len(self.data)) >= 0

    def is_changed(self, tag: int) -> bool:
        """Whether a sequence of the file has to be written anew."""
        return any(item.changed or item.is_changed_below() for item in self._items.get(tag, ()))

    def is_changed_below(self) -> bool:
        return any(self.is_changed(tag) for tag in self._items)


def read_root(data: bytes, meta: dict[int, Entry], meta_end: int, explicit: bool) -> BytesItem:
    """The object of a file: its meta information, which has been read, and its data set, in one table."""
    meta.update(read_elements(data, meta_end, len(data), explicit=explicit))
    return BytesItem(data, meta, explicit)
