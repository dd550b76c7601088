"""Character sets as Java reads and writes them, where Python's codecs of that name do something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

UNREADABLE = "\ufffd"
_KATAKANA = {byte: chr(0xFF61 + byte - 0xA1) for byte in range(0xA1, 0xE0)}
_THAI = {byte: bytes([byte]).decode("iso8859-11", "replace") for byte in range(0xA1, 0x100)}
_KOREAN_SINGLE = {0x5C: "₩", 0x80: "¢", 0x81: "¬", 0x82: "\\", 0x83: "‾", 0x84: "¦"}
_KOREAN_UNKNOWN = {ord(one): "?" for one in "€®"}  # added to the set later
_ASCII = {byte: chr(byte) for byte in range(0x80)}


class _Codec(NamedTuple):
    decode: Callable[[bytes], str]
    encode: Callable[[str], bytes]


def decode_java(name: str, raw: bytes) -> str:
    codec = _CODECS.get(name)
    return raw.decode(name, "replace") if codec is None else codec.decode(raw)


def encode_java(name: str, text: str) -> bytes:
    codec = _CODECS.get(name)
    return text.encode(name, "replace") if codec is None else codec.encode(text)


def _single_bytes(upper: Mapping[int, str], also: Mapping[str, int]) -> _Codec:
    """ASCII below, a table above; `also` are characters that are written and never read."""
    shown = [(_ASCII | dict(upper)).get(byte, UNREADABLE) for byte in range(0x100)]
    numbers = {character: byte for byte, character in enumerate(shown) if character != UNREADABLE} | dict(also)
    return _Codec(
        lambda raw: "".join(shown[byte] for byte in raw),
        lambda text: bytes(numbers.get(character, ord("?")) for character in text),
    )


def _pairs(prefix: bytes, odd_one: tuple[bytes, str], replacement: bytes) -> _Codec:
    """Two bytes for every character, ASCII too: what Java has for the Japanese sets without an escape sequence."""
    odd_pair, odd_character = odd_one

    def decode(raw: bytes) -> str:
        return "".join(_pair(raw[at : at + 2]) for at in range(0, len(raw), 2))

    def _pair(pair: bytes) -> str:
        if pair == odd_pair:
            return odd_character
        if len(pair) < 2 or not all(0x21 <= byte <= 0x7E for byte in pair):
            return UNREADABLE
        found = (prefix + bytes(byte | 0x80 for byte in pair)).decode("euc_jp", "replace")
        return found if len(found) == 1 else UNREADABLE

    def _bytes(character: str) -> bytes:
        if character == odd_character:
            return odd_pair
        found = character.encode("euc_jp", "replace")
        if len(found) != len(prefix) + 2 or not found.startswith(prefix) or found[-2] < 0xA1:
            return replacement
        pair = bytes(byte & 0x7F for byte in found[-2:])
        return replacement if pair == odd_pair else pair

    return _Codec(decode, lambda text: b"".join(map(_bytes, text)))


def _korean_text(raw: bytes) -> Iterator[str]:
    """The backslash byte reads as a won sign, so that values are not told apart."""
    at = 0
    while at < len(raw):
        single = _KOREAN_SINGLE.get(raw[at]) or _ASCII.get(raw[at])
        pair = "" if single else raw[at : at + 2].decode("euc_kr", "ignore")
        at += 2 if len(pair) == 1 and raw[at + 1] > 0x7F else 1
        yield single or (pair if len(pair) == 1 and ord(pair) > 0x7F else UNREADABLE)


def _korean_bytes(text: str) -> bytes:
    single = {character: bytes([byte]) for byte, character in _KOREAN_SINGLE.items()}
    pairs = (single.get(one) or one.encode("euc_kr", "replace") for one in text.translate(_KOREAN_UNKNOWN))
    return b"".join(pair if len(pair) <= 2 else b"?" for pair in pairs)


_CODECS: dict[str, _Codec] = {
    "jis_x0201": _single_bytes(_KATAKANA, {"¥": 0x5C, "‾": 0x7E}),
    "tis_620": _single_bytes(_THAI, {}),
    "jis0208": _pairs(b"", (b"\x21\x3d", "—"), b"\x21\x29"),
    "jis0212": _pairs(b"\x8f", (b"\x22\x37", "\uff5e"), b"\x22\x44"),
    "cp949": _Codec(lambda raw: "".join(_korean_text(raw)), _korean_bytes),
}
OTHER_THAN_ASCII = frozenset(["jis0208", "jis0212", "cp949"])  # where a byte below 80 may be something else
