"""Java's regular expressions in the spelling of the PyPI module `regex`."""

from __future__ import annotations

import re
from typing import NamedTuple

from bootstrap.dicomedit.java_properties import CLASSES, PLAIN, UNICODE, Meaning, is_ascii, members
from bootstrap.dicomedit.problems import ScriptError

_LINE_ENDS = r"\n\r\u0085\u2028\u2029"
_LAST_END = r"(?=\r\n\Z|(?<!\r)\n\Z|[\r\u0085\u2028\u2029]\Z|\Z)"


class _Lines(NamedTuple):
    character: str  # any but the end of a line
    start: str
    end: str
    last_end: str


_LINES = _Lines(
    f"[^{_LINE_ENDS}]",
    r"(?:\A|(?<=\n|\r(?!\n)|[\u0085\u2028\u2029]))(?!\Z)",
    r"(?=\r\n|(?<!\r)\n|[\r\u0085\u2028\u2029]|\Z)",
    _LAST_END,
)
_UNIX_LINES = _Lines(r"[^\n]", r"(?:\A|(?<=\n))(?!\Z)", r"(?=\n|\Z)", r"(?=\n?\Z)")
_LINE_ENDS_READ = "\n\r\u0085\u2028\u2029"
_SAME_ESCAPES = frozenset("tnrfaAG")
_OF_LATER_JAVAS = {"X": "\\X", "N": "\\N{...}"}  # XNAT 1.9 runs on Java 8
_FLAGS = frozenset("imsxduU")
_QUOTED = re.compile(r"\\(?:Q(.*?)(?:\\E|\Z)|.)", re.DOTALL)
_LATER_GROUP = re.compile(r"\(\?P=__([0-9]+)__\)")


class Translated(NamedTuple):
    text: str
    ignores_unicode_case: bool


def translated(pattern: str) -> Translated:
    """Raises ScriptError where Java refuses the pattern; what both refuse may be left to `regex`."""
    translator = _Translator(pattern, _QUOTED.sub(_unquoted, pattern))
    return Translated(translator.whole(), translator.ignores_unicode_case)


def _unquoted(match: re.Match[str]) -> str:
    """Between Q and E each character stands for itself, and so it does behind a backslash."""
    if match[1] is None:
        return match[0]
    return "".join(one if one.isalnum() or ord(one) > 127 else f"\\{one}" for one in match[1])


