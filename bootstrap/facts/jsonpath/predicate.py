"""A predicate as a whole: what stands between `$[?(` and `)]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.facts.jsonpath.cursor import FilterFault
from bootstrap.facts.jsonpath.nodes import Path
from bootstrap.facts.jsonpath.operators import Unfit
from bootstrap.facts.jsonpath.paths import compile_path
from bootstrap.facts.jsonpath.walk import Walk


@dataclass(frozen=True)
class Predicate:
    text: str
    path: Path

    def holds(self, document: Mapping[str, Any]) -> bool:
        """Whether the document passes. FilterFault where the library breaks on it."""
        try:
            return bool(Walk(document, document).results(self.path))
        except Unfit:
            raise FilterFault(f"{self.text} can not be applied to this document") from None


def compile_predicate(text: str) -> Predicate:
    """JsonPathError, with the library's message, if it cannot be read."""
    return Predicate(text, compile_path(f"$[?({text})]"))
