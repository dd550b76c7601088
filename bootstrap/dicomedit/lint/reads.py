"""Where a script asks for the text of an element, and where it only seems to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.flow import Step
from bootstrap.dicomedit.lint.signatures import SIGNATURES

# value: a statement or a comparison reads it; argument: a function reads it; pattern: a function acts on it, or
# a list holds it; spelled: the function gets the path's spelling.
Role = Literal["value", "argument", "pattern", "spelled"]


@dataclass(frozen=True, slots=True)
class Read:
    path: nodes.TagPath
    role: Role
    step: Step
    call: nodes.Call | None = None
    index: int = 0  # of the argument

    @property
    def is_text(self) -> bool:
        """The element's text is taken."""
        return self.role in ("value", "argument")

    @property
    def level(self) -> int:
        return self.step.level(self.path)


def reads_of(step: Step) -> Iterator[Read]:
    node = step.node
    if isinstance(node, nodes.Comparison):
        yield from _value(node.left, step)
        yield from _value(node.right, step)
    elif isinstance(node, nodes.Assign | nodes.AssignIfExists | nodes.SetVariable | nodes.Echo):
        if node.value is not None:
            yield from _value(node.value, step)
    elif isinstance(node, nodes.CallStatement):
        yield from _call(node.call, step)
    elif isinstance(node, nodes.Call):
        yield from _call(node, step)


def _value(value: nodes.Value, step: Step) -> Iterator[Read]:
    if isinstance(value, nodes.TagPath):
        yield Read(value, "value", step)
    elif isinstance(value, nodes.Call):
        yield from _call(value, step)
    elif isinstance(value, nodes.Format):
        call = nodes.Call("concatenate", value.arguments, start=value.start, end=value.end)  # all are read
        yield from (Read(read.path, "value", step) for read in _call(call, step))
    elif isinstance(value, nodes.ListValue):
        yield from _list(value, None, 0, step)


def _list(value: nodes.ListValue, call: nodes.Call | None, index: int, step: Step) -> Iterator[Read]:
    for element in value.elements:
        if isinstance(element, nodes.TagPath):
            yield Read(element, "pattern", step, call, index)
        elif isinstance(element, nodes.Call):
            yield from _call(element, step)
        elif isinstance(element, nodes.ListValue):
            yield from _list(element, call, index, step)


def _call(call: nodes.Call, step: Step) -> Iterator[Read]:
    for index, argument in enumerate(call.arguments):
        yield from _argument(call, index, argument, step)


def _argument(call: nodes.Call, index: int, argument: nodes.Value, step: Step) -> Iterator[Read]:
    if isinstance(argument, nodes.TagPath):
        yield Read(argument, _role(call.name, index), step, call, index)
    elif isinstance(argument, nodes.Call):
        yield from _call(argument, step)
    elif isinstance(argument, nodes.ListValue):
        yield from _list(argument, call, index, step)


def _role(name: str, index: int) -> Role:
    signature = SIGNATURES.get(name)
    if signature is None or signature.resolves(index):
        return "argument"  # nobody knows what a plugin's function does with it
    return "pattern" if signature.takes_pattern(index) else "spelled"
