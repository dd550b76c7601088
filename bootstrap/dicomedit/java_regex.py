"""Java's regular expressions, run by the PyPI module `regex`, with a limit on time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bootstrap.dicomedit.java_regex_syntax import translated
from bootstrap.dicomedit.problems import ScriptError

if TYPE_CHECKING:
    import regex

SECONDS = 2.0
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-,:;/<>=!@#%&~\"'`")


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
        spelled = translated(pattern)
        # By default Java ignores the case of ASCII letters only.
        return regex.compile(spelled.text, regex.VERSION1 | (0 if spelled.ignores_unicode_case else regex.ASCII))
    except (regex.error, OverflowError, RecursionError) as error:
        raise ScriptError(f"`{pattern}` is not a regular expression: {error}") from None
