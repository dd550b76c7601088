"""Questions about regular expressions; never an exception, whatever the text."""

from __future__ import annotations

import re
from functools import lru_cache

from bootstrap.dicomedit.java_regex import compiled, full_match
from bootstrap.dicomedit.problems import ScriptError

_SPECIAL = re.compile(r"[.\\+*?\[\](){}|^$]")
# What other tools (and Python) read differently, or not at all.
_JAVA_ONLY = (
    (re.compile(r"\\[QE]"), r"\Q...\E"),
    (re.compile(r"\[[^\]]*&&"), "an intersection of classes, &&"),
    (re.compile(r"(?<!\\)\[\^?(?:[^\]\\]|\\.)*(?<!\\)\["), "a class inside a class"),
    (re.compile(r"\\[hHRXGz]"), r"one of \h \R \X \G \z"),
    (re.compile(r"\\[pP](?:\{|\w)"), r"a property, \p{...}"),
    (re.compile(r"\\x\{"), r"\x{...}"),
    (re.compile(r"\\0[0-7]"), r"an octal escape, \0nn"),
    (re.compile(r"\(\?<[A-Za-z]"), "a named group, (?<name>...)"),
    (re.compile(r"(?<!^)\(\?[idmsuxU]+(?:-[idmsuxU]+)?\)"), "a flag that is not at the beginning"),
    (re.compile(r"[*+?}]\+"), "a possessive quantifier"),
)


def fault(pattern: str) -> str:
    """Why Java would refuse it; empty if it would not."""
    try:
        compiled(pattern)
    except ScriptError as error:
        return str(error)
    return ""


@lru_cache(maxsize=512)
def fits_empty(pattern: str) -> bool:
    """Whether it matches an empty text; what cannot be said counts as yes."""
    try:
        return full_match(pattern, "")
    except ScriptError:
        return True


def java_only(pattern: str) -> str:
    """The first construct that only Java reads this way."""
    return next((name for form, name in _JAVA_ONLY if form.search(pattern)), "")


def is_plain(pattern: str) -> bool:
    return bool(pattern) and not _SPECIAL.search(pattern)


def searches(pattern: str) -> bool:
    """Leaves room before or behind: `.*`, or names the separator of values itself."""
    return ".*" in pattern or ".+" in pattern or "\\\\" in pattern or "|" in pattern
