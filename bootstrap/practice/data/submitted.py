"""What a request says of an item: its XML body, and over that the parameters that are paths or short names of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.practice.data import item_xml, schema
from bootstrap.practice.data.item import Item
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import TEXT_LIMIT, Call, Refusal
from bootstrap.practice.http.wire import CHUNKED

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\\": "\\\\"}
_TABLE = str.maketrans(_ESCAPES)


def read(call: Call, type_name: str) -> Item:
    """Of this type, or of the one that the body is of. A Refusal for a body that is no item."""
    return _overlaid(call, _body(call) if _is_xml(call) else Item(type_name))


def typed(call: Call, existing: str = "") -> Item | None:
    """Of the type of the body, of what exists, or of the one that the parameters name; None if nothing says a type."""
    if _is_xml(call):
        said = _body(call)
    else:
        asked = existing or asked_type(call)
        if not asked:
            return None
        if asked not in schema.TYPES:
            text = f"org.nrg.xft.exception.ElementNotFoundException: Element not found: '{asked}'"
            raise Refusal(bodies.status_page(400, text))
        said = Item(asked)
    return _overlaid(call, said)


def asked_type(call: Call) -> str:
    """What xsiType says, or the first parameter that is a full path."""
    found = (name.partition("/")[0] for name in call.query if re.match(r"\w+:\w+/.", name))
    return call.query.get("xsiType") or next(found, "")


def _overlaid(call: Call, said: Item) -> Item:
    short = schema.SHORTCUTS.get(said.type, {})
    for name, value in _parameters(call):
        path = short.get(name) or schema.own_path(said.type, name)
        if path and value:
            said.put(path, value)
    return said


def escaped(text: str) -> str:
    """As texts from parameters are stored."""
    return text.translate(_TABLE)


def is_true(call: Call, name: str) -> bool:
    """Anything but `false` and `0` is true, an empty value too."""
    return name in call.query and call.query[name].lower() not in ("false", "0")


def _parameters(call: Call) -> Iterator[tuple[str, str]]:
    pairs = call.form() if call.query.get("req_format") == "form" else call.query
    for name, value in pairs.items():
        yield name, escaped(value)


def _is_xml(call: Call) -> bool:
    """A body in chunks counts for none."""
    if call.request.environ.get(CHUNKED) or not call.request.content_length:
        return False
    wanted = call.query.get("req_format")
    if wanted:
        return wanted == "xml"
    return call.media_type in ("text/xml", "application/xml") or is_true(call, "inbody")


def _body(call: Call) -> Item:
    if (call.request.content_length or 0) > TEXT_LIMIT:
        raise Refusal(bodies.container_page(413))
    try:
        return item_xml.read(call.body())
    except item_xml.NotAnItem as error:
        raise Refusal(bodies.status_page(422, str(error))) from error
