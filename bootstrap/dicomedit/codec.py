"""An element's bytes as the text that scripts see, and a script's text as an element's bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable

from bootstrap.dicomedit.charsets import DEFAULT, decode, encode, read_text
from bootstrap.dicomedit.java_text import double_text, float_text, parse_float, parse_int, single
from bootstrap.dicomedit.problems import ScriptError

Charset = tuple[str, ...]
KNOWN_VRS = frozenset(
    [
        "AE",
        "AS",
        "AT",
        "CS",
        "DA",
        "DS",
        "DT",
        "FD",
        "FL",
        "IS",
        "LO",
        "LT",
        "OB",
        "OF",
        "OW",
        "PN",
        "SH",
        "SL",
        "SQ",
        "SS",
        "ST",
        "TM",
        "UI",
        "UL",
        "UN",
        "US",
        "UT",
    ]
)
TEXT_VRS = frozenset(["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UI", "UT"])
_ASCII_VRS = frozenset(
    ["AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI"]
)  # read without the object's character set
_LONG_TEXT_VRS = frozenset(("LT", "ST", "UT"))
_BYTE_VRS = frozenset(("OB", "OW", "UN"))
_UTF8: Charset = (DEFAULT,)


def text_of(vr: str, raw: bytes, charset: Charset) -> str:
    """All values, joined with backslashes."""
    if vr in TEXT_VRS:
        return _text(vr, raw, charset)
    reader = _READERS.get(vr)
    if reader is None:
        raise ScriptError(f"an element of VR {vr} has no text")
    return reader(raw)


def values_of(vr: str, raw: bytes, charset: Charset) -> list[str]:
    """Value by value where the engine can tell them apart; a whole text otherwise."""
    text = text_of(vr, raw, charset)
    if vr in _BYTE_VRS or vr in _LONG_TEXT_VRS:
        return [text]
    return text.split("\\") if text or raw else []


def first_value(vr: str, raw: bytes, charset: Charset) -> str | None:
    """What a private creator counts as: the first value, none if the element is empty."""
    if not raw:
        return None
    try:
        return text_of(vr, raw, charset).split("\\")[0]
    except ScriptError:
        return decode(raw, charset)


def _text(vr: str, raw: bytes, charset: Charset) -> str:
    text = read_text(raw, _UTF8 if vr in _ASCII_VRS else charset)
    if vr in _LONG_TEXT_VRS:
        return text.lstrip("\0").rstrip("\0 ")
    tail = "^ " if vr == "PN" else "\0 "
    if "\\" not in text:
        return text.lstrip(" ").rstrip(tail)
    return "\\".join(value.lstrip(" ").rstrip(tail) for value in text.split("\\"))


def _numbers(code: str, size: int, show: Callable[[float], str] = str) -> Callable[[bytes], str]:
    def read(raw: bytes) -> str:
        count = len(raw) // size
        return "\\".join(map(show, struct.unpack_from(f"<{count}{code}", raw)))

    return read


def _attribute_tags(raw: bytes) -> str:
    halves = struct.unpack_from(f"<{len(raw) // 4 * 2}H", raw)
    return "\\".join(f"{group:04X}{element:04X}" for group, element in zip(halves[::2], halves[1::2], strict=True))


def _hexadecimal(raw: bytes) -> str:
    return raw.hex("\\").upper() if raw else "null"


def _unknown(raw: bytes) -> str:
    return "".join(_UNKNOWN_BYTES[byte] for byte in raw)


_UNKNOWN_BYTES = [chr(byte) if 32 <= byte <= 126 else f"\\{byte:02X}" for byte in range(256)]
_UNKNOWN_BYTES[ord("\\")] = "\\\\"

_READERS: dict[str, Callable[[bytes], str]] = {
    "US": _numbers("H", 2),
    "SS": _numbers("h", 2),
    "UL": _numbers("I", 4),
    "SL": _numbers("i", 4),
    "FL": _numbers("f", 4, float_text),
    "FD": _numbers("d", 8, double_text),
    "OF": _numbers("f", 4, float_text),
    "AT": _attribute_tags,
    "OB": _hexadecimal,
    "OW": _numbers("H", 2),
    "UN": _unknown,
}


def bytes_of(vr: str, text: str | None, charset: Charset) -> bytes:
    """Not padded: the engine pads when it writes a file. Null empties a text; for numbers and bytes it is an Error."""
    if vr in TEXT_VRS:
        return encode(text or "", _UTF8 if vr in _ASCII_VRS else charset)
    if text is None:
        raise ScriptError(f"there is no value to write into an element of VR {vr}")
    if vr in _BYTE_VRS:
        return text.encode("utf-8", "replace")
    writer = _WRITERS.get(vr)
    if writer is None:
        raise ScriptError(f"Unexpected vr = {vr}. String value = {text}")
    return writer(text)


def padded(vr: str, raw: bytes) -> bytes:
    if len(raw) % 2 == 0:
        return raw
    return raw + (b" " if vr in TEXT_VRS and vr != "UI" else b"\0")


def _split(text: str) -> list[str]:
    return text.split("\\") if text else []


def _integers(code: str, size: int, parsed_bits: int) -> Callable[[str], bytes]:
    """Numbers out of range wrap around, as in Java."""
    mask = (1 << (8 * size)) - 1

    def write(text: str) -> bytes:
        numbers = [_parse_wrapping(value, parsed_bits) & mask for value in _split(text)]
        return struct.pack(f"<{len(numbers)}{code}", *numbers)

    return write


def _parse_wrapping(text: str, bits: int) -> int:
    return parse_int(text[1:] if bits == 64 and text.startswith("+") else text, bits)


def _floats(code: str) -> Callable[[str], bytes]:
    def write(text: str) -> bytes:
        numbers = [parse_float(value) for value in _split(text)]
        if code == "f":
            numbers = [single(number) for number in numbers]
        return struct.pack(f"<{len(numbers)}{code}", *numbers)

    return write


def _one_float(text: str) -> bytes:
    return struct.pack("<f", single(parse_float(text)))


def _tags(text: str) -> bytes:
    return b"".join(struct.pack("<HH", number >> 16, number & 0xFFFF) for number in map(_parse_tag, _split(text)))


def _parse_tag(text: str) -> int:
    try:
        if "_" not in text and text.strip() == text:
            return int(text, 16) & 0xFFFFFFFF
    except ValueError:
        pass
    from pydicom.datadict import tag_for_keyword

    number = tag_for_keyword(text) if text else None
    if number is None:
        raise ScriptError(f"Unknown Tag Name: {text}")
    return number


_WRITERS: dict[str, Callable[[str], bytes]] = {
    "US": _integers("H", 2, 32),
    "SS": _integers("H", 2, 32),
    "UL": _integers("I", 4, 64),
    "SL": _integers("I", 4, 64),
    "FL": _floats("f"),
    "FD": _floats("d"),
    "OF": _one_float,
    "AT": _tags,
}
