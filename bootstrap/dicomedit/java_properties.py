r"""Java's character classes by name: \p{Alpha}, \p{Lu}, \p{IsLatin}, \p{InGreek}, \p{javaLetter}."""

from __future__ import annotations

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
_LETTER, _WORD_PART, _ACCENT = (f"(?u-i:[{inside}])" for inside in (_LETTERS, f"{_LETTERS}_", r"\p{Mn}"))
_BEFORE = rf"{_WORD_PART}|{_LETTER}{_ACCENT}+"
_AFTER = rf"(?={_WORD_PART})|(?={_ACCENT})(?<={_LETTER}{_ACCENT}*)"
BOUNDARY = rf"(?:(?<={_BEFORE})(?!{_AFTER})|(?<!{_BEFORE})(?:{_AFTER}))"
NO_BOUNDARY = rf"(?:(?<={_BEFORE})(?:{_AFTER})|(?<!{_BEFORE})(?!{_AFTER}))"
# With the flag U: Unicode's own classes, and words that hold what may stand in a name.
_UNICODE_WORD = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}"
UNICODE_CLASSES = CLASSES | {
    "d": r"[\p{Nd}]",
    "D": r"[^\p{Nd}]",
    "w": f"[{_UNICODE_WORD}]",
    "W": f"[^{_UNICODE_WORD}]",
    "s": r"[\p{White_Space}]",
    "S": r"[^\p{White_Space}]",
}
_UNICODE_PART = f"(?u-i:[{_UNICODE_WORD}])"
_UNICODE_BEFORE = rf"{_UNICODE_PART}|{_LETTER}{_ACCENT}+"
_UNICODE_AFTER = rf"(?={_UNICODE_PART})|(?={_ACCENT})(?<={_LETTER}{_ACCENT}*)"
UNICODE_BOUNDARY = rf"(?:(?<={_UNICODE_BEFORE})(?!{_UNICODE_AFTER})|(?<!{_UNICODE_BEFORE})(?:{_UNICODE_AFTER}))"
NO_UNICODE_BOUNDARY = rf"(?:(?<={_UNICODE_BEFORE})(?:{_UNICODE_AFTER})|(?<!{_UNICODE_BEFORE})(?!{_UNICODE_AFTER}))"
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
