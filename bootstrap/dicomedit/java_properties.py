r"""Java's character classes by name: \p{Alpha}, \p{Lu}, \p{IsLatin}, \p{InGreek}, \p{javaLetter}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

HORIZONTAL = r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
VERTICAL = r"\n\x0b\f\r\x85\u2028\u2029"
_WORD = "a-zA-Z0-9_"
_BLANK = r"\x20\t\n\x0b\f\r"
CLASSES = {  # ASCII only, unlike Python's
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "s": f"[{_BLANK}]",
    "S": f"[^{_BLANK}]",
    "h": f"[{HORIZONTAL}]",
    "H": f"[^{HORIZONTAL}]",
    "v": f"[{VERTICAL}]",
    "V": f"[^{VERTICAL}]",
}
# A letter with an accent is no \w, and yet no end of a word.
_LETTERS = r"\p{L}\p{Nd}"
_LETTER, _ACCENT = (f"(?u-i:[{inside}])" for inside in (_LETTERS, r"\p{Mn}"))


class Meaning(NamedTuple):
    """What escapes mean, without or with the flag U."""

    classes: Mapping[str, str]
    boundary: str
    no_boundary: str


def _meaning(classes: Mapping[str, str], word: str) -> Meaning:
    """`word`: what a word is made of where its ends are looked for."""
    part = f"(?u-i:[{word}])"
    before = rf"{part}|{_LETTER}{_ACCENT}+"
    after = rf"(?={part})|(?={_ACCENT})(?<={_LETTER}{_ACCENT}*)"
    ends = rf"(?:(?<={before})(?!{after})|(?<!{before})(?:{after}))"
    inside = rf"(?:(?<={before})(?:{after})|(?<!{before})(?!{after}))"
    return Meaning(classes, ends, inside)


PLAIN = _meaning(CLASSES, f"{_LETTERS}_")
# With the flag U: Unicode's own classes, and words that hold what may stand in a name.
_UNICODE_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}"
_UNICODE_CLASSES = CLASSES | {
    "d": r"[\p{Nd}]",
    "D": r"[^\p{Nd}]",
    "w": f"[{_UNICODE_WORD}]",
    "W": f"[^{_UNICODE_WORD}]",
    "s": r"[\p{White_Space}]",
    "S": r"[^\p{White_Space}]",
}
UNICODE = _meaning(_UNICODE_CLASSES, _UNICODE_WORD)
_UNICODE_POSIX = {
    "Lower": r"\p{Lowercase}",
    "Upper": r"\p{Uppercase}",
    "Alpha": r"\p{Alphabetic}",
    "Digit": r"\p{Nd}",
    "Alnum": r"\p{Alphabetic}\p{Nd}",
    "Punct": r"\p{P}",
    "Graph": r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]",
    "Print": r"[[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]\p{Zs}]",
    "Blank": r"\p{Zs}\t",
    "Cntrl": r"\p{Cc}",
    "XDigit": r"\p{Nd}\p{Hex_Digit}",
    "Space": r"\p{White_Space}",
}
_POSIX = {  # ASCII only, too
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-\x7e",
    "Graph": r"!-\x7e",
    "Print": r"\x20-\x7e",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": _BLANK,
    "L1": r"\x00-\xff",
}
_CATEGORIES = frozenset(
    major + minor
    for major, minors in {
        "C": "ncfos",
        "L": "ultmo",
        "M": "nec",
        "N": "dlo",
        "P": "dsecoif",
        "S": "mcko",
        "Z": "slp",
    }.items()
    for minor in ("", *minors)
)
_OTHERS = {
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "LD": _LETTERS,
    "all": r"\x00-\U0010ffff",
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaTitleCase": r"\p{Lt}",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaIdeographic": r"\p{Ideographic}",
    "javaDigit": r"\p{Nd}",
    "javaDefined": r"\P{Cn}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": _LETTERS,
    "javaSpaceChar": r"\p{Z}",
    "javaWhitespace": r"\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
    "javaISOControl": r"\p{Cc}",
    "javaMirrored": r"\p{Bidi_Mirrored}",
}
_KEYS = frozenset(["sc", "script", "blk", "block", "gc", "general_category"])


def members(name: str, *, unicode: bool = False) -> str:
    """What stands between the brackets of a class for this property; empty if Java knows no such name.

    Scripts and blocks (Is..., In...) are not checked here.
    """
    if unicode and name in _UNICODE_POSIX:
        return _UNICODE_POSIX[name]
    if name in _POSIX:
        return _POSIX[name]
    if name in _CATEGORIES:
        return rf"\p{{{name}}}"
    if name in _OTHERS:
        return _OTHERS[name]
    key, equals, _ = name.partition("=")
    prefixed = name[:2] in ("Is", "In") and len(name) > 2
    if not all(letter.isalnum() or letter in "_ -=" for letter in name):
        return ""
    if not (key.lower() in _KEYS if equals else prefixed):
        return ""
    return rf"\p{{{name.removeprefix('Is')}}}"


def is_ascii(name: str) -> bool:
    return name in _POSIX
