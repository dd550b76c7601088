"""Rules about attributes that must be there, and about group 0002."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.attributes import name_of
from bootstrap.dicomedit.lint.effects import Effect
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_REQUIRED = (
    0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00080060, 0x00280002, 0x00280004, 0x00280010, 0x00280011,
    0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x7FE00010,
)  # fmt: skip


@rule(
    "L65",
    "warning",
    "an attribute is deleted or emptied that every object, or every image, must have",
    happens="the object cannot be read or shown any more, or XNAT refuses it",
    mend="hash UIDs, and leave the others",
    dialects="46",
)
def required_attribute(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        if effect.removes and effect.at_root():
            hit = next((tag for tag in _REQUIRED if effect.means(tag)), None)
            if hit is not None and not _is_private(effect):
                yield Spot(effect.start, f"{effect.path} takes {name_of(hit)} away")


def _is_private(effect: Effect) -> bool:
    step = effect.path.steps[-1]
    return isinstance(step, nodes.ElementStep) and isinstance(step.tag, nodes.PrivateTag)


@rule(
    "L79",
    "note",
    "an element of the file's header, group 0002",
    happens="the header is written anew when the file is saved: UIDs in it follow the object",
    mend="change the object; the header follows",
    dialects="46",
)
def file_header(subject: Subject) -> Iterator[Spot]:
    deleted = {effect.path.start for effect in subject.effects if effect.verb == "delete"}
    for node in subject.all_nodes:
        if isinstance(node, nodes.TagPath) and node.start not in deleted and _is_header(node):
            yield Spot(node.start, f"{node} belongs to the file's header")


def _is_header(path: nodes.TagPath) -> bool:
    step = path.steps[0]
    return isinstance(step, nodes.ElementStep) and step.tag.group == "0002"
