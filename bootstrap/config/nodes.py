"""The tree of a site file: what it says, and the place of every value in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from bootstrap.values import Source

Place = tuple[str, int, int]  # file, line, column: a Source that costs nothing to make
Step = str | int


class _Broken:
    """Stands where a value could not be had. A problem was already told, so nothing more is said of it."""

    def __repr__(self) -> str:
        return "<broken>"


BROKEN: Final = _Broken()


@dataclass(slots=True)
class Scalar:
    value: Any
    place: Place
    text: str = ""  # as it stands in the file, so that 1.10 is shown as 1.10
    span: tuple[int, int] = (0, 0)  # first and last character in the file
    override: bool = False
    size: ClassVar[int] = 1
    depth: ClassVar[int] = 1


@dataclass(slots=True)
class Map:
    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    override: bool = False
    size: int = 1  # nodes, aliases counted as often as they are used
    depth: int = 1

    def put(self, key: str, key_place: Place, node: Node) -> None:
        self.entries[key] = node
        self.keys[key] = key_place
        self.size += node.size + 1
        if node.depth >= self.depth:
            self.depth = node.depth + 1


@dataclass(slots=True)
class Items:
    place: Place
    items: list[Node] = field(default_factory=list)
    override: bool = False
    size: int = 1
    depth: int = 1

    def put(self, node: Node) -> None:
        self.items.append(node)
        self.size += node.size
        if node.depth >= self.depth:
            self.depth = node.depth + 1


Node = Scalar | Map | Items


def broken(place: Place) -> Scalar:
    return Scalar(BROKEN, place)


def source(place: Place) -> Source:
    return Source(*place)


def child(node: Node, step: Step) -> Node | None:
    if isinstance(node, Map):
        return node.entries.get(str(step))
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def find(node: Node, path: tuple[Step, ...]) -> Node | None:
    here: Node | None = node
    for step in path:
        if here is None:
            return None
        here = child(here, step)
    return here


def nearest(node: Node, path: tuple[Step, ...]) -> Place:
    """The place of the value at `path`, or of the nearest thing around it that was written."""
    for step in path:
        inner = child(node, step)
        if inner is None:
            break
        node = inner
    return node.place


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    for inner in node.entries.values() if isinstance(node, Map) else node.items:
        yield from scalars(inner)


def plain(node: Node) -> Any:
    """The same as plain maps, lists and values."""
    if isinstance(node, Map):
        return {key: plain(inner) for key, inner in node.entries.items()}
    if isinstance(node, Items):
        return [plain(inner) for inner in node.items]
    return node.value
