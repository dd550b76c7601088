"""Lists of items: which columns are asked for, which items fit the filters, and which page of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from bootstrap.facts import type_ancestry
from bootstrap.practice.data import schema, submitted, tables
from bootstrap.practice.data.item import Item
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

_PAGE = 100
_LONGEST_NAME = 500  # letters of a parameter that may name a column
_One = TypeVar("_One")


@dataclass(frozen=True)
class Entry:
    item: Item
    facts: Mapping[str, str] = field(default_factory=dict)  # columns that are no fields of it

    def value(self, column: Column) -> str:
        return self.facts.get(column.name, "") if column.path is None else self.item.text(column.path)


@dataclass(frozen=True)
class Column:
    name: str  # under which it is shown
    path: str | None  # None: one of the facts


def columns(call: Call, type_name: str, default: Sequence[str], facts: Sequence[str] = ()) -> list[Column]:
    """Those that are not known are left out."""
    asked = call.query["columns"].split(",") if call.query.get("columns") else default
    found = [_column(type_name, name, facts) for name in asked]
    return list(dict.fromkeys(column for column in found if column))


def fits(call: Call, type_name: str, entry: Entry, facts: Sequence[str] = ()) -> bool:
    """Every column may be a filter."""
    for name, asked in call.query.items():
        column = _column(type_name, name, facts)
        if column and asked and not _meets(submitted.escaped(asked), _values(entry, column)):
            return False
    return True


def page(call: Call, everything: Sequence[_One]) -> tuple[Sequence[_One], bool]:
    """What is asked for, and whether it is a page only."""
    if "limit" not in call.query and "offset" not in call.query:
        return everything, False
    limit, offset = (_number(call, name, first) for name, first in (("limit", _PAGE), ("offset", 0)))
    if limit <= 0:
        return everything[offset:], False
    return everything[offset : offset + limit], True


def fields(call: Call, type_name: str) -> Answer:
    """Instead of a list: what its columns may be."""
    rows = [{"key": name, "xpath": f"{type_name}/{path}"} for name, path in schema.SHORTCUTS[type_name].items()]
    return tables.answer(call, ("key", "xpath"), rows, total=False)


def _column(type_name: str, name: str, facts: Sequence[str]) -> Column | None:
    return _known_column(type_name, name, tuple(facts)) if len(name) < _LONGEST_NAME else None


@lru_cache(maxsize=1024)
def _known_column(type_name: str, name: str, facts: tuple[str, ...]) -> Column | None:
    short = schema.SHORTCUTS[type_name]
    if name in facts:
        return Column(name, None)
    if name in short:
        return Column(name, short[name])
    named, path = schema.typed_path(name)
    related = type_ancestry.is_a(type_name, named) or type_ancestry.is_a(named, type_name)
    if not named or not related or named not in schema.TYPES or not Item(named).put(path, "x"):
        return None
    known = next((alias for alias, one in short.items() if _plain(one) == _plain(path)), None)
    return Column(known or name.lower(), path)


def _plain(path: str) -> str:
    return re.sub(r"\[@xsi:type=[^\]]*\]", "", path)


def _values(entry: Entry, column: Column) -> Iterable[str]:
    return [entry.value(column)] if column.path is None else list(entry.item.texts(column.path)) or [""]


def _meets(asked: str, values: Iterable[str]) -> bool:
    """One of several patterns between commas, in which * and % stand for anything."""
    return any(pattern.fullmatch(value) for pattern in _patterns(asked) for value in values)


@lru_cache(maxsize=64)
def _patterns(asked: str) -> list[re.Pattern[str]]:
    texts = (".*".join(map(re.escape, re.split(r"[*%]", one))) for one in asked.split(","))
    return [re.compile(text, re.DOTALL) for text in texts]


def _number(call: Call, name: str, otherwise: int) -> int:
    text = call.query.get(name, "")
    if text in ("", "*"):
        return 0 if text else otherwise
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise Refusal(bodies.status_page(500))
    return int(text)
