"""Names in documents, as the service looks at them and speaks of them."""

from __future__ import annotations

import re

_OTHER_LETTERS = re.compile(r"[^A-Za-z0-9_-]")


def is_blank(text: str | None) -> bool:
    return not (text or "").strip()


def has_other_letters(name: str) -> bool:
    """Others than those of which names of inputs, outputs and handlers may be made."""
    return _OTHER_LETTERS.search(name) is not None


def said(name: str | None) -> str:
    return "null" if name is None else name
