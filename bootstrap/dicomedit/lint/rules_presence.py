"""Rules about elements that may be absent: null does nothing where it should, and fails where it should not."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.attributes import name_of
from bootstrap.dicomedit.lint.effects import Effect
from bootstrap.dicomedit.lint.flow import FILLED
from bootstrap.dicomedit.lint.paths import key_of, single_tag
from bootstrap.dicomedit.lint.reads import Read
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_FAIL_ON_NULL = frozenset({"lowercase", "uppercase", "concatenate", "replace", "substring", "match", "ismatch"})


@rule(
    "L43",
    "warning",
    "an identifying attribute is overwritten with a value that may be absent",
    happens="a null value writes nothing: what was there stays. DicomEdit 4 would empty it",
    mend='empty it first, as in (gggg,eeee) := "", then write the value',
)
def null_leaves_what_was(subject: Subject) -> Iterator[Spot]:
    emptied: set[str] = set()
    for effect in subject.effects:
        tag = single_tag(effect.path)
        if effect.verb != "assign" or effect.value is None:
            emptied |= {key_of(effect.path)} if effect.verb == "delete" else set()
        elif not effect.step.is_nullable(effect.value):
            emptied.add(key_of(effect.path))
        elif tag in attributes.identifying() and key_of(effect.path) not in emptied and not _reads_itself(effect):
            yield Spot(effect.start, f"{name_of(tag)} stays as it is where the value is absent")


def _reads_itself(effect: Effect) -> bool:
    """What is absent has nothing to leave behind."""
    value = effect.value
    if isinstance(value, nodes.Call) and value.name in ("hashUID", "normalizeString") and value.arguments:
        value = value.arguments[0]
    return isinstance(value, nodes.TagPath) and key_of(value) == key_of(effect.path)


@rule(
    "L44",
    "warning",
    "a function that fails on an absent element",
    happens="an Error where the element is absent: the file is refused",
    mend="test it first, as in isPresent[(gggg,eeee)] ? ...; for substring test that it is long enough",
)
def fails_on_absent(subject: Subject) -> Iterator[Spot]:
    told: set[tuple[int, str]] = set()
    for read in subject.reads:
        if read.role != "argument" or read.call is None or read.call.name not in _FAIL_ON_NULL:
            continue
        key = (read.path.line, key_of(read.path))
        if read.level < _needed(read) and read.path.is_singular and key not in told:
            told.add(key)
            state = "absent" if read.level == 0 else "empty"
            yield Spot(read.path.start, f"`{read.call.name}` fails where {read.path} is {state}")


def _needed(read: Read) -> int:
    """An empty text has no characters to take."""
    return FILLED if read.call is not None and read.call.name == "substring" else 1


@rule(
    "L45",
    "warning",
    "a date shift of an element that may be absent or empty",
    happens="an Error where there is no date to shift: the file is refused",
    mend='test it first, as in (gggg,eeee) ~ ".+" ? ...; below sequences test isPresent before that',
)
def shift_of_nothing(subject: Subject) -> Iterator[Spot]:
    for read in subject.reads:
        call = read.call
        if call is None or call.name not in ("shiftDateByIncrement", "shiftDateTimeByIncrement") or read.index:
            continue
        if read.level < FILLED and read.path.is_singular:
            yield Spot(read.path.start, f"{read.path} may be absent or empty")


@rule(
    "L84",
    "warning",
    "a private or nested element is read without a test that it is there",
    happens="the read leaves a creator, or a sequence with an empty item, behind where there was none",
    mend="test it with isPresent first, which leaves nothing behind",
)
def read_leaves_traces(subject: Subject) -> Iterator[Spot]:
    told: set[str] = set()
    for read in subject.reads:
        nested = len(read.path.steps) > 1 or read.path.is_private
        key = key_of(read.path)
        if read.is_text and nested and read.path.is_singular and not read.level and key not in told:
            told.add(key)
            yield Spot(read.path.start, f"a mere look at {read.path} may write something")


@rule(
    "L88",
    "warning",
    "`?=` with a value that may be null",
    happens="every match is emptied where the value is null",
    mend="test the value first, as in isPresent[(gggg,eeee)] ? ...",
)
def null_empties(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        if effect.verb != "assign if exists" or effect.value is None:
            continue
        if effect.step.is_nullable(effect.value) and not _reads_itself(effect):
            yield Spot(effect.start, f"{effect.path} is emptied where the value is absent")
