"""What is known at one point of a script: the fates of every probe, and what variables are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bootstrap.dicomedit.coverage.fates import GONE, UNTOUCHED, WITHOUT_TEXT, Fate, Fates, Kind, became
from bootstrap.dicomedit.coverage.probes import Probes
from bootstrap.dicomedit.coverage.worth import PRIVATE_TEXT, Worth, either
from bootstrap.dicomedit.nodes import PrivateTag, PublicTag, TagPath


class CertainError(Exception):
    """The engine fails here whatever the object is: no file comes past this point."""


@dataclass(slots=True)
class Flow:
    """`alive` is false where no object comes: behind `reject[]`, or a statement that always fails."""

    probes: Probes
    fates: dict[int, Fates] = field(default_factory=dict)  # what is not here is untouched
    private: Fates = UNTOUCHED
    private_nested: Fates = UNTOUCHED
    variables: dict[str, Worth] = field(default_factory=dict)
    present: frozenset[int] = frozenset()  # elements of the root that are there for certain
    when: tuple[str, ...] = ()
    alive: bool = True

    def copy(self, condition: str | None = None) -> Flow:
        when = self.when if condition is None else (*self.when, condition)
        return Flow(
            self.probes,
            dict(self.fates),
            self.private,
            self.private_nested,
            dict(self.variables),
            self.present,
            when,
            self.alive,
        )

    def of(self, probe: int) -> Fates:
        return self.fates.get(probe, UNTOUCHED)

    def at_root(self, tag: int) -> Fates | None:
        probe = self.probes.root(tag)
        return None if probe is None else self.of(probe)

    def fate(self, kind: Kind, line: int, detail: str = "") -> Fate:
        return Fate(kind, line, detail, self.when)

    def change(self, numbers: Iterable[int], fate: Fate, stays: frozenset[Kind] = GONE) -> None:
        for number in numbers:
            self.fates[number] = became(self.of(number), fate, stays)

    def remove(self, numbers: Iterable[int], line: int) -> None:
        self.change(numbers, self.fate(Kind.REMOVED, line))

    def shift(self, numbers: Iterable[int], line: int, detail: str) -> None:
        """Only what is a date is shifted; a constant that the script put there before stays a constant."""
        dates = [number for number in numbers if self.probes.all[number].attribute.vr in ("DA", "DT")]
        self.change(dates, self.fate(Kind.SHIFTED, line, detail), WITHOUT_TEXT | {Kind.REPLACED, Kind.HASHED})

    def absent(self, tag: int, why: str) -> None:
        """From here on the element of the root is known to be missing, or to have no text."""
        probe = self.probes.root(tag)
        if probe is not None:
            self.change([probe], Fate(Kind.ABSENT, 0, why, self.when))

    def read(self, path: TagPath) -> Worth:
        """The text of an element. Raises CertainError for a path that names many."""
        if not path.is_singular:
            raise CertainError(f"{path} names more than one element, and cannot be a value")
        tag = last_tag(path)
        if tag is None:
            return Worth(str(path), sources=frozenset({PRIVATE_TEXT}), verbatim=True, null=frozenset({PRIVATE_TEXT}))
        known = tag in self.present and len(path.steps) == 1
        null: frozenset[int] = frozenset() if known else frozenset({tag})
        fates = self.at_root(tag) if len(path.steps) == 1 else UNTOUCHED
        if fates is None:
            return Worth(f"the text of {path}", null=null)
        return _worth_of(path, tag, fates, null)


def _worth_of(path: TagPath, tag: int, fates: Fates, null: frozenset[int]) -> Worth:
    found = {fate.kind for fate in fates}
    if found <= GONE:
        return Worth(f"the text of {path}", never=True)
    here = frozenset({tag})
    return Worth(
        f"the text of {path}",
        sources=here if found & {Kind.KEPT, Kind.DERIVED, Kind.COPIED} else frozenset(),
        verbatim=True,
        hashed=here if Kind.HASHED in found else frozenset(),
        shifted=here if Kind.SHIFTED in found else frozenset(),
        null=null | (here if found & GONE else frozenset()),
    )


def last_tag(path: TagPath) -> int | None:
    """The element that a path of fixed digits ends in; None for a private one."""
    step = path.steps[-1]
    tag = getattr(step, "tag", None)
    if not isinstance(tag, PublicTag) or any(isinstance(getattr(one, "tag", None), PrivateTag) for one in path.steps):
        return None
    return int(tag.group + tag.element, 16)


def joined(flows: list[Flow], when: tuple[str, ...]) -> Flow:
    """Where ways through the script meet: every fate of each is possible."""
    living = [flow for flow in flows if flow.alive]
    if not living:
        dead = flows[0].copy()
        dead.when, dead.alive = when, False
        return dead
    result = living[0].copy()
    result.when = when
    for flow in living[1:]:
        _join(result, flow)
    return result


def _join(result: Flow, other: Flow) -> None:
    for number in result.fates.keys() | other.fates.keys():
        result.fates[number] = result.of(number) | other.of(number)
    result.private |= other.private
    result.private_nested |= other.private_nested
    result.present &= other.present
    for name, worth in other.variables.items():
        mine = result.variables.get(name)
        result.variables[name] = worth if mine is None else either(mine, worth)


Effect = Callable[[Flow], None]
