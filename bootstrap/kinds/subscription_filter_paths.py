"""Names in a filter's paths that an event's payload does not have, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bootstrap.config.problems import suggest
from bootstrap.facts import event_types
from bootstrap.facts.event_types import EventType
from bootstrap.facts.jsonpath.nodes import Comparison, Exists, Index, Operand, Path, Property, Slice, Token, Wildcard
from bootstrap.kinds.subscription_meaning import Flaw

_FILES = ("type", "id", "label", "xsiType", "uri", "name", "path", "format", "content", "size", "checksum")
_ELEMENTS: Mapping[str, str] = {
    "resources": "resource",
    "scans": "scan",
    "sessions": "session",
    "subjects": "subject",
    "assessors": "image_assessor",
    "project-assets": "project_asset",
}


@dataclass(frozen=True)
class _Model:
    what: str
    scalars: frozenset[str]
    lists: frozenset[str]

    @staticmethod
    def of(payload: EventType) -> _Model:
        return _Model(payload.display_name.lower(), frozenset(payload.scalars), frozenset(payload.lists))

    @staticmethod
    def within(name: str) -> _Model | None:
        """What a list holds; None where its members are plain values, or nobody has listed their fields."""
        if name == "files":
            return _Model("file", frozenset(_FILES), frozenset({"tags"}))
        known = event_types.by_short_name().get(_ELEMENTS.get(name, ""))
        return _Model.of(known) if known else None


def path_flaws(part: Comparison | Exists, payload: EventType | None) -> Iterator[Flaw]:
    if payload is None or not payload.has_payload:
        return
    operands = [Operand(path=part.path)] if isinstance(part, Exists) else [part.left, part.right]
    for path in (operand.path for operand in operands if operand.path):
        if flaw := _flaw(path, _Model.of(payload)):
            yield flaw


def _flaw(path: Path, model: _Model) -> Flaw | None:
    tokens = path.tokens
    for place, token in enumerate(tokens):
        if not isinstance(token, Property) or len(token.names) != 1:
            return None
        name, rest = token.names[0], tokens[place + 1 :]
        if name not in model.scalars | model.lists:
            message = f"a {model.what} has no field `{name}`, so nothing ever matches it"
            return Flaw("filter-unknown-field", message, "filter", suggest(name, model.scalars | model.lists))
        inner = _Model.within(name) if name in model.lists else None
        if inner is None or not rest:
            return None
        if isinstance(rest[0], Property):
            return _not_a_list(name, rest)
        if not isinstance(rest[0], Index | Slice | Wildcard) or len(rest) == 1:
            return None
        return _flaw(Path(path.from_root, rest[1:]), inner)
    return None


def _not_a_list(name: str, rest: tuple[Token, ...]) -> Flaw:
    field = rest[0].names[0] if isinstance(rest[0], Property) else ""
    message = f"`{name}` is a list, which has no field `{field}` itself, so nothing ever matches it"
    return Flaw("filter-unknown-field", message, "filter", f"ask its members: `@.{name}[*].{field}`")
