"""Character sets by the terms of (0008,0005), as the engine's library reads and writes them.

It writes in the first set only, without escape sequences: a character that this set lacks becomes a question mark.
Reading follows escape sequences, of any set, if (0008,0005) has more than one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bootstrap.dicomedit.java_charsets import OTHER_THAN_ASCII, decode_java, encode_java
from bootstrap.dicomedit.problems import ScriptError

DEFAULT = "utf-8"
_EXTENDED = "iso2022"
_ESCAPE = 0x1B
_NUMBERED = {
    "100": "latin-1",
    "101": "iso8859-2",
    "109": "iso8859-3",
    "110": "iso8859-4",
    "144": "iso8859-5",
    "127": "iso8859-6",
    "126": "iso8859-7",
    "138": "iso8859-8",
    "148": "iso8859-9",
    "13": "jis_x0201",
    "166": "tis_620",
}
_BY_TERM = {
    "": "ascii",
    **{f"ISO_IR {number}": name for number, name in _NUMBERED.items()},
    **{f"ISO 2022 IR {number}": name for number, name in _NUMBERED.items()},
    "ISO 2022 IR 6": "ascii",  # ISO_IR 6 is unknown to the engine
    "ISO 2022 IR 87": "jis0208",
    "ISO 2022 IR 159": "jis0212",
    "ISO 2022 IR 149": "cp949",
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
}


class _Shift(NamedTuple):
    name: str
    step: int  # bytes for a character; 0: one below 80, else two


_ESCAPES = {
    b"$(D": _Shift("jis0212", 2),
    b"$)C": _Shift("cp949", 0),
    b"$B": _Shift("jis0208", 2),
    b"(B": _Shift("ascii", 1),
    b"(J": _Shift("jis_x0201", 1),
    b")I": _Shift("jis_x0201", 1),
    **{
        f"-{final}".encode("ascii"): _Shift(_NUMBERED[number], 1)
        for final, number in zip(
            "ABCDFGHLMT", ["100", "101", "109", "110", "126", "127", "138", "144", "148", "166"], strict=True
        )
    },
}


@lru_cache(maxsize=64)
def charset_of(term: bytes | None) -> tuple[str, ...]:
    """Names for the character set that a raw (0008,0005) asks for; a second one says that escape sequences count."""
    if not term:
        return (DEFAULT,)
    terms = [part.strip(" ").rstrip("\0 ") for part in term.decode("ascii", "replace").split("\\")]
    first = _BY_TERM.get(terms[0])
    if first is None:
        return (DEFAULT,)
    return (first, _EXTENDED) if len(terms) > 1 else (first,)


def decode(raw: bytes, charset: tuple[str, ...]) -> str:
    """For showing: never an exception."""
    try:
        return read_text(raw, charset)
    except ScriptError:
        return raw.decode("ascii", "replace")


def read_text(raw: bytes, charset: tuple[str, ...]) -> str:
    """As scripts see it. ScriptError where the engine cannot: a text that ends within an escape sequence or a pair."""
    extended = len(charset) > 1 and _ESCAPE in raw
    if extended:
        return "".join(_parts(raw, charset[0]))
    if raw.isascii() and charset[0] not in OTHER_THAN_ASCII:
        return raw.decode("ascii")
    return decode_java(charset[0], raw)


def _parts(raw: bytes, name: str) -> Iterator[str]:
    """Each stretch of a text with its set. As in the engine, no separator of values brings the first set back."""
    shift, start, at = _Shift(name, 1), 0, 0
    while at < len(raw):
        if raw[at] != _ESCAPE:
            at += shift.step or (2 if raw[at] > 0x7F else 1)
            continue
        yield decode_java(shift.name, raw[start:at])
        after = at + (4 if raw[at + 1 : at + 3] in (b"$(", b"$)") else 3)
        _require(raw, after)
        found = _ESCAPES.get(raw[at + 1 : after])
        if found is None:
            yield decode_java(shift.name, raw[at:after])
        shift, start, at = found or shift, after, after
    _require(raw, at)
    yield decode_java(shift.name, raw[start:at])


def _require(raw: bytes, end: int) -> None:
    if end > len(raw):
        raise ScriptError("a text ends within an escape sequence or a character of its character set (0008,0005)")


def encode(text: str, charset: tuple[str, ...]) -> bytes:
    if charset[0] not in OTHER_THAN_ASCII and text.isascii():
        return text.encode("ascii")
    return encode_java(charset[0], text)
