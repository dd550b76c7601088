"""How clients ask for containers page by page: a column to sort by, a direction, filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.practice.containers.problems import Broken, Unreadable
from bootstrap.practice.containers.scalars import as_integer, as_text

_COLUMNS = {
    "id": "id",
    "timestamp": "changed",
    "status-time": "changed",
    "status": "status",
    "user-id": "username",
    "project": "project",
    "wrapper-id": "wrapper",
    "command-id": "command",
    "container-id": "container",
    "workflow-id": "workflow",
    "container-name": "name",
    "backend": "backend",
}
_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_SIZE, _LARGEST = 50, 2**31 - 1


@dataclass(frozen=True)
class Page:
    where: str
    values: tuple[Any, ...]
    order: str


def read(body: Mapping[str, Any]) -> Page:
    filters = body.get("filters") or {}
    if not isinstance(filters, dict):
        raise Unreadable(
            "Cannot deserialize value of type `java.util.LinkedHashMap` (through reference chain: filters)"
        )
    parts = [_condition(name, inner) for name, inner in filters.items()]
    where = " AND ".join(sql for sql, _ in parts) or "1"
    column = _COLUMNS.get(as_text(body.get("sort_col"), "sort_col") or "timestamp")
    if column is None:
        raise Broken(f"could not resolve property: {body['sort_col']}")
    direction = (as_text(body.get("sort_dir"), "sort_dir") or "desc").lower()
    if direction not in ("asc", "desc"):
        raise Unreadable(f"Cannot deserialize value of type `SortOrOrder` from String {direction!r}")
    size = min(max(as_integer(body.get("size"), "size") or _SIZE, 1), _LARGEST)
    first = min(max((as_integer(body.get("page"), "page") or 1) - 1, 0) * size, _LARGEST)
    order = f"{column} {direction}, id {direction} LIMIT {size} OFFSET {first}"
    return Page(where, tuple(value for _, values in parts for value in values), order)


def _condition(name: str, inner: Any) -> tuple[str, list[Any]]:
    if not isinstance(inner, dict) or inner.get("backend") != "hibernate":
        raise Unreadable("missing type id property 'backend' (for POJO property 'filters')")
    column = _COLUMNS.get(name)
    if column is None:
        raise Broken(f"could not resolve property: {name}")
    operator = (as_text(inner.get("operator"), "operator") or "").lower()
    sql, values = _compared(column, operator, inner)
    return (f"NOT ({sql})" if inner.get("not") else sql), values


def _compared(column: str, operator: str, inner: Mapping[str, Any]) -> tuple[str, list[Any]]:
    if operator in _SIGNS:
        return f"{column} {_SIGNS[operator]} ?", [as_text(inner.get("value"), "value")]
    if operator in ("like", "ilike"):
        return f"instr(lower({column}), lower(?)) > 0", [as_text(inner.get("value"), "value") or ""]
    if operator == "in":
        several = inner.get("values")
        values = [as_text(one, "values") for one in several] if isinstance(several, list) else []
        return f"{column} IN ({', '.join('?' * len(values))})", values
    if operator == "between":
        return f"{column} BETWEEN ? AND ?", [as_text(inner.get(name), name) for name in ("lo", "hi")]
    raise Broken('Cannot invoke "HibernateFilter$Operator.ordinal()" because "this.operator" is null')
