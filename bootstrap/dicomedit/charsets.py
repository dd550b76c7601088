"""Character sets by the terms of (0008,0005), as the engine's library reads and writes them."""

from __future__ import annotations

from functools import lru_cache

DEFAULT = "utf-8"
_BY_TERM = {
    "": "ascii",
    "ISO_IR 6": "ascii",
    "ISO_IR 100": "latin-1",
    "ISO_IR 101": "iso8859-2",
    "ISO_IR 109": "iso8859-3",
    "ISO_IR 110": "iso8859-4",
    "ISO_IR 144": "iso8859-5",
    "ISO_IR 127": "iso8859-6",
    "ISO_IR 126": "iso8859-7",
    "ISO_IR 138": "iso8859-8",
    "ISO_IR 148": "iso8859-9",
    "ISO_IR 13": "shift_jis",
    "ISO_IR 166": "iso8859-11",
    "ISO 2022 IR 87": "iso2022_jp",
    "ISO 2022 IR 159": "iso2022_jp_2",
    "ISO 2022 IR 149": "cp949",
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
}


@lru_cache(maxsize=64)
def charset_of(term: bytes | None) -> tuple[str, ...]:
    """Python's names for the character sets that a raw (0008,0005) asks for; the first one writes."""
    if not term:
        return (DEFAULT,)
    terms = [part.strip(" \0") for part in term.decode("ascii", "replace").split("\\")]
    first = _python_name(terms[0])
    if first is None:
        return (DEFAULT,)
    return (first, *(name for name in map(_python_name, terms[1:]) if name))


def _python_name(term: str) -> str | None:
    return _BY_TERM.get(term) or _BY_TERM.get(term.replace("ISO 2022 IR", "ISO_IR"))


def decode(raw: bytes, charset: tuple[str, ...]) -> str:
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    if len(charset) == 1 or b"\x1b" not in raw:
        return raw.decode(charset[0], "replace")
    from pydicom.charset import decode_bytes

    return decode_bytes(raw, list(charset), {ord("\\"), ord("^"), ord("=")})


def encode(text: str, charset: tuple[str, ...]) -> bytes:
    if text.isascii():
        return text.encode("ascii")
    return text.encode(charset[0], "replace")
