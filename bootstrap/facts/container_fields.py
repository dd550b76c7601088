"""The documents of the Container Service, field by field: commands, server, registries, orchestrations, configurations.

`type` is text, boolean, integer, number, json, texts, integers, map (of texts), list:OBJECT, named:OBJECT (by name) or
object:OBJECT. `default` is what reads back when the field was not sent; `limit` the most letters that are stored;
`alias` another name that is understood when something is made, but not when it is changed.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    needed: bool  # a document without it cannot be read at all
    default: str  # as JSON; empty: the field is absent when it was not sent
    limit: int | None
    alias: str

    @property
    def of(self) -> str:
        """The kind of object that is in it."""
        return self.type.partition(":")[2]

    def default_value(self) -> Any:
        """A fresh one each time, for lists and maps."""
        return json.loads(self.default) if self.default else None


@cache
def fields() -> Mapping[str, tuple[Field, ...]]:
    """The fields of each kind of object, in the order in which they are printed."""
    found: dict[str, list[Field]] = defaultdict(list)
    text = files("bootstrap.facts").joinpath("container-fields.tsv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        found[row["object"]].append(
            Field(
                row["name"],
                row["type"].removesuffix("!"),
                row["type"].endswith("!"),
                _as_json(row["type"], row["default"]),
                int(row["limit"]) if row["limit"] else None,
                row["alias"],
            )
        )
    return {kind: tuple(listed) for kind, listed in found.items()}


def _as_json(field_type: str, default: str) -> str:
    return json.dumps(default) if default and field_type.startswith("text") and field_type != "texts" else default
