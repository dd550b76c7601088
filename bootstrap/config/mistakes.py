"""From pydantic's errors to problems: each at its place in the files, and one for each thing that is wrong.

pydantic answers a wrong value of `A | B` with the errors of A and those of B. `_gathered` keeps what the writer most
likely meant: the alternative whose shape fits, else one sentence that names them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic_core import ErrorDetails

from bootstrap.config.nodes import BROKEN, Map, Node, Place, Scalar, Step, child
from bootstrap.config.outline import Outline
from bootstrap.config.texts import EnvText
from bootstrap.config.wording import Wording, is_about_type
from bootstrap.values import Problem, Secret, Source

_OF_VALIDATORS = frozenset({"value_error", "assertion_error"})


@dataclass(frozen=True, slots=True)
class Mistake:
    error: ErrorDetails
    path: tuple[Step, ...]  # of the value, below the section
    node: Node
    holder: Node | None  # what the value stands in
    outline: Outline | None
    holder_outline: Outline | None
    tags: tuple[tuple[int, str], ...]  # the alternatives on the way: how deep, and which
    key: str | None = None  # a key that is missing
    others: tuple[ErrorDetails, ...] = ()  # the same value as judged by the other alternatives

    @property
    def kind(self) -> str:
        return self.error["type"]

    @property
    def about_key(self) -> bool:
        return self.kind == "extra_forbidden" or self.error["loc"][-1:] == ("[key]",)

    @property
    def place(self) -> Place:
        if self.about_key and isinstance(self.holder, Map):
            return self.holder.keys[str(self.path[-1])]
        return self.node.place


class Mistakes:
    """What is wrong with one section."""

    def __init__(self, key: str, node: Node, outline: Outline) -> None:
        self.key, self.node, self.outline = key, node, outline
        self._told: set[tuple[tuple[Step, ...], str | None]] = set()

    def told(self, lenient: Sequence[ErrorDetails], strict: Sequence[ErrorDetails]) -> list[Problem]:
        """The strict look counts only where a value of the wrong type is written in the file itself."""
        mistyped = [mistake for mistake in self._gathered(strict, True) if is_about_type(mistake.kind)]
        mistakes = [mistake for mistake in self._gathered(lenient, False) if not _misled(mistake, mistyped)]
        return [self._problem(mistake) for mistake in (*mistakes, *mistyped) if self._is_new(mistake)]

    def _gathered(self, errors: Sequence[ErrorDetails], literal: bool) -> list[Mistake]:
        return _gathered([self._located(error) for error in errors], literal)

    def _is_new(self, mistake: Mistake) -> bool:
        name = (mistake.path, mistake.key)
        if name in self._told:
            return False
        self._told.add(name)
        return True

    def _located(self, error: ErrorDetails) -> Mistake:
        node: Node = self.node
        holder: Node | None = None
        outline: Outline | None = self.outline
        around: Outline | None = None
        path: list[Step] = []
        tags: list[tuple[int, str]] = []
        key = _missing_key(error)
        location = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
        if error["type"] == "union_tag_invalid":
            location = (*location, _discriminator(error))
        for step in location:
            inner = child(node, step)
            if inner is None:
                tags.append((len(path), str(step)))
                continue
            outline, around = outline.inner(node, step) if outline else None, outline
            path.append(step)
            node, holder = inner, node
        return Mistake(error, tuple(path), node, holder, outline, around, tuple(tags), key)

    def _problem(self, mistake: Mistake) -> Problem:
        words = Wording(self.key, mistake).sentence()
        return Problem("error", words.rule, words.message, words.hint, Source(*mistake.place))


def _missing_key(error: ErrorDetails) -> str | None:
    if error["type"] == "union_tag_not_found":
        return _discriminator(error)
    return str(error["loc"][-1]) if error["type"] == "missing" else None


def _discriminator(error: ErrorDetails) -> str:
    """The key that says which of the alternatives is meant; pydantic tells it in quotes."""
    return str(error["ctx"]["discriminator"]).strip("'")


def _gathered(mistakes: Iterable[Mistake], literal: bool) -> list[Mistake]:
    """Each alternative's errors made into those of one alternative."""
    direct: list[Mistake] = []
    unions: dict[tuple[Step, ...], list[Mistake]] = {}
    for mistake in mistakes:
        if mistake.tags and mistake.tags[0][1] != "[key]":
            depth = mistake.tags[0][0]
            unions.setdefault(mistake.path[:depth], []).append(mistake)
        elif not _excused(mistake, literal):
            direct.append(mistake)
    for path, of_union in unions.items():
        direct += _one_alternative(len(path), of_union, literal)
    return direct


def _one_alternative(depth: int, mistakes: list[Mistake], literal: bool) -> list[Mistake]:
    branches: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        branches.setdefault(mistake.tags[0][1], []).append(replace(mistake, tags=mistake.tags[1:]))
    gathered = [_gathered(branch, literal) for branch in branches.values()]
    if not all(gathered):
        return []  # an alternative with nothing against it but what is excused
    fitting = [branch for branch in gathered if not any(_is_flat(mistake, depth) for mistake in branch)]
    if fitting:
        return min(fitting, key=len)
    flat = [mistake for branch in gathered for mistake in branch if _is_flat(mistake, depth)]
    of_value = [mistake for mistake in flat if not is_about_type(mistake.kind)]
    first, *others = of_value or flat
    return [
        replace(first, others=(*first.others, *(inner for other in others for inner in (other.error, *other.others))))
    ]


def _is_flat(mistake: Mistake, depth: int) -> bool:
    """Whether the alternative says no to the value as a whole."""
    return len(mistake.path) == depth and mistake.key is None


def _misled(mistake: Mistake, mistyped: Sequence[Mistake]) -> bool:
    """A validator that judged a value of the wrong type, which the lenient look had made into another."""
    depth = len(mistake.path)
    return _is_validators(mistake.kind) and any(other.path[:depth] == mistake.path for other in mistyped)


def _is_validators(kind: str) -> bool:
    return kind in _OF_VALIDATORS or "-" in kind


def _excused(mistake: Mistake, literal: bool) -> bool:
    """A problem was told already, or the strict look has no say here."""
    value = mistake.node.value if isinstance(mistake.node, Scalar) else None
    if value is BROKEN:
        return not mistake.about_key
    return literal and (isinstance(value, EnvText | Secret) or _is_validators(mistake.kind))
