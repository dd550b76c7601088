"""What a path leads to in a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.facts.jsonpath.cursor import FilterFault
from bootstrap.facts.jsonpath.operators import Unfit
from bootstrap.facts.jsonpath.paths import compile_path
from bootstrap.facts.jsonpath.walk import PathNotFound, Walk


@dataclass(frozen=True)
class Results:
    values: tuple[Any, ...]
    is_definite: bool  # the path leads to one place at most; else what it leads to is a list


def search(text: str, document: Mapping[str, Any]) -> Results:
    """JsonPathError if the path cannot be read, FilterFault where it breaks on this document."""
    path = compile_path(text)
    try:
        return Results(tuple(Walk(document, document).results(path)), path.is_definite)
    except PathNotFound:
        return Results((), path.is_definite)
    except Unfit:
        raise FilterFault(f"{text} can not be applied to this document") from None