class _Translator:
    def __init__(self, given: str, pattern: str) -> None:
        self.given, self.text, self.at = given, pattern, 0
        self.flags = dict.fromkeys("smxdU", False)
        self.groups, self.names = 0, set[str]()
        self.ignores_unicode_case = False

    @property
    def meaning(self) -> Meaning:
        return UNICODE if self.flags["U"] else PLAIN

    def fail(self, message: str) -> ScriptError:
        return ScriptError(f"`{self.given}` is not a regular expression: {message} near index {self.at}")

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
        return _LATER_GROUP.sub(self.later_group, translated)

    def later_group(self, match: re.Match[str]) -> str:
        """A reference to a group that stands behind it, or to none: that matches nothing."""
        return rf"(?:\{match[1]})" if int(match[1]) <= self.groups else "(?!)"

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
            return self.escape()
        self.take()
        if character == "{":
            return self.repetition()
        lines = _UNIX_LINES if self.flags["d"] else _LINES
        simple = {
            ".": "(?s:.)" if self.flags["s"] else lines.character,
            "$": lines.end if self.flags["m"] else lines.last_end,
            "^": lines.start if self.flags["m"] else r"\A",
            "}": r"\}",
            "]": r"\]",
        }
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
            self.groups += 1
            return self.take()
        for construct in ("(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"):
            if self.text.startswith(construct, self.at):
                return self.take(len(construct))
        self.take(2)
        if self.peek() == "<":
            name = self.until(">")
            if not name[1:].isalnum() or not name[1:].isascii() or not name[1].isalpha():
                raise self.fail("bad group name")
            if name in self.names:
                raise self.fail("a group name that is used twice")
            self.names.add(name)
            self.groups += 1
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
                self.ignores_unicode_case |= letter in "uU"
            else:
                raise self.fail("unknown inline modifier")
        if not self.peek():
            raise self.fail("unclosed group")
        closing = self.take()
        outer = dict(self.flags)
        self.flags.update({flag: on for flag, on in changed.items() if flag in self.flags})
        flags = self.spelled(changed)
        if closing == ")":
            if self.peek() and self.peek() in "*+?":
                raise self.fail("there is nothing to repeat")
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

    def escape(self) -> str:
        self.take()
        letter = self.take()
        if letter in CLASSES:
            return f"(?u:{self.meaning.classes[letter]})" if self.flags["U"] else CLASSES[letter]
        if letter in ("p", "P"):
            return self.property(negated=letter == "P", in_class=False)
        if letter.isdigit() and letter != "0":
            return self.group_number(letter)
        special = {
            "Z": _UNIX_LINES.last_end if self.flags["d"] else _LAST_END,
            "z": r"\Z",
            "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
            "b": self.meaning.boundary,
            "B": self.meaning.no_boundary,
        }
        if letter in special:
            return special[letter]
        if letter == "k" and self.take() == "<":
            return f"(?P={self.until('>')})"
        if letter in _SAME_ESCAPES:
            return f"\\{letter}"
        return self.escaped_character(letter)

    def group_number(self, digits: str) -> str:
        """More digits count as long as there are so many groups already."""
        while self.peek() and self.peek() in "0123456789" and int(digits + self.peek()) <= self.groups:
            digits += self.take()
        return f"(?P=__{digits}__)"

    def escaped_character(self, letter: str) -> str:
        if not letter:
            raise self.fail("a lone backslash at the end")
        if letter in "xu0ce":
            return self.literal_escape(letter)
        if letter in "tnrfa":
            return f"\\{letter}"
        if letter in _OF_LATER_JAVAS:
            raise self.fail(f"{_OF_LATER_JAVAS[letter]} is of a newer Java than the one that XNAT 1.9 runs on")
        if letter.isalnum() and letter.isascii():
            raise self.fail(f"illegal escape \\{letter}")
        return _quoted(letter)

    def literal_escape(self, letter: str) -> str:
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

    def property(self, *, negated: bool, in_class: bool) -> str:
        if self.peek() == "{":
            self.take()
            name = self.until("}")
        else:
            name = self.take()
        found = members(name, unicode=self.flags["U"])
        if not found:
            raise self.fail("unknown character property")
        members_only = found if not negated else f"[^{found}]"
        if in_class:
            return members_only
        whole = members_only if negated else f"[{found}]"
        return whole if is_ascii(name) and not self.flags["U"] else f"(?u:{whole})"

    def char_class(self) -> str:
        content = self.class_content()
        return f"(?u:{content})" if r"\p{" in content or r"\P{" in content else content

    def class_content(self) -> str:
        self.take()
        negated = "^" if self.peek() == "^" else ""
        self.take(len(negated))
        parts: list[str] = []
        while True:
            self.skip_comments()
            character = self.peek()
            if not character:
                raise self.fail("unclosed character class")
            if character == "]" and parts:
                self.take()
                return f"[{negated}{_joined(parts)}]"
            parts.append(self.class_part(character))

    def skip_comments(self) -> None:
        while self.flags["x"] and self.peek() and self.peek() in " \t\n\x0b\f\r#":
            if self.take() == "#":
                while self.peek() and self.take() not in _LINE_ENDS_READ:
                    pass

    def class_part(self, character: str) -> str:
        if character == "[":
            return self.class_content()
        if self.text.startswith("&&", self.at):
            while self.peek() == "&":
                self.take()
            return "&&"
        following = self.peek(1)
        if character == "\\" and following in CLASSES:
            self.take(2)
            return self.meaning.classes[following]
        if character == "\\" and following in ("p", "P"):
            self.take(2)
            return self.property(negated=following == "P", in_class=True)
        return self.class_range()

    def class_range(self) -> str:
        low = self.class_character()
        if self.peek() != "-" or self.peek(1) in ("", "[", "]"):
            return low
        self.take()
        return f"{low}-{self.class_character()}"

    def class_character(self) -> str:
        if self.peek() != "\\":
            return _quoted(self.take())
        self.take()
        return self.escaped_character(self.take())


def _joined(parts: list[str]) -> str:
    """An intersection with nothing is none."""
    first = 1 if parts[0] == "&&" else 0
    last = len(parts) - (1 if parts[-1] == "&&" else 0)
    return "".join(parts[first:last]) or "&"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _quoted(character: str) -> str:
    return character if character.isalnum() or ord(character) > 127 else _code(ord(character))


def _code(number: int) -> str:
    return f"\\x{number:02x}" if number < 256 else f"\\U{number:08x}"
