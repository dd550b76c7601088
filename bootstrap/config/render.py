"""The merged file as `render` prints it: every value with the file and line it came from, secrets as `***`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bootstrap.config.nodes import Items, Map, Node, Place, Scalar, Step
from bootstrap.config.scalars import NumberTooLarge, resolve
from bootstrap.config.site import Site
from bootstrap.values import MASK, Secret

_PLAIN = re.compile(r"[A-Za-z0-9_/.][A-Za-z0-9_/.@+-]*")
_UNSEEN = "\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"  # what YAML wants escaped and JSON does not
_IN_BLOCK = re.compile(rf"|[ ]*[^ \x00-\x1f{_UNSEEN}][^\x00-\x08\x0a-\x1f{_UNSEEN}]*")


@dataclass(frozen=True, slots=True)
class Value:
    path: tuple[Step, ...]
    value: Any
    source: str  # file:line


@dataclass(frozen=True, slots=True)
class Rendered:
    values: tuple[Value, ...]
    text: str  # YAML, with the places as comments

    def as_json(self) -> list[dict[str, Any]]:
        return [{"path": list(value.path), "value": value.value, "source": value.source} for value in self.values]


def render(site: Site) -> Rendered:
    lines = [f"{text}  # {_where(place)}" if place else text for text, place in _lines(site.tree, "")]
    return Rendered(tuple(_values(site.tree, ())), "\n".join(lines) + "\n")


def _where(place: Place) -> str:
    return f"{place[0]}:{place[1]}"


def _values(node: Node, path: tuple[Step, ...]) -> Iterator[Value]:
    inner: Any = ()
    if isinstance(node, Map):
        inner = node.entries.items()
    elif isinstance(node, Items):
        inner = enumerate(node.items)
    if not inner or _is_empty(node):
        yield Value(path, _seen(node), _where(node.place))
    for step, child in inner:
        yield from _values(child, (*path, step))


def _is_empty(node: Node) -> bool:
    return (isinstance(node, Map) and not node.entries) or (isinstance(node, Items) and not node.items)


def _seen(node: Node) -> Any:
    if isinstance(node, Scalar):
        return (
            MASK if isinstance(node.value, Secret) else str(node.value) if isinstance(node.value, str) else node.value
        )
    return {} if isinstance(node, Map) else []


Line = tuple[str, Place | None]


def _lines(node: Node, margin: str) -> Iterator[Line]:
    """A map's or list's lines, each with the place of the value that it ends with."""
    if isinstance(node, Map):
        for key, child in node.entries.items():
            yield from _entry(f"{margin}{_word(key)}:", child, margin)
    elif isinstance(node, Items):
        for child in node.items:
            yield from _entry(f"{margin}-", child, margin)


def _entry(head: str, node: Node, margin: str) -> Iterator[Line]:
    if isinstance(node, Scalar):
        yield from _scalar(head, node, margin)
    elif _is_empty(node):
        yield f"{head} {json.dumps(_seen(node))}", node.place
    else:
        yield head, None
        yield from _lines(node, margin + "  ")


def _scalar(head: str, node: Scalar, margin: str) -> Iterator[Line]:
    value = _seen(node)
    if isinstance(value, str) and _fits_block(value):
        yield f"{head} |{_indentation(value)}{_chomping(value)}", node.place
        for line in value.removesuffix("\n").split("\n"):
            yield f"{margin}  {line}" if line else "", None
    else:
        yield f"{head} {_word(value) if isinstance(value, str) else json.dumps(value)}", node.place


def _fits_block(text: str) -> bool:
    return "\n" in text and bool(text.strip("\n")) and all(map(_IN_BLOCK.fullmatch, text.split("\n")))


def _indentation(text: str) -> str:
    """Said where the first line begins with a blank, which would be taken for the margin."""
    return "2" if text.lstrip("\n").startswith(" ") else ""


def _chomping(text: str) -> str:
    if not text.endswith("\n"):
        return "-"
    return "+" if text.endswith("\n\n") else ""


def _word(text: str) -> str:
    if _PLAIN.fullmatch(text) and _stays_text(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(f"[{_UNSEEN}]", lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _stays_text(text: str) -> bool:
    try:
        return isinstance(resolve(text), str)
    except NumberTooLarge:
        return False
