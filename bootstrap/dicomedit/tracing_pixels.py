"""How much of the pixel data a script has changed: blanking keeps its size."""

from __future__ import annotations

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.editing import text_at
from bootstrap.dicomedit.holding import PIXEL_DATA, Item

_BITS_ALLOCATED = 0x00280100
_BLANKS = "alterpixels"
_CHUNK = 0x2000


class PixelWatch:
    """Holds the pixels from before the first statement that may blank some; to compare them always would take long."""

    def __init__(self, root: Item) -> None:
        self._root = root
        self._original: bytes | None = None
        self._is_held = False
        self._told = ("", "")  # how the pixel data is shown without, and with, what was changed

    def before(self, statement: nodes.Node) -> None:
        if not self._is_held and _may_blank(statement):
            self._is_held = True
            self._original = self._pixels()

    def after(self, statement: nodes.Node) -> None:
        pixels = self._pixels()
        if self._original is None or pixels is None or not _may_blank(statement):
            return
        size = _value_size(self._root)
        changed = changed_values(self._original, pixels, size)
        plain = shown_size(len(pixels))
        told = f"<{len(pixels)} bytes, {changed} of {len(pixels) // size} pixel values changed>"
        self._told = (plain, told if changed else plain)

    def shown(self, plain: str) -> str:
        without, told = self._told
        return told if plain == without else plain

    def _pixels(self) -> bytes | None:
        root = self._root
        return root.raw(PIXEL_DATA) if PIXEL_DATA in root and not root.is_encapsulated(PIXEL_DATA) else None


def shown_size(size: int) -> str:
    return f"<{size} bytes>"


def _may_blank(statement: nodes.Node) -> bool:
    return any(isinstance(node, nodes.Call) and node.name.lower() == _BLANKS for node in nodes.walk(statement))


def _value_size(root: Item) -> int:
    bits = text_at(root, _BITS_ALLOCATED) or ""
    return {"16": 2, "32": 4}.get(bits.strip(), 1)


def changed_values(before: bytes, after: bytes, size: int) -> int:
    """Most of an image stays: what is equal is passed over in large pieces."""
    changed = 0
    for start in range(0, len(after), _CHUNK):
        old, new = before[start : start + _CHUNK], after[start : start + _CHUNK]
        if old != new:
            changed += sum(old[at : at + size] != new[at : at + size] for at in range(0, len(new), size))
    return changed
