"""Holds the merged tree against the kinds' models.

Texts from the environment are read as what the field wants (`!env PORT` may be a number); what is written in a file
has to be of the right type as it stands. pydantic has no such mode, so it is asked twice: once leniently for the
values, once strictly, as JSON, for what was written otherwise than it was meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bootstrap.config.fetch import VARS
from bootstrap.config.files import Files
from bootstrap.config.mistakes import Mistakes
from bootstrap.config.nodes import BROKEN, Map, Node, Scalar, plain, scalars
from bootstrap.config.outline import Outline, outline_of
from bootstrap.config.problems import Problems, suggest
from bootstrap.config.section import Section
from bootstrap.config.texts import EnvText, FileText
from bootstrap.values import MASK, Secret

_PLAIN = frozenset({str, int, float, bool, type(None), FileText})  # what no secret is and none is in
PLAIN_HINT = "use `!env NAME`, `!secret FILE` or `!secret [COMMAND, ...]`"


def validate(
    tree: Map, sections: Sequence[Section], problems: Problems, files: Files, complete: bool = True
) -> dict[str, Any]:
    """The models of the sections that the file has. The tree's secrets are masked on the way, and left out of digests.

    Not `complete`: a file could not be read, so what is missing may stand there.
    """
    _keys(tree, sections, problems)
    found: dict[str, Any] = {}
    for section in sections:
        node = tree.entries.get(section.key)
        if node is None:
            if section.required and complete:
                problems.error("missing-key", f"the key `{section.key}` is missing: {section.doc}", tree.place)
        elif not _is_broken(node):
            found[section.key] = _section(section, node, problems, files)
    return found


def _keys(tree: Map, sections: Sequence[Section], problems: Problems) -> None:
    known = [section.key for section in sections] + [VARS]
    for key in tree.entries:
        if key not in known:
            problems.error("unknown-key", f"unknown key `{key}`", tree.keys[key], suggest(key, known))
    variables = tree.entries.get(VARS)
    if variables is not None and not isinstance(variables, Map) and not _is_broken(variables):
        problems.error("wrong-type", f"`{VARS}` is a map of names and values", variables.place)


def _section(section: Section, node: Node, problems: Problems, files: Files) -> Any:
    adapter = _adapter(section.shape)
    outline = outline_of(section)
    mistakes = Mistakes(section.key, node, outline)
    data = plain(node)
    value, errors = _lenient(adapter, data)
    told = mistakes.told(errors, _strict(adapter, data))
    problems.take(told)
    if errors or told:
        return None
    if _hide_free_texts(node, value):
        value, _ = _lenient(adapter, plain(node))
    for scalar in _hide_secrets(node, outline, value, problems):
        files.hide(scalar.place[0], scalar.span)
    return value


def without_mistakes(section: Section, node: Node) -> Any:
    """The model of a section of single values, without those that are wrong; None where that is none."""
    adapter, data = _adapter(section.shape), plain(node)
    if not isinstance(data, dict) or not _is_model(section.shape):
        return None
    wrong = [*_lenient(adapter, data)[1], *_strict(adapter, data)]
    places = {error["loc"][0] if error["loc"] else None for error in wrong}
    good = {key: value for key, value in data.items() if key not in places and value is not BROKEN}
    return _lenient(adapter, good)[0] if places <= set(data) else None


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _is_broken(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is BROKEN


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _lenient(adapter: TypeAdapter[Any], data: Any) -> tuple[Any, list[ErrorDetails]]:
    try:
        return adapter.validate_python(data), []
    except ValidationError as wrong:
        return None, wrong.errors(include_url=False, include_input=False)


def _strict(adapter: TypeAdapter[Any], data: Any) -> list[ErrorDetails]:
    try:
        adapter.validate_json(json.dumps(data, default=_as_json), strict=True)
    except ValidationError as wrong:
        return wrong.errors(include_url=False, include_input=False)
    return []


def _as_json(value: object) -> str | None:
    return MASK if isinstance(value, Secret) else None


# --- secrets --------------------------------------------------------------------------------------------------------


def _hide_free_texts(node: Node, value: Any) -> bool:
    """What came from the environment into a free map is taken for a secret. Says whether there was any."""
    kept = {id(inner) for inner in _secret_texts(value) if isinstance(inner, EnvText)}
    for scalar in scalars(node) if kept else ():
        if id(scalar.value) in kept:
            scalar.value = Secret(str(scalar.value), scalar.value.origin)
    return bool(kept)


def _hide_secrets(node: Node, outline: Outline, value: Any, problems: Problems) -> list[Scalar]:
    """Masks in the tree what the models took as a secret. Warns of those that stand in the file, and gives them."""
    # A secret holds the very text that the tree holds, wherever a model's validators may have moved it to.
    secrets = {id(inner.reveal()): inner for inner in _secret_texts(value) if isinstance(inner, Secret)}
    written: list[Scalar] = []
    for scalar, place in _with_outlines(node, outline) if secrets else ():
        secret = secrets.get(id(scalar.value))
        if secret is None or not (place is None or place.secret or place.free):
            continue
        if not isinstance(scalar.value, EnvText):
            written.append(scalar)
            if not (place and place.known):
                message = "a secret stands in the file for everybody to read"
                problems.warning("plain-secret", message, scalar.place, PLAIN_HINT)
        scalar.value, scalar.text = secret, MASK
    return written


def _with_outlines(node: Node, outline: Outline | None) -> Iterator[tuple[Scalar, Outline | None]]:
    if isinstance(node, Scalar):
        yield node, outline
        return
    inner = node.entries.items() if isinstance(node, Map) else enumerate(node.items)
    for step, child in inner:
        yield from _with_outlines(child, outline.inner(node, step) if outline else None)


def _secret_texts(value: Any) -> list[Any]:
    """The secrets, and the texts from the environment, that a model holds at any depth."""
    found: list[Any] = []
    todo = [value]
    while todo:
        here = todo.pop()
        kind = type(here)
        if kind in _PLAIN:
            continue
        if kind is Secret or kind is EnvText:
            found.append(here)
        elif isinstance(here, BaseModel):
            todo += here.__dict__.values()
        elif isinstance(here, Mapping):
            todo += here.values()
        elif isinstance(here, list | tuple | set | frozenset):
            todo += here
    return found
