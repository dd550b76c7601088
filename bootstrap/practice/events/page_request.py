"""How clients ask for the history: a page, an order, filters. They become conditions of a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.practice.http import bodies, json_fields
from bootstrap.practice.http.call import Refusal

_ENTITY = "org.nrg.framework.orm.hibernate.AbstractHibernateEntity"
_FILTER, _OPERATOR = "org.nrg.framework.ajax.Filter", "org.nrg.framework.ajax.hibernate.HibernateFilter$Operator"
_REQUEST = "org.nrg.xnat.eventservice.services.SubscriptionDeliveryEntityPaginatedRequest"
_JACKSON = "com.fasterxml.jackson.databind.exc"
_FILTERS = {
    "project": "project",
    "subscription": "subscription_name",
    "eventtype": "event_type",
    "user": "username",
    "status": "status_message",
}
_SORTS = {
    "id": "id",
    "timestamp": "changed",
    "user": "username",
    "status": "status_message",
    "project": "project",
    "eventtype": "event_type",
}
_PAGE_SIZE = 50

Condition = tuple[str, list[str]]  # SQL with question marks, and what they stand for


@dataclass(frozen=True)
class PageRequest:
    order: str
    limit: int
    offset: int
    conditions: tuple[Condition, ...] = ()


def read(body: Any) -> PageRequest:
    members = json_fields.an_object(body, _REQUEST)
    sent = members.get("filters")
    filters = json_fields.an_object({} if sent is None else sent, "java.util.LinkedHashMap")
    for inner in filters.values():
        _must_be_of_hibernate(inner)
    column = json_fields.text(members, "sort_col") or "id"
    if column not in _SORTS:
        given = f"Unable to locate Attribute  with the the given name [{column}] on this ManagedType [{_ENTITY}]"
        raise Refusal(bodies.wrapped(given))
    size = max(_integer(members, "size", _PAGE_SIZE), 0)
    return PageRequest(
        f"{_SORTS[column]} {_direction(members)}, id {_direction(members)}",
        size,
        max(_integer(members, "page", 1) - 1, 0) * size,
        tuple(_condition(_FILTERS[name], inner) for name, inner in filters.items() if name in _FILTERS),
    )


def _direction(members: Mapping[str, Any]) -> str:
    given = (json_fields.text(members, "sort_dir") or "desc").lower()
    if given not in ("asc", "desc"):
        said = f"Cannot deserialize value of type `org.nrg.framework.ajax.SortOrOrder` from String {given!r}"
        raise Refusal(bodies.json_error(said))
    return given


def _must_be_of_hibernate(inner: Any) -> None:
    if isinstance(inner, Mapping) and inner.get("backend") == "hibernate":
        return
    said = (
        f"Could not resolve subtype of [simple type, class {_FILTER}]: "
        "missing type id property 'backend' (for POJO property 'filters')"
    )
    raise Refusal(bodies.json_error(f"{said}; nested exception is {_JACKSON}.InvalidTypeIdException: {said}"))


def _condition(column: str, inner: Mapping[str, Any]) -> Condition:
    if further := _joined(column, inner, "andFilters", " AND ") or _joined(column, inner, "orFilters", " OR "):
        return further
    operator = json_fields.text(inner, "operator")
    if operator is None:
        raise Refusal(bodies.wrapped(f'Cannot invoke "{_OPERATOR}.ordinal()" because "this.operator" is null'))
    make = _OPERATORS.get(operator.lower())
    if make is None:
        said = f"Cannot deserialize value of type `{_OPERATOR}` from String {operator!r}"
        raise Refusal(bodies.json_error(said))
    sql, values = make(column, inner)
    return (f"NOT ({sql})" if json_fields.boolean(inner, "not") else sql), values


def _joined(column: str, inner: Mapping[str, Any], name: str, word: str) -> Condition | None:
    filters = inner.get(name)
    if not isinstance(filters, list) or not filters:
        return None
    for one in filters:
        _must_be_of_hibernate(one)
    parts = [_condition(column, one) for one in filters]
    return "(" + word.join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


def _compares(sign: str) -> Callable[[str, Mapping[str, Any]], Condition]:
    return lambda column, inner: (f"{column} {sign} ?", [json_fields.text(inner, "value") or ""])


def _is_among(column: str, inner: Mapping[str, Any]) -> Condition:
    values = list(json_fields.texts(inner, "values") or ())
    return f"{column} IN ({', '.join('?' * len(values))})", values


def _is_between(column: str, inner: Mapping[str, Any]) -> Condition:
    return f"{column} BETWEEN ? AND ?", [json_fields.text(inner, name) or "" for name in ("lo", "hi")]


def _has(column: str, inner: Mapping[str, Any]) -> Condition:
    return f"instr({column}, ?) > 0", [json_fields.text(inner, "value") or ""]


def _has_in_any_case(column: str, inner: Mapping[str, Any]) -> Condition:
    return f"instr(lower({column}), lower(?)) > 0", [json_fields.text(inner, "value") or ""]


_OPERATORS: dict[str, Callable[[str, Mapping[str, Any]], Condition]] = {
    "eq": _compares("="),
    "ne": _compares("<>"),
    "lt": _compares("<"),
    "gt": _compares(">"),
    "le": _compares("<="),
    "ge": _compares(">="),
    "like": _has,
    "ilike": _has_in_any_case,
    "in": _is_among,
    "between": _is_between,
}


def _integer(members: Mapping[str, Any], name: str, otherwise: int) -> int:
    given = json_fields.text(members, name)
    if given is None:
        return otherwise
    try:
        return min(int(given), 2**31 - 1)
    except ValueError:
        said = f"Cannot deserialize value of type `int` from String {given!r}: not a valid `int` value"
        raise Refusal(bodies.json_error(said)) from None
