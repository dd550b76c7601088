"""Search documents: what is looked for, by which criteria, and what is shown of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bootstrap.practice.data import item_xml

Values = Callable[[str], Sequence[str]]  # what a thing has at a path such as xnat:mrSessionData/project
_ROOTS = ("search", "stored_search", "bundle")
_MOST_LEVELS = 20


class NotASearch(ValueError):
    """What was sent is no document, or one of another kind."""


@dataclass(frozen=True)
class Shown:
    element: str
    field: str
    type: str
    header: str


@dataclass(frozen=True)
class Criterion:
    path: str
    comparison: str
    value: str

    def holds(self, values: Values) -> bool:
        found = [one for one in values(self.path) if one]
        if self.comparison == "IS NULL":
            return not found
        if self.comparison in ("IS NOT NULL", "!="):
            return bool(found) if self.comparison != "!=" else self.value not in found
        return any(_compared(one, self.comparison, self.value) for one in found)


@dataclass(frozen=True)
class Group:
    """Of the parts all must hold, or one. Without any it holds."""

    all: bool
    parts: tuple[Criterion | Group, ...]

    def holds(self, values: Values) -> bool:
        outcomes = (part.holds(values) for part in self.parts)
        return not self.parts or (all(outcomes) if self.all else any(outcomes))


@dataclass(frozen=True)
class Search:
    root: str
    shown: tuple[Shown, ...]
    where: Group


def read(document: bytes) -> Search:
    try:
        root = item_xml.tree(document)
    except item_xml.NotAnItem as error:
        raise NotASearch(str(error)) from error
    if _name(root) not in _ROOTS:
        raise NotASearch(f"{_name(root)} is no search")
    fields = tuple(
        Shown(_text(one, "element_name"), _text(one, "field_ID"), _text(one, "type"), _text(one, "header"))
        for one in _children(root, "search_field")
    )
    groups = tuple(_group(one, _MOST_LEVELS) for one in _children(root, "search_where"))
    return Search(_text(root, "root_element_name"), fields, Group(True, groups))


def _group(element: Element, levels: int) -> Group:
    if not levels:
        raise NotASearch("the criteria are nested too deeply")
    parts: list[Criterion | Group] = []
    for child in element:
        if _name(child) == "child_set":
            parts.append(_group(child, levels - 1))
        elif _name(child) == "criteria":
            comparison = " ".join(_text(child, "comparison_type").upper().split()) or "="
            parts.append(Criterion(_text(child, "schema_field"), comparison, _text(child, "value")))
    return Group(element.get("method", "AND").upper() != "OR", tuple(parts))


def _compared(found: str, comparison: str, asked: str) -> bool:
    if comparison == "LIKE":
        pattern = ".*".join(map(re.escape, re.split(r"[%*]", asked)))
        return re.fullmatch(pattern, found, re.IGNORECASE | re.DOTALL) is not None
    if comparison == "IN":
        return found in [one.strip().strip("'") for one in asked.split(",")]
    if comparison == "BETWEEN":
        low, _, high = asked.partition(" AND ")
        return _compared(found, ">=", low) and _compared(found, "<=", high)
    less, equal = _order(found, asked)
    return {"<": less, "<=": less or equal, ">": not less and not equal, ">=": not less}.get(comparison, equal)


def _order(found: str, asked: str) -> tuple[bool, bool]:
    """Whether it is less, and whether it is the same; as numbers, if both are."""
    try:
        return float(found) < float(asked), float(found) == float(asked)
    except ValueError:
        return found < asked, found == asked


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _text(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in _children(element, name)), "")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
