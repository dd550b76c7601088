"""Rules about statements that undo each other, within a run and from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.effects import Effect, is_empty_text, shifts
from bootstrap.dicomedit.lint.flow import Step, always_rejects
from bootstrap.dicomedit.lint.paths import key_of, may_mean, single_tag
from bootstrap.dicomedit.lint.resolve import calls_in
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_MOST_PENDING = 500
_RECORDS = (0x00120062, 0x00120063, 0x00120064)
_CHANGES_AGAIN = (
    "hashUID", "concatenate", "format", "newUID", "mapUID", "shiftDateByIncrement", "shiftDateTimeByIncrement",
)  # fmt: skip
_READS_ALL = ("blankValues", "collectValues")


class _Pair(NamedTuple):
    """A statement, and a later one for the same element that takes its effect away."""

    earlier: Effect
    later: Effect


@lru_cache(maxsize=1)
def _pairs(subject: Subject) -> tuple[_Pair, ...]:
    effects: dict[int, list[Effect]] = {}
    for effect in subject.effects:
        effects.setdefault(effect.step.order, []).append(effect)
    reads: dict[int, list[nodes.TagPath]] = {}
    for read in subject.reads:
        reads.setdefault(read.step.order, []).append(read.path)
    pending, found = _Pending(), list[_Pair]()
    for step in subject.steps:
        if any(calls_in(step.node, *_READS_ALL)):
            pending.clear()
        for path in reads.get(step.order, ()):
            pending.forget(path)
        for effect in effects.get(step.order, ()):
            earlier = pending.replace(effect)
            if earlier is not None and _undoes(earlier, effect):
                found.append(_Pair(earlier, effect))
    return tuple(found)


class _Pending:
    """The last effect on each path that nothing has read since. What is read was of use."""

    def __init__(self) -> None:
        self.effects: dict[str, Effect] = {}
        self.keys: dict[int | None, set[str]] = {}  # by the element that a path ends in

    def clear(self) -> None:
        self.effects, self.keys = {}, {}

    def replace(self, effect: Effect) -> Effect | None:
        key = key_of(effect.path)
        earlier = self.effects.pop(key, None)
        if len(self.effects) < _MOST_PENDING and (effect.writes or effect.removes):
            self.effects[key] = effect
            self.keys.setdefault(single_tag(effect.path), set()).add(key)
        return earlier

    def forget(self, path: nodes.TagPath) -> None:
        if path.is_singular:
            self.effects.pop(key_of(path), None)
            return
        tag = single_tag(path)
        near = [tag, None] if tag is not None else [one for one in self.keys if one is None or may_mean(path, one)]
        for one in near:
            for key in self.keys.pop(one, ()):
                self.effects.pop(key, None)


def _undoes(earlier: Effect, later: Effect) -> bool:
    """The later one runs whenever the earlier one did, and surely does something."""
    inside = later.step.under
    if earlier.step.under[: len(inside)] != inside:
        return False
    if later.removes:
        return True
    return later.verb == "assign" and later.value is not None and not later.step.is_nullable(later.value)


@rule(
    "L55",
    "note",
    "a statement that another one for the same element makes useless",
    happens="in DicomEdit 6 the last statement wins, in DicomEdit 4 the first one",
    mend="keep one of the two",
    dialects="46",
)
def dead_statement(subject: Subject) -> Iterator[Spot]:
    if subject.dialect == "4":
        yield from _dead_in_dicomedit_4(subject)
        return
    for earlier, later in _pairs(subject):
        if not (earlier.writes and later.removes):
            yield Spot(earlier.start, f"line {later.start.line} has the last word on {later.path}")


def _dead_in_dicomedit_4(subject: Subject) -> Iterator[Spot]:
    first: dict[str, Effect] = {}
    for effect in subject.effects:
        key = key_of(effect.path)
        if key in first:
            yield Spot(effect.start, f"line {first[key].start.line} has the first word on {effect.path}")
        elif effect.is_certain:
            first[key] = effect


@rule(
    "L56",
    "warning",
    "an attribute is written, and then deleted or emptied",
    happens="only the last statement counts: one of the two is not what was wanted",
    mend="keep the one that is meant",
)
def written_then_removed(subject: Subject) -> Iterator[Spot]:
    for earlier, later in _pairs(subject):
        if earlier.writes and not is_empty_text(earlier.value) and later.removes:
            yield Spot(later.start, f"line {earlier.start.line} writes {later.path}, and here it goes")


@rule(
    "L61",
    "warning",
    "`retainPrivateTags` twice",
    happens="the second call removes what the first one kept",
    mend="give all paths in one call",
)
def retained_twice(subject: Subject) -> Iterator[Spot]:
    earlier: list[Step] = []
    for step in subject.steps:
        for call in calls_in(step.node, "retainPrivateTags"):
            if any(not _exclude(step, other) for other in earlier[:50]):
                yield Spot(call.start, "an earlier call of retainPrivateTags is undone here")
            earlier.append(step)


def _exclude(step: Step, other: Step) -> bool:
    """The two never run together: one wants a condition true that the other wants false."""
    wanted = {id(condition): holds for condition, holds in step.under}
    return any(wanted.get(id(condition), holds) != holds for condition, holds in other.under)


@rule(
    "L70",
    "warning",
    "`reject[]` without a condition, or with statements behind it",
    happens="everything is refused; what stands behind it never runs. When XNAT runs a script again after a rename, "
    "rejections are ignored",
    mend="put a condition before it, and nothing behind it",
)
def rejects_all(subject: Subject) -> Iterator[Spot]:
    for step in subject.steps:
        if isinstance(step.node, nodes.CallStatement) and always_rejects(step.node.call) and not step.under:
            yield Spot(step.node.start, "this refuses every file")
    for node in subject.all_nodes:
        if isinstance(node, nodes.Block):
            for index, statement in enumerate(node.statements[:-1]):
                if isinstance(statement, nodes.CallStatement) and always_rejects(statement.call):
                    yield Spot(node.statements[index + 1].start, "this never runs: the file was rejected before")


@rule(
    "L77",
    "warning",
    "a second run changes the data again",
    happens="XNAT runs a project's script again after a rename or a move, where `rerunProjectAnonOnRename` is on: a "
    "hash is hashed again, a date shifted again, a text grows",
    mend='begin with a test of a mark that the script leaves, as in (0012,0062) != "YES" ? ..., or keep the switch off',
)
def not_idempotent(subject: Subject) -> Iterator[Spot]:
    if subject.kind == "site":
        return  # it runs once, when a file comes in
    again = [effect for effect in subject.effects if _changes_again(effect, subject) and not _is_marked(effect.step)]
    if again:
        count = f"{len(again)} statements change" if len(again) > 1 else "this changes"
        yield Spot(again[0].start, f"{count} what an earlier run has changed", whole=True)


def _changes_again(effect: Effect, subject: Subject) -> bool:
    if effect.verb in ("hash", "map", "shift"):
        return True
    if effect.value is None or not effect.writes:
        return False
    value = subject.definitions.resolve(effect.value)
    if not any(calls_in(value, *_CHANGES_AGAIN)):
        return False
    sources = subject.definitions.sources(effect.value)
    own = key_of(effect.path)
    itself = any(isinstance(source, nodes.TagPath) and key_of(source) == own for source in sources)
    return itself or shifts(effect, subject.definitions) is not None or any(calls_in(value, "newUID"))


def _is_marked(step: Step) -> bool:
    """Runs only where a mark of an earlier run is missing."""
    paths = (node for condition, _ in step.under for node in nodes.walk(condition) if isinstance(node, nodes.TagPath))
    return any(may_mean(path, tag) for path in paths for tag in _RECORDS)


@rule(
    "L78",
    "warning",
    "the site's script and the project's touch the same element",
    happens="the site's runs first, the project's has the last word; a hash of the site's is hashed again",
    mend="let one of the two do it",
    dialects="46",
)
def both_scripts(subject: Subject) -> Iterator[Spot]:
    if subject.site_script is None:
        return
    site = Subject(subject.site_script, xnat_version=subject.xnat_version, kind="site")
    lines = {key_of(effect.path): effect.start.line for effect in reversed(site.effects)}
    told: set[str] = set()
    for effect in subject.effects:
        key = key_of(effect.path)
        if key in lines and key not in told:
            told.add(key)
            yield Spot(effect.start, f"line {lines[key]} of the site's script changes {effect.path} too")
