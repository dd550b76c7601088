"""The outline of a section's shape: which keys stand where, what is a secret, what names an item of a list.

Alternatives (`A | B`) are laid over each other: the outline answers "may this stand here?", pydantic "is it right?".
"""

from __future__ import annotations

import types
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bootstrap.config.nodes import Items, Map, Node, Step
from bootstrap.config.section import Section
from bootstrap.values import Secret


@dataclass(eq=False)
class Outline:
    fields: dict[str, Outline] = field(default_factory=dict)  # of a model
    values: Outline | None = None  # of a map with free keys
    items: Outline | None = None  # of a list
    identity: str | tuple[str, ...] | None = None  # the key or keys that name an item, where this is one
    elsewhere: dict[str, str] = field(default_factory=dict)  # keys that stand elsewhere, and where
    secret: bool = False
    known: bool = False  # a secret that everybody knows
    free: bool = False  # anything may stand here

    def inner(self, node: Node, step: Step) -> Outline | None:
        if isinstance(node, Map):
            return self.fields.get(str(step), self.values)
        return self.items if isinstance(node, Items) else None


def outline_of(section: Section) -> Outline:
    return _of_shapes((section.shape,))


def key_of(name: str, info: FieldInfo) -> str:
    """The key by which a field is written in the file."""
    alias = info.validation_alias
    return alias if isinstance(alias, str) else info.alias or name


def members(shape: Any) -> list[Any]:
    """The alternatives of a shape, bare: without Annotated, aliases and None."""
    if hasattr(shape, "__value__"):
        return members(shape.__value__)
    origin = get_origin(shape)
    if origin is Annotated:
        return members(get_args(shape)[0])
    if origin in (Union, types.UnionType):
        return [bare for part in get_args(shape) for bare in members(part)]
    return [] if shape is type(None) else [shape]


def models(shape: Any) -> list[type[BaseModel]]:
    return [bare for bare in members(shape) if is_model(bare)]


def is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def element(shape: Any) -> Any:
    """What a list's items are; None where this is no list."""
    origin, arguments = get_origin(shape), get_args(shape)
    if isinstance(origin, type) and issubclass(origin, Collection) and not issubclass(origin, Mapping | str):
        return arguments[0] if arguments else Any
    return Any if shape in (list, tuple, set, frozenset) else None


def value(shape: Any) -> Any:
    """What stands under the free keys of a map; None where this is no such map."""
    origin, arguments = get_origin(shape), get_args(shape)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return arguments[1] if len(arguments) == 2 else Any
    return Any if shape is dict else None


def _of_shapes(shapes: tuple[Any, ...]) -> Outline:
    made = Outline()
    _fill(made, [bare for shape in shapes for bare in members(shape)])
    return made


def _fill(made: Outline, shapes: list[Any]) -> None:
    of_models = [shape for shape in shapes if is_model(shape)]
    if of_models:
        known = _of_models(tuple(of_models))
        made.fields, made.identity, made.elsewhere = known.fields, known.identity, known.elsewhere
    made.secret = Secret in shapes
    made.free = Any in shapes
    elements = [inner for shape in shapes if (inner := element(shape)) is not None]
    made.items = _of_shapes(tuple(elements)) if elements else None
    values = [inner for shape in shapes if (inner := value(shape)) is not None]
    made.values = _of_shapes(tuple(values)) if values else None


_unfinished: dict[tuple[type[BaseModel], ...], Outline] = {}


@cache
def _of_models(classes: tuple[type[BaseModel], ...]) -> Outline:
    """The fields of these models. A model may hold itself, so an unfinished outline stands for itself."""
    if classes in _unfinished:
        return _unfinished[classes]
    made = _unfinished[classes] = Outline()
    try:
        shapes: dict[str, list[Any]] = {}
        for model in classes:
            made.identity = made.identity or getattr(model, "identity", None)
            made.elsewhere |= getattr(model, "elsewhere", {})
            for name, info in model.model_fields.items():
                shapes.setdefault(key_of(name, info), []).append(info.annotation)
        for key, of_key in shapes.items():
            made.fields[key] = _of_shapes(tuple(of_key))
            made.fields[key].known = any(key in getattr(model, "plain_secrets", ()) for model in classes)
    finally:
        del _unfinished[classes]
    return made
