"""An item as an answer: JSON, XML or a page."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any

from bootstrap.practice.data import item_xml
from bootstrap.practice.data.item import Item
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>{title}</title></head>"
    "<body><h1>{title}</h1><table>{rows}</table></body></html>"
)


def answer(call: Call, item: Item, *, otherwise: str = "") -> Answer:
    """A page, unless something else is asked for or usual; the Accept header cannot ask for JSON."""
    form = call.query.get("format", "").lower().rpartition("/")[2]
    if form == "json":
        return bodies.data_json({"items": [as_json(item)]})
    if not form:
        form = otherwise or _accepted(call)
    if form == "xml":
        return Answer(200, item_xml.write(item), "text/xml")
    return Answer(200, _page(item).encode("utf-8", "surrogatepass"), bodies.HTML) if form else bodies.status_page(406)


def as_json(item: Item) -> dict[str, Any]:
    numbers = {name: item.number for name in item.kind.numbers}
    copies = {name: item.fields[field] for name, field in item.kind.copies.items() if field in item.fields}
    shown = {name: item.kind.fields[name].shown(value) for name, value in item.fields.items()}
    return {
        "children": [
            {"field": place, "items": [as_json(child) for child in children]}
            for place in item.kind.children
            if (children := item.children.get(place))
        ],
        "meta": {
            **({"create_event_id": item.event} if item.event else {}),
            "xsi:type": item.type,
            "isHistory": False,
            "start_date": datetime.fromtimestamp(item.changed, UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
        },
        "data_fields": numbers | copies | shown,
    }


def _accepted(call: Call) -> str:
    if not call.headers.get("Accept"):
        return "html"
    best = call.request.accept_mimetypes.best_match(["text/html", "text/xml"])
    return (best or "").rpartition("/")[2]


def _page(item: Item) -> str:
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in item.fields.items()
    )
    return _PAGE.format(title=html.escape(item.type), rows=rows)
