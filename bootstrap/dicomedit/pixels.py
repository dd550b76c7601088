"""`alterPixels`: blanks a rectangle in every frame."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bootstrap.dicomedit.editing import put_text, text_at
from bootstrap.dicomedit.functions_text import Arguments, need
from bootstrap.dicomedit.holding import PIXEL_DATA, Item
from bootstrap.dicomedit.java_text import parse_int
from bootstrap.dicomedit.problems import ScriptError
from bootstrap.dicomedit.recording import add_code
from bootstrap.dicomedit.run import Run
from bootstrap.dicomedit.script_values import VOID, RuntimeValue, required_text

EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
_TRANSFER_SYNTAX, _BURNED_IN, _METHOD = 0x00020010, 0x00280301, 0x00120063
_NATIVE = (None, "", "1.2.840.10008.1.2", EXPLICIT_LITTLE_ENDIAN, "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Half open: left <= x < right, top <= y < bottom."""

    left: int
    top: int
    right: int
    bottom: int

    def clipped(self, columns: int, rows: int) -> Rectangle:
        return Rectangle(max(self.left, 0), max(self.top, 0), min(self.right, columns), min(self.bottom, rows))

    @property
    def is_empty(self) -> bool:
        return self.left >= self.right or self.top >= self.bottom


@dataclass(frozen=True, slots=True)
class Frames:
    rows: int
    columns: int
    count: int
    samples: int
    bits: int
    by_plane: bool

    @property
    def size(self) -> int:
        return self.rows * self.columns * self.samples * (self.bits // 8)


def alter_pixels(run: Run, arguments: Arguments) -> RuntimeValue:
    need(arguments, (4,), 'alterPixels["rectangle", "l=,t=,r=,b=", "solid", "v="]')
    shape, corners, fill, value = (required_text(one, "an argument of alterPixels").strip() for one in arguments)
    if shape.lower() != "rectangle" or fill.lower() != "solid":
        raise ScriptError(f"No PixelEditHandler for {shape}, {fill}")
    rectangle = _rectangle(corners)
    filling = _properties(value).get("v")
    if filling is None:
        raise ScriptError(f"the fill `{value}` says no v=")
    number = parse_int(filling)
    root = run.root
    if PIXEL_DATA not in root:
        return VOID
    if text_at(root, _TRANSFER_SYNTAX) not in _NATIVE or root.is_encapsulated(PIXEL_DATA):
        root.decompress()
    frames = _frames(root)
    if not -(1 << (frames.bits - 1)) <= number < 1 << frames.bits:
        raise ScriptError(f"the fill {number} does not fit into {frames.bits} bits")
    inside = rectangle.clipped(frames.columns, frames.rows)
    if inside.is_empty:
        return VOID
    pixels = root.raw(PIXEL_DATA)
    if len(pixels) < frames.size * frames.count:
        raise ScriptError(f"the pixel data has {len(pixels)} bytes, {frames.size * frames.count} are needed")
    root.put(PIXEL_DATA, "OB" if frames.bits == 8 else "OW", blanked(pixels, frames, inside))
    _record(root)
    return VOID


def _properties(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _rectangle(text: str) -> Rectangle:
    named = _properties(text)
    missing = [name for name in "ltrb" if not re.fullmatch("[+-]?[0-9]+", named.get(name, ""))]
    if missing:
        raise ScriptError(
            f"the rectangle `{text}` needs whole numbers for l, t, r and b; missing: {', '.join(missing)}"
        )
    return Rectangle(*(parse_int(named[name]) for name in "ltrb"))


def _frames(root: Item) -> Frames:
    rows, columns = _number(root, 0x00280010), _number(root, 0x00280011)
    bits, samples = _number(root, 0x00280100), _number(root, 0x00280002, 1)
    count = _number(root, 0x00280008, 1)
    if bits not in (8, 16, 32):
        raise ScriptError(f"pixels of {bits} bits cannot be altered")
    return Frames(rows, columns, max(count, 1), samples, bits, samples > 1 and _number(root, 0x00280006, 0) == 1)


def _number(root: Item, tag: int, default: int | None = None) -> int:
    text = (text_at(root, tag) or "").split("\\")[0]
    if not text:
        if default is None:
            raise ScriptError(f"the image has no ({tag >> 16:04X},{tag & 0xFFFF:04X})")
        return default
    return parse_int(text)


def blanked(pixels: bytes, frames: Frames, inside: Rectangle) -> bytes:
    """Zero in every sample of the rectangle, whatever the script asks for."""
    result = bytearray(pixels)
    planes, samples = (frames.samples, 1) if frames.by_plane else (1, frames.samples)
    pixel = samples * frames.bits // 8
    row = frames.columns * pixel
    begin, width = inside.left * pixel, (inside.right - inside.left) * pixel
    zeros = bytes(width)
    for plane in range(frames.count * planes):
        start = plane * frames.rows * row
        for line in range(inside.top, inside.bottom):
            at = start + line * row + begin
            result[at : at + width] = zeros
    return bytes(result)


def _record(root: Item) -> None:
    root.put(_TRANSFER_SYNTAX, "UI", b"1.2.840.10008.1.2.1\0")
    put_text(root, _BURNED_IN, "NO")
    methods = text_at(root, _METHOD)
    added = "Burned in text blacked out"
    put_text(root, _METHOD, f"{methods}\\{added}" if methods else added)
    add_code(root, "113101", "DCM", "Clean Pixel Data Option")
