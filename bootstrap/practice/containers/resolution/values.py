"""Every input with all values that it can have, and below each value the inputs that hang on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bootstrap.facts.jsonpath import FilterFault, JsonPathError, search
from bootstrap.practice.containers.resolution import candidates, objects, templates
from bootstrap.practice.containers.resolution.context import Context
from bootstrap.practice.containers.resolution.failures import Stumbled, Unresolvable
from bootstrap.practice.containers.resolution.inputs import COMMAND, EXTERNAL, Input, tree
from bootstrap.practice.data.models import Model

ILLEGAL = (";", "&&", "||", "`", "(")
_CARETS = re.compile(r"\^(.+)\^", re.DOTALL)
_OF_WRAPPER = "wrapper:"


@dataclass(frozen=True)
class Value:
    text: str
    label: str
    model: Model | None = None
    below: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Branch:
    input: Input
    values: tuple[Value, ...]


def branches(context: Context, roots: list[Input] | None = None) -> list[Branch]:
    roots = tree(context) if roots is None else roots
    resolver = _Resolver(context, objects.levels_for(roots))
    return [resolver.branch(one, None) for one in roots]


def inserted(context: Context, text: str) -> str:
    """What stands between carets is looked for in the wrapper's document."""
    found = _CARETS.search(text)
    if not found:
        return text
    if not found[1].startswith(_OF_WRAPPER):
        raise Stumbled(f"No results for path: {found[1]}")
    values = _in_wrapper(context, found[1].removeprefix(_OF_WRAPPER))
    if len(values) > 1:
        raise Unresolvable(f"The path {found[1]} leads to {len(values)} values.")
    return text.replace(found[0], values[0]) if values else text


class _Resolver:
    def __init__(self, context: Context, levels: frozenset[str]) -> None:
        self._context, self._levels = context, levels
        self._known: dict[str, str] = {}

    def branch(self, one: Input, parent: Value | None) -> Branch:
        found = []
        for value in self._values(one, parent):
            _check(self._context, one, value.text)
            self._known[one.key] = value.text
            below = tuple(self.branch(child, value) for child in one.below)
            found.append(replace(value, below=below))
        return Branch(one, tuple(found))

    def _values(self, one: Input, parent: Value | None) -> list[Value]:
        if one.kind == COMMAND:
            return self._of_command(one, parent)
        if one.kind == EXTERNAL:
            return self._external(one)
        if parent is None or parent.model is None:
            return []
        asked = self._context.given.get(one.name, one.default)
        matcher = templates.replaced(one.matcher, self._known)
        found = candidates.of(self._context, one, parent.model, asked, matcher)
        return [Value(each.text, each.label, each.model) for each in found if each.text is not None]

    def _external(self, one: Input) -> list[Value]:
        text = self._given(one)
        if text is None:
            return []
        if one.type not in objects.TYPES:
            return [Value(text, text)]
        model = objects.named(self._context, one, text, self._levels)
        matcher = templates.replaced(one.matcher, self._known)
        if model is None or (matcher and not candidates.matches(model, matcher)):
            return []
        return [Value(str(model["uri"]), str(model["label"]), model)]

    def _of_command(self, one: Input, parent: Value | None) -> list[Value]:
        text = parent.text if parent else self._given(one)
        if one.type == "boolean":
            name = "true-value" if (text or "").lower() == "true" else "false-value"
            text = one.document.get(name) or text
        return [] if text is None else [Value(text, text)]

    def _given(self, one: Input) -> str | None:
        text = self._context.given.get(one.name, one.default)
        return None if text is None else inserted(self._context, text)


def _check(context: Context, one: Input, text: str) -> None:
    for illegal in ILLEGAL:
        if illegal in text:
            raise Unresolvable(f'Input "{one.name}" has a value containing illegal string "{illegal}".')
    for secret in context.command.document["secrets"]:
        name = secret["destination"]["identifier"]
        if name in text:
            raise Unresolvable(f'Input "{one.name}" has a value containing the name of a secret, "{name}".')


def _in_wrapper(context: Context, path: str) -> list[str]:
    document: dict[str, Any] = context.wrapper.printed()
    try:
        return [one for one in search(path, document).values if isinstance(one, str)]
    except (JsonPathError, FilterFault) as error:
        raise Unresolvable(f"The path {path} cannot be read: {error}") from error
