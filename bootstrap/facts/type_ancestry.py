"""The data types that an XNAT without further plugins has, and what each is a kind of."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def parents() -> Mapping[str, str]:
    """Each type's parent; '' for those that are a kind of nothing."""
    text = files("bootstrap.facts").joinpath("type-ancestry.tsv").read_text("utf-8")
    return {row["name"]: row["parent"] for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def is_known(name: str) -> bool:
    return name in parents()


def is_a(name: str, kind: str) -> bool:
    """Whether a type is that one, or one of its descendants. One that is not known is only itself."""
    while name:
        if name == kind:
            return True
        name = parents().get(name, "")
    return False
