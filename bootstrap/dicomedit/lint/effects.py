"""What a script does to elements, however it is written: `-`, `:=`, `removeTags`, `hashUIDList`, ..."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.flow import Step
from bootstrap.dicomedit.lint.paths import is_deep, may_mean, quoted_path, reaches_root
from bootstrap.dicomedit.lint.resolve import Definitions, calls_in
from bootstrap.dicomedit.nodes import Position

Verb = Literal["assign", "assign if exists", "delete", "hash", "map", "shift", "retain", "blank", "set"]
_ACTING: dict[str, tuple[Verb, slice]] = {
    "removeTags": ("delete", slice(None)),
    "delete": ("delete", slice(0, 1)),
    "set": ("set", slice(0, 1)),
    "hashUIDList": ("hash", slice(None)),
    "mapReferencedUIDs": ("map", slice(1, None)),
    "shiftDateTimeListByIncrement": ("shift", slice(0, 1)),
    "shiftDateTimeSequenceByIncrement": ("shift", slice(1, None)),
    "retainPrivateTags": ("retain", slice(None)),
}
_SHIFTING = ("shiftDateByIncrement", "shiftDateTimeByIncrement")


@dataclass(frozen=True, slots=True)
class Effect:
    verb: Verb
    path: nodes.TagPath
    step: Step
    value: nodes.Value | None = None
    call: nodes.Call | None = None

    @property
    def start(self) -> Position:
        return self.path.start

    @property
    def is_certain(self) -> bool:
        return not self.step.under

    @property
    def writes(self) -> bool:
        return self.verb in ("assign", "assign if exists", "set")

    @property
    def removes(self) -> bool:
        """The element goes, or is emptied."""
        return self.verb == "delete" or (self.writes and is_empty_text(self.value))

    def means(self, tag: int) -> bool:
        return may_mean(self.path, tag)

    def is_deep(self) -> bool:
        return is_deep(self.path)

    def at_root(self) -> bool:
        return reaches_root(self.path)


def is_empty_text(value: nodes.Value | None) -> bool:
    return isinstance(value, nodes.Text) and value.raw == ""


def effects_of(steps: Iterable[Step], definitions: Definitions) -> Iterator[Effect]:
    for step in steps:
        yield from _effects(step, definitions)


def _effects(step: Step, definitions: Definitions) -> Iterator[Effect]:
    node = step.node
    if step.is_condition:
        return
    if isinstance(node, nodes.Assign):
        yield Effect("assign", node.path, step, node.value)
    elif isinstance(node, nodes.AssignIfExists):
        yield Effect("assign if exists", node.path, step, node.value)
    elif isinstance(node, nodes.Delete):
        yield Effect("delete", node.path, step)
    yield from (effect for call in calls_in(node, *_ACTING) for effect in _of_call(call, step, definitions))


def _of_call(call: nodes.Call, step: Step, definitions: Definitions) -> Iterator[Effect]:
    verb, which = _ACTING[call.name]
    arguments = call.arguments[which]
    if call.name in ("set", "delete"):
        value = call.arguments[1] if len(call.arguments) > 1 else None
        yield from (Effect(verb, path, step, value, call) for path in _direct(arguments, definitions))
        return
    yield from (Effect(verb, path, step, None, call) for path in definitions.paths(arguments))


def _direct(arguments: Iterable[nodes.Value], definitions: Definitions) -> Iterator[nodes.TagPath]:
    """Direct paths that are ordinary paths too; those to numeric private tags are not."""
    for argument in arguments:
        text = definitions.literal(argument)
        path = quoted_path(text) if text else None
        if path is not None:
            yield nodes.TagPath(path.steps, start=argument.start, end=argument.end)


def shifts(effect: Effect, definitions: Definitions) -> nodes.Call | None:
    """The call that shifts the date, if that is what is done to the element."""
    if effect.verb == "shift":
        return effect.call
    value = definitions.resolve(effect.value) if effect.value is not None else None
    return next(calls_in(value, *_SHIFTING), None) if value is not None else None


def hashes(effect: Effect, definitions: Definitions) -> bool:
    """The element becomes a hash, or a new UID."""
    if effect.verb in ("hash", "map"):
        return True
    value = definitions.resolve(effect.value) if effect.value is not None else None
    return value is not None and any(calls_in(value, "hashUID", "newUID", "mapUID"))
