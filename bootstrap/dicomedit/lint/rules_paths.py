"""Rules about tag paths: where wildcards, items and private steps do something else than they seem."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.paths import number_of
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.signatures import SHIFTS
from bootstrap.dicomedit.lint.subject import Subject


def _targets(subject: Subject) -> Iterator[nodes.TagPath]:
    return (node.path for node in subject.all_nodes if isinstance(node, nodes.Assign))


def _read_paths(subject: Subject) -> Iterator[nodes.TagPath]:
    return (read.path for read in subject.reads if read.is_text)


def _asked_for(subject: Subject) -> Iterator[nodes.TagPath]:
    """Arguments of isPresent, which take one element each."""
    for call in subject.calls_of("isPresent"):
        yield from (argument for argument in call.arguments if isinstance(argument, nodes.TagPath))


@rule(
    "L25",
    "error",
    "a path with wildcards where one element is wanted",
    happens="an Error when the statement is reached: the file is refused",
    mend="name one element; to change all copies use `*/(gggg,eeee) ?= value`",
)
def wildcard_for_one(subject: Subject) -> Iterator[Spot]:
    for path in _targets(subject):
        if not path.is_singular:
            yield Spot(path.start, f"`:=` writes one element, and {path} may mean several")
    for path in (*_read_paths(subject), *_asked_for(subject)):
        if not path.is_singular:
            yield Spot(path.start, f"a value is one element's, and {path} may mean several")


@rule(
    "L26",
    "error",
    "a sequence without an item number on the way, or a sequence as a value",
    happens="an Error when the statement is reached: the file is refused",
    mend="write the item, as in (0008,1140)[0]/(0008,1155); to test a sequence use isPresent",
)
def sequence_without_item(subject: Subject) -> Iterator[Spot]:
    for path in (*_targets(subject), *_read_paths(subject), *_asked_for(subject)):
        if path.is_singular and any(
            step.item is None for step in path.steps[:-1] if isinstance(step, nodes.ElementStep)
        ):
            yield Spot(path.start, f"{path} names no item of the sequence")
    for path in _read_paths(subject):
        step = path.steps[-1]
        if path.is_singular and isinstance(step, nodes.ElementStep) and _is_sequence(step):
            yield Spot(path.start, f"{path} is a sequence, and has no text")


def _is_sequence(step: nodes.ElementStep) -> bool:
    return step.item is not None or attributes.vr_of(number_of(step.tag)) == "SQ"


@rule(
    "L57",
    "warning",
    "a delete of an item",
    happens="everything inside the item goes, and the empty item stays; what must be in an item is then missing",
    mend="delete the sequence, or the elements inside that must go",
)
def deleted_item(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        step = effect.path.steps[-1]
        if effect.verb == "delete" and isinstance(step, nodes.ElementStep) and step.item not in (None, "%"):
            yield Spot(effect.start, f"the item of {effect.path} stays, without anything in it")


@rule(
    "L83",
    "error",
    "`?=` on a private path that matches the creator as well",
    happens="the creator elements are overwritten, so that the data elements are not found and keep their values",
    mend="delete the private elements, or name each element by its two digits",
)
def overwrites_creators(subject: Subject) -> Iterator[Spot]:
    for node in subject.all_nodes:
        if isinstance(node, nodes.AssignIfExists):
            step = node.path.steps[-1]
            tag = step.tag if isinstance(step, nodes.ElementStep) else None
            if isinstance(tag, nodes.PrivateTag) and set(tag.element) & set("xX@#") and tag.element[0] != "0":
                yield Spot(node.start, f"{tag} means the elements 10 to FF too, where creators stand")


@rule(
    "L85",
    "warning",
    "a private element in another item than the first, or below a private sequence",
    happens="the creator is looked up in the first item, or at the root, and entered there where it is missing: "
    "the value may be another element's",
    mend="use `?=`, `-` or a function that takes patterns; they find the creator in the item itself",
)
def creator_of_another_place(subject: Subject) -> Iterator[Spot]:
    for path in (*_targets(subject), *_read_paths(subject)):
        if path.is_singular and _is_resolved_elsewhere(path):
            yield Spot(path.start, f"the creator of {path} is not looked up where the element is")


def _is_resolved_elsewhere(path: nodes.TagPath) -> bool:
    misled = False
    for step in path.steps:
        if isinstance(step, nodes.ElementStep):
            private = isinstance(step.tag, nodes.PrivateTag)
            if private and misled:
                return True
            misled = misled or private or step.item not in (None, "0", "%")
    return False


@rule(
    "L87",
    "error",
    "a path where the function takes its spelling, not the element's text",
    happens="(0020,0011) becomes the text 00200011; or an Error; or nothing happens at all",
    mend="set a variable first, as in n := (0020,0011), and pass the variable; quote the path where a text is wanted",
)
def path_is_spelled(subject: Subject) -> Iterator[Spot]:
    for read in subject.reads:
        if read.call is None or read.call.name in ("mapUID", "true", "false", "newUID"):
            continue
        if read.role == "spelled" and not _is_list_of_paths(read.call, read.index):
            yield Spot(read.path.start, f"`{read.call.name}` takes the spelling of {read.path}")
    for call in subject.calls_of("shiftDateTimeSequenceByIncrement"):
        for argument in call.arguments[1:]:
            if isinstance(argument, nodes.TagPath):
                yield Spot(argument.start, f"`{call.name}` does nothing to {argument}: it wants the path in quotes")


def _is_list_of_paths(call: nodes.Call, index: int) -> bool:
    return call.name in SHIFTS and index == 0 and isinstance(call.arguments[0], nodes.ListValue)
