"""The routes of XNAT 1.9.2.1, from the facts: what each consumes and produces, built here or not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Listed:
    path: str
    method: str  # or * for any
    plugin: str = ""
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    status: int | None = None  # what it answers also when it was denied
    returns: str = ""  # "boolean" and "number" are denied with `false` and `0`


@dataclass(frozen=True)
class ListedData:
    path: str
    methods: tuple[str, ...]
    archive: bool  # is there too with /archive in it


@cache
def xapi_routes() -> tuple[Listed, ...]:
    return tuple(
        Listed(
            row["path"],
            row["method"],
            row["plugin"],
            _list(row["consumes"]),
            _list(row["produces"]),
            int(row["status"]) if row["status"] else None,
            row["returns"],
        )
        for row in _rows("xapi-routes.tsv")
    )


@cache
def data_routes() -> tuple[ListedData, ...]:
    return tuple(
        ListedData(row["path"], _list(row["methods"]), row["archive"] == "yes") for row in _rows("data-routes.tsv")
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("bootstrap.facts").joinpath(name).read_text("utf-8")
    return iter(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(",") if part)
