"""The syntax tree. Every node knows where it stands; where it stands does not count when nodes are compared.

Statements of DicomEdit 6: Assign, AssignIfExists, SetVariable, Delete, CallStatement, Echo, Ternary, If, Describe,
Export, RemoveAllPrivateTags, Version. DicomEdit 4 has Assign, SetVariable, Delete, Echo, Describe, Export and
Constrained.
Values: Number, Text, Variable, TagPath, Call, ListValue; DicomEdit 4 besides: Format, NewValue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

Operator = Literal["=", "!=", "~", "!~"]
Flag = Literal["hidden", "const", "immutable"]
LevelSign = Literal["*", "+", "."]


class Position(NamedTuple):
    """A place in the script as the author wrote it; both count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Node:
    start: Position = field(compare=False, kw_only=True, repr=False)
    end: Position = field(compare=False, kw_only=True, repr=False)  # just behind the last character

    @property
    def line(self) -> int:
        return self.start.line

    @property
    def column(self) -> int:
        return self.start.column


# ---- tags and paths


@dataclass(frozen=True, slots=True)
class PublicTag(Node):
    """`(gggg,eeee)`, digits as spelled; `x X @ #` are wildcards."""

    group: str
    element: str

    def __str__(self) -> str:
        return f"({self.group},{self.element})"


@dataclass(frozen=True, slots=True)
class PrivateTag(Node):
    """`(gggg,{creator}ee)`."""

    group: str
    creator: str
    element: str

    def __str__(self) -> str:
        return f"({self.group},{{{self.creator}}}{self.element})"


@dataclass(frozen=True, slots=True)
class NumberTag(Node):
    """DicomEdit 4: `(gggg,eeee)`, public or private; `X @ #` are wildcards."""

    group: str
    element: str

    def __str__(self) -> str:
        return f"({self.group},{self.element})"


@dataclass(frozen=True, slots=True)
class ElementStep(Node):
    """A step that names an element. `item` is None, "%" or a number as spelled."""

    tag: PublicTag | PrivateTag | NumberTag
    item: str | None = None

    def __str__(self) -> str:
        return str(self.tag) if self.item is None else f"{self.tag}[{self.item}]"


@dataclass(frozen=True, slots=True)
class LevelStep(Node):
    """A step over levels: `*` any number, `+` one or more, `.` exactly one."""

    sign: LevelSign

    def __str__(self) -> str:
        return self.sign


@dataclass(frozen=True, slots=True)
class TagPath(Node):
    steps: tuple[ElementStep | LevelStep, ...]

    def __str__(self) -> str:
        return "/".join(map(str, self.steps))

    @property
    def is_singular(self) -> bool:
        """Names one element at most; a missing item number counts as singular, as in the engine."""
        return all(isinstance(step, ElementStep) and not is_wild(step) for step in self.steps)

    @property
    def is_private(self) -> bool:
        return any(isinstance(step, ElementStep) and isinstance(step.tag, PrivateTag) for step in self.steps)


def is_wild(step: ElementStep) -> bool:
    return step.item == "%" or any(digit in "xX@#" for digit in step.tag.group + step.tag.element)


# ---- values


@dataclass(frozen=True, slots=True)
class Number(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted text. `raw` is what stands between the quotes; how much of it is decoded depends on the place."""

    raw: str

    @property
    def value(self) -> str:
        """As a value or an argument: only the doubled backslash is decoded."""
        return self.raw.replace("\\\\", "\\")


@dataclass(frozen=True, slots=True)
class Variable(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    name: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListValue(Node):
    elements: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Format(Node):
    """DicomEdit 4: `"pattern" value, value`."""

    pattern: Text
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class NewValue(Node):
    """DicomEdit 4: `new UID`."""

    kind: str
    arguments: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable(Node):
    """DicomEdit 4: a value or a statement that the engine could not read, kept, and fails at when it gets there."""


Value = Number | Text | Variable | TagPath | Call | ListValue | Format | NewValue | Unreadable


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    left: Value
    operator: Operator
    right: Value


Condition = Comparison | Call


# ---- statements


@dataclass(frozen=True, slots=True)
class Assign(Node):
    path: TagPath
    value: Value


@dataclass(frozen=True, slots=True)
class AssignIfExists(Node):
    path: TagPath
    value: Value


@dataclass(frozen=True, slots=True)
class SetVariable(Node):
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Delete(Node):
    path: TagPath


@dataclass(frozen=True, slots=True)
class CallStatement(Node):
    call: Call


@dataclass(frozen=True, slots=True)
class Echo(Node):
    value: Value | None


@dataclass(frozen=True, slots=True)
class RemoveAllPrivateTags(Node):
    pass


@dataclass(frozen=True, slots=True)
class Version(Node):
    text: Text


@dataclass(frozen=True, slots=True)
class Describe(Node):
    name: str
    text: Text | None = None
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Export(Node):
    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    condition: Condition
    then: Action
    otherwise: Action | None


@dataclass(frozen=True, slots=True)
class Branch(Node):
    condition: Condition
    body: Block


@dataclass(frozen=True, slots=True)
class Block(Node):
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    branches: tuple[Branch, ...]
    otherwise: Block | None


@dataclass(frozen=True, slots=True)
class Constrained(Node):
    """DicomEdit 4: `condition : condition : action`; all conditions must hold."""

    conditions: tuple[Comparison, ...]
    action: Action | Unreadable


Action = Assign | AssignIfExists | SetVariable | Delete | CallStatement | Echo
Statement = Action | Ternary | If | Describe | Export | RemoveAllPrivateTags | Version | Constrained | Unreadable


# ---- what is not in the tree


@dataclass(frozen=True, slots=True)
class Comment:
    """From `//` to the end of the line, slashes included."""

    text: str
    start: Position


@dataclass(frozen=True, slots=True)
class Skipped:
    """A character outside the alphabet: the engine says a word on its error stream and goes on without it."""

    character: str
    start: Position


@dataclass(frozen=True, slots=True)
class Dropped:
    """DicomEdit 4: from here on the engine silently ignores the script."""

    message: str
    start: Position


_PARTS: dict[str, tuple[str, ...]] = {}  # by class: the fields that can hold nodes; places cannot


def _parts(node: Node) -> tuple[str, ...]:
    name = type(node).__name__
    if name not in _PARTS:
        _PARTS[name] = tuple(part.name for part in fields(node) if part.name not in ("start", "end"))
    return _PARTS[name]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, in the order of the text."""
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (inner for inner in value if isinstance(inner, Node))


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)
