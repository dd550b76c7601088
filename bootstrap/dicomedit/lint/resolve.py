"""What a value may be, as far as it can be known without running the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.paths import quoted_path

GIVEN = frozenset({"project", "subject", "session"})  # by XNAT; it compares names without case
_MOST_STEPS = 6  # variables that are set from variables


class Definitions:
    """What each variable is set to, anywhere in the script."""

    def __init__(self, all_nodes: Iterable[nodes.Node]) -> None:
        self.values: dict[str, list[nodes.Value]] = {}
        for node in all_nodes:
            if isinstance(node, nodes.SetVariable):
                self.values.setdefault(node.name, []).append(node.value)

    def resolve(self, value: nodes.Value) -> nodes.Value:
        """A variable that is set once becomes what it is set to."""
        for _ in range(_MOST_STEPS):
            if not isinstance(value, nodes.Variable):
                return value
            found = self.values.get(value.name, [])
            if len(found) != 1:
                return value
            value = found[0]
        return value

    def literal(self, value: nodes.Value) -> str | None:
        """The text of a value that is a literal, or a variable that is set to one, once."""
        resolved = self.resolve(value)
        if isinstance(resolved, nodes.Number):
            return resolved.text
        return resolved.value if isinstance(resolved, nodes.Text) else None

    def flat(self, values: Iterable[nodes.Value]) -> Iterator[nodes.Value]:
        """Arguments with lists, and variables that hold lists or paths, taken apart."""
        for value in values:
            resolved = self.resolve(value)
            if isinstance(resolved, nodes.ListValue):
                yield from (self.resolve(element) for element in resolved.elements)
            else:
                yield resolved

    def paths(self, values: Iterable[nodes.Value]) -> Iterator[nodes.TagPath]:
        """The patterns among arguments, quoted ones too. A quoted path stands where its text stands."""
        for value in self.flat(values):
            if isinstance(value, nodes.TagPath):
                yield value
            elif isinstance(value, nodes.Text):
                path = quoted_path(value.value)
                if path is not None:
                    yield nodes.TagPath(path.steps, start=value.start, end=value.end)

    def sources(self, value: nodes.Value, seen: frozenset[str] = frozenset()) -> Iterator[nodes.Value]:
        """Paths, variables without a known value, and texts that a value is made from."""
        if isinstance(value, nodes.Variable):
            found = self.values.get(value.name, [])
            if len(found) != 1 or value.name in seen or len(seen) >= _MOST_STEPS:
                yield value
                return
            seen, value = seen | {value.name}, found[0]
        parts = _parts(value)
        if parts is None:
            yield value
            return
        for part in parts:
            yield from self.sources(part, seen)


def _parts(value: nodes.Value) -> tuple[nodes.Value, ...] | None:
    """What a value is put together from; None for one that stands for itself."""
    if isinstance(value, nodes.Format):
        return (value.pattern, *value.arguments)
    if isinstance(value, nodes.Call):
        return value.arguments
    return value.elements if isinstance(value, nodes.ListValue) else None


def calls_in(value: nodes.Node, *names: str) -> Iterator[nodes.Call]:
    return (node for node in nodes.walk(value) if isinstance(node, nodes.Call) and node.name in names)
