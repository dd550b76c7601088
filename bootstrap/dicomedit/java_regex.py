"""Java's regular expressions, translated for the PyPI module `regex`, with a limit on time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit.problems import ScriptError

if TYPE_CHECKING:
    import regex

SECONDS = 2.0
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-,:;/<>=!@#%&~\"'`")
_LINE_ENDS = r"\n\r\u0085\u2028\u2029"
_END = r"(?=\r\n\Z|(?<!\r)\n\Z|[\r\u0085\u2028\u2029]\Z|\Z)"
_LINE_END = r"(?=\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029]|\Z)"
_LINE_START = r"(?:\A|(?<=\n|\r(?!\n)|[\u0085\u2028\u2029])(?!\Z))"
_HORIZONTAL = r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_VERTICAL = r"\n\x0b\f\r\x85\u2028\u2029"
_CLASSES = {  # Java's POSIX classes are ASCII only
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": r"!-~",
    "Print": r"\x20-~",
    "Blank": r"\x20\t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r"\x20\t\n\x0b\f\r",
}
_WORD = "a-zA-Z0-9_"
_BLANK = r"\x20\t\n\x0b\f\r"
_ASCII_CLASSES = {  # ASCII only, unlike Python's
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "s": f"[{_BLANK}]",
    "S": f"[^{_BLANK}]",
}
_SAME_ESCAPES = frozenset("tnrfaAGX")
_FLAGS = {"i": "i", "m": "m", "s": "s", "x": "x", "d": "", "u": "", "U": ""}


def full_match(pattern: str, text: str) -> bool:
    if _PLAIN.issuperset(pattern):
        return pattern == text
    return _timed(compiled(pattern).fullmatch, text) is not None


def search_group(pattern: str, text: str, group: int) -> str | None:
    """A group of the first match, or None; a group that does not exist is an Error once something matches."""
    return _group(_timed(compiled(pattern).search, text), group)


def full_match_group(pattern: str, text: str, group: int) -> str | None:
    return _group(_timed(compiled(pattern).fullmatch, text), group)


def _group(match: Any, group: int) -> str | None:
    if match is None:
        return None
    if not 0 <= group <= match.re.groups:
        raise ScriptError(f"No group {group}")
    found: str | None = match.group(group)
    return found


def _timed(method: Any, text: str) -> Any:
    try:
        return method(text, timeout=SECONDS)
    except TimeoutError:
        raise ScriptError(f"a regular expression took longer than {SECONDS:.0f} seconds") from None


@lru_cache(maxsize=512)
def compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    try:
        translator = _Translator(pattern)
        translated = translator.whole()
        # Case is ignored for ASCII letters only; the flag would do the same to properties such as \\p{L}.
        return regex.compile(translated, regex.VERSION1 | (0 if translator.has_properties else regex.ASCII))
    except (regex.error, OverflowError, RecursionError) as error:
        raise ScriptError(f"`{pattern}` is not a regular expression: {error}") from None


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0
        self.flags = {"s": False, "m": False, "x": False}
        self.has_properties = False

    def fail(self, message: str) -> ScriptError:
        return ScriptError(f"`{self.text}` is not a regular expression: {message} near index {self.at}")

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def take(self, count: int = 1) -> str:
        taken = self.text[self.at : self.at + count]
        self.at += count
        return taken

    def whole(self) -> str:
        translated = self.alternatives()
        if self.peek():
            raise self.fail("unmatched closing `)`")
        return translated

    def alternatives(self) -> str:
        kept = dict(self.flags)
        parts = []
        while self.peek() and self.peek() != ")":
            parts.append(self.part())
        self.flags = kept
        return "".join(parts)

    def part(self) -> str:
        character = self.peek()
        if character == "(":
            return self.group()
        if character == "[":
            return self.char_class()
        if character == "\\":
            return self.escape(in_class=False)
        self.take()
        simple = {
            ".": "(?s:.)" if self.flags["s"] else f"[^{_LINE_ENDS}]",
            "$": _LINE_END if self.flags["m"] else _END,
            "^": _LINE_START if self.flags["m"] else r"\A",
            "}": r"\}",
            "]": r"\]",
        }
        if character == "{":
            return self.repetition()
        return simple.get(character, character)

    def repetition(self) -> str:
        end = self.text.find("}", self.at)
        body = self.text[self.at : end] if end >= 0 else ""
        low, comma, high = body.partition(",")
        if not _digits(low) or (comma and high and not _digits(high)) or max(len(low), len(high)) > 9:
            raise self.fail("illegal repetition")
        self.at = end + 1
        return f"{{{body}}}"

    def group(self) -> str:
        opening = self.opening()
        if opening.endswith(")"):
            return opening
        inner = self.alternatives()
        if self.take() != ")":
            raise self.fail("unclosed group")
        return f"{opening}{inner})"

    def opening(self) -> str:
        if not self.text.startswith("(?", self.at):
            return self.take()
        for construct in ("(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"):
            if self.text.startswith(construct, self.at):
                return self.take(len(construct))
        self.take(2)
        if self.peek() == "<":
            name = self.until(">")
            if not name[1:].isalnum() or not name[1:].isascii() or not name[1].isalpha():
                raise self.fail("bad group name")
            return f"(?P{name}>"
        return self.inline_flags()

    def until(self, end: str) -> str:
        stop = self.text.find(end, self.at)
        if stop < 0:
            raise self.fail(f"`{end}` is missing")
        taken = self.take(stop - self.at)
        self.take(len(end))
        return taken

    def inline_flags(self) -> str:
        start, switch = self.at, True
        changed: dict[str, bool] = {}
        while (letter := self.peek()) not in (")", ":", ""):
            self.take()
            if letter == "-":
                switch = False
            elif letter in _FLAGS:
                changed[letter] = switch
            else:
                raise self.fail("unknown inline modifier")
        if not self.peek():
            raise self.fail("unclosed group")
        closing = self.take()
        outer = dict(self.flags)
        self.flags.update({flag: on for flag, on in changed.items() if flag in self.flags})
        flags = self.spelled(changed)
        if closing == ")":
            return f"(?{flags})" if flags else "(?:)"
        inner = self.alternatives()
        self.flags = outer
        if self.take() != ")":
            raise self.fail(f"unclosed group at {start}")
        return f"(?{flags}:{inner})"

    @staticmethod
    def spelled(changed: dict[str, bool]) -> str:
        """`m` and `s` are translated away."""
        on = "".join(flag for flag, switch in changed.items() if switch and flag in "ix")
        off = "".join(flag for flag, switch in changed.items() if not switch and flag in "ix")
        return on + (f"-{off}" if off else "")

    def escape(self, *, in_class: bool) -> str:
        self.take()
        letter = self.take()
        if not letter:
            raise self.fail("a lone backslash at the end")
        if letter in "pP":
            return self.property(letter == "P", in_class=in_class)
        if letter in "xu0ceQ":
            return self.literal_escape(letter, in_class=in_class)
        if in_class:
            return self.class_escape(letter)
        special = {
            "Z": _END,
            "z": r"\Z",
            "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
            "h": f"[{_HORIZONTAL}]",
            "H": f"[^{_HORIZONTAL}]",
            "v": f"[{_VERTICAL}]",
            "V": f"[^{_VERTICAL}]",
            "b": rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))",
            "B": rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))",
            **_ASCII_CLASSES,
        }
        if letter in special:
            return special[letter]
        if letter == "k" and self.take() == "<":
            return f"(?P={self.until('>')})"
        if letter in _SAME_ESCAPES or letter.isdigit():
            return f"\\{letter}"
        if letter.isalpha() and letter.isascii():
            raise self.fail(f"illegal escape \\{letter}")
        return _quoted(letter)

    def class_escape(self, letter: str) -> str:
        inside = {"h": _HORIZONTAL, "v": _VERTICAL, "H": f"[^{_HORIZONTAL}]", "V": f"[^{_VERTICAL}]"}
        if letter in inside:
            return inside[letter]
        if letter in _ASCII_CLASSES:
            return _ASCII_CLASSES[letter]
        if letter in "tnrfa":
            return f"\\{letter}"
        if letter.isalnum() and letter.isascii():
            raise self.fail(f"illegal escape \\{letter} in a class")
        return _quoted(letter)

    def literal_escape(self, letter: str, *, in_class: bool) -> str:
        if letter == "Q":
            stop = self.text.find("\\E", self.at)
            quoted = self.take((stop if stop >= 0 else len(self.text)) - self.at)
            self.take(2 if stop >= 0 else 0)
            return "".join(map(_quoted, quoted))
        if letter == "e":
            return r"\x1b"
        if letter == "c":
            control = self.take()
            if not control:
                raise self.fail("illegal control escape")
            return _code(ord(control) ^ 64)
        if letter == "0":
            return _code(self.number(8, 3))
        if letter == "x" and self.peek() == "{":
            self.take()
            digits = self.until("}")
            return _code(self.checked(digits, 16))
        return _code(self.number(16, 2 if letter == "x" else 4, exact=True))

    def number(self, base: int, most: int, *, exact: bool = False) -> int:
        allowed = "01234567" if base == 8 else "0123456789abcdefABCDEF"
        digits = ""
        while len(digits) < most and self.peek() and self.peek() in allowed:
            if base == 8 and len(digits) == 2 and int(digits[0]) > 3:
                break
            digits += self.take()
        if not digits or (exact and len(digits) < most):
            raise self.fail("illegal numeric escape")
        return int(digits, base)

    def checked(self, digits: str, base: int) -> int:
        if not digits or not set(digits) <= set("0123456789abcdefABCDEF") or int(digits, base) > 0x10FFFF:
            raise self.fail("illegal numeric escape")
        return int(digits, base)

    def property(self, negated: bool, *, in_class: bool) -> str:
        if self.peek() == "{":
            self.take()
            name = self.until("}")
        else:
            name = self.take()
        members = _CLASSES.get(name)
        if members is not None:
            return f"[{'^' if negated else ''}{members}]" if negated or not in_class else members
        self.has_properties = True
        name = name.removeprefix("Is") if not name.startswith("In") else name
        name = {"javaLowerCase": "Ll", "javaUpperCase": "Lu", "javaWhitespace": "White_Space"}.get(name, name)
        if not name or not all(letter.isalnum() or letter in "_ -=" for letter in name):
            raise self.fail("unknown character property")
        return f"\\{'P' if negated else 'p'}{{{name}}}"

    def char_class(self) -> str:
        self.take()
        negated = "^" if self.peek() == "^" else ""
        self.take(len(negated))
        parts: list[str] = []
        while True:
            character = self.peek()
            if not character:
                raise self.fail("unclosed character class")
            if character == "]" and parts:
                self.take()
                return f"[{negated}{''.join(parts)}]"
            parts.append(self.class_part(character))

    def class_part(self, character: str) -> str:
        if character == "[":
            return self.char_class()
        if character == "\\":
            return self.escape(in_class=True)
        if self.text.startswith("&&", self.at):
            self.take(2)
            while self.peek() == "&":
                self.take()
            return "&&"
        self.take()
        if character == "-" and self.peek() != "]" and self.text[self.at - 2 : self.at - 1] not in ("[", "^"):
            return "-" if self.peek() not in ("[", "&") else r"\-"
        return _quoted(character) if character not in "^" else r"\^"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _quoted(character: str) -> str:
    return character if character.isalnum() or ord(character) > 127 else _code(ord(character))


def _code(number: int) -> str:
    return f"\\x{number:02x}" if number < 256 else f"\\U{number:08x}"
