"""Replacement keys in templates, and values as they stand in a command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootstrap.practice.containers.documents import Document

_BLANK = " "


def replaced(template: str, values: Mapping[str, str]) -> str:
    """Every key wherever it stands."""
    if not template.strip():
        return template
    for key, value in values.items():
        template = template.replace(key, value)
    return template


def elsewhere(texts: Sequence[str], *, several: bool) -> str:
    """As it stands in all templates but the command line."""
    return f"[{', '.join(texts)}]" if several else "".join(texts)


def in_command_line(one: Document, texts: Sequence[str], *, several: bool) -> str:
    """With its flag, if there is anything to stand behind it."""
    flag, separator = one.get("command-line-flag") or "", one.get("command-line-separator")
    if several:
        return _several(one, flag, separator, texts)
    text = "".join(texts)
    if not text.strip() or not flag.strip():
        return text if text.strip() else ""
    return f"{flag}{_BLANK if separator is None else separator}{text}"


def _several(one: Document, flag: str, separator: str | None, texts: Sequence[str]) -> str:
    between = separator if separator and separator.strip() else _BLANK
    front = f"{flag}{between}" if flag.strip() else ""
    how = one.get("multiple-delimiter") or "space"
    if how == "flag":
        return _BLANK.join(f"{front}{text}" for text in texts)
    if how == "comma":
        return front + ",".join(texts)
    joined = _BLANK.join(texts)
    return f"{front}'{joined}'" if how == "quoted-space" else front + joined
