"""What the interpreter needs of the object it edits. Two classes hold objects: DatasetItem and BytesItem."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Protocol, Self

from bootstrap.dicomedit.codec import Charset

PIXEL_DATA = 0x7FE00010


class Item(Protocol):
    """An object, or an item of a sequence. File meta information belongs to the object as if it were in the data set.

    Bytes are little endian and without a header, whatever the file is. An element in fragments, pixel data above all,
    has neither items nor bytes: `is_encapsulated` tells.
    """

    @property
    def parent(self) -> Self | None: ...

    @property
    def identity(self) -> int:
        """The same number for views of the same item."""
        ...

    def tags(self) -> Sequence[int]:
        """In ascending order; a snapshot that later changes leave alone."""
        ...

    def sequences(self) -> Sequence[int]:
        """Of these, the ones that are sequences, also those without items."""
        ...

    def among(self, wanted: Set[int]) -> Sequence[int]:
        """Of these, the ones that are there; in ascending order."""
        ...

    def __contains__(self, tag: int) -> bool: ...

    def vr(self, tag: int) -> str | None:
        """As the engine sees it; None where there is no such element."""
        ...

    def stated_vr(self, tag: int) -> str:
        """As the file has it; from the engine's dictionary where the file has none."""
        ...

    def default_vr(self, tag: int) -> str:
        """Of an element that a script makes."""
        ...

    def raw(self, tag: int) -> bytes: ...

    def is_encapsulated(self, tag: int) -> bool: ...

    def items(self, tag: int) -> Sequence[Self] | None:
        """The items of a sequence; None where the element is absent or no sequence."""
        ...

    def charset(self) -> Charset: ...

    def put(self, tag: int, vr: str, raw: bytes) -> None: ...

    def put_sequence(self, tag: int) -> None:
        """An empty sequence, whatever was there."""
        ...

    def add_item(self, tag: int) -> Self: ...

    def remove(self, tag: int) -> None: ...

    def remove_all(self, tags: Sequence[int]) -> None:
        """All of them are there."""
        ...

    def decompress(self) -> None:
        """Makes the pixel data native. Raises NeedsDecoding where that takes another holder."""
        ...


def holds_vr(item: Item, vr: str) -> bool:
    """Whether any element, at any depth, has this VR in the file."""
    if any(item.stated_vr(tag) == vr for tag in item.tags()):
        return True
    return any(holds_vr(inner, vr) for tag in item.sequences() for inner in item.items(tag) or ())
