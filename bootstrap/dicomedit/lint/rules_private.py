"""Rules about private elements."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.paths import is_deep, last_step
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_BINARY = frozenset({"OB", "OW", "OF", "OD", "OL", "UN", "OB or OW", "OB/OW"})


def _cleans_up(subject: Subject) -> bool:
    """All private elements that are left over go, creators included."""
    return any(isinstance(node, nodes.RemoveAllPrivateTags) for node in subject.all_nodes) or any(
        subject.calls_of("retainPrivateTags")
    )


def _private_tag(path: nodes.TagPath) -> nodes.PrivateTag | None:
    step = last_step(path)
    return step.tag if step and isinstance(step.tag, nodes.PrivateTag) else None


@rule(
    "L58",
    "warning",
    "private elements are deleted, and their creators stay",
    happens="`-` never removes a creator element: it still says which scanner and software it was",
    mend='use removeAllPrivateTags or retainPrivateTags[...]; delete["(gggg,0010)"] takes one creator away',
)
def creators_stay(subject: Subject) -> Iterator[Spot]:
    if _cleans_up(subject):
        return
    told: set[tuple[str, str]] = set()
    for effect in subject.effects:
        tag = _private_tag(effect.path)
        if effect.verb == "delete" and tag and (tag.group.upper(), tag.creator) not in told:
            told.add((tag.group.upper(), tag.creator))
            yield Spot(effect.start, f"the creator {tag.creator!r} stays")


@rule(
    "L60",
    "warning",
    "`retainPrivateTags` with a path at the root only",
    happens="the same elements in sequences, and in the items of enhanced images, are removed",
    mend="write `*/` before the path",
)
def retained_at_root(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        if effect.verb == "retain" and not is_deep(effect.path) and len(effect.path.steps) == 1:
            yield Spot(effect.start, f"{effect.path} in sequences is removed")


@rule(
    "L62",
    "warning",
    "private elements are addressed that may have lost their creator",
    happens="where a proxy or an implicit-VR hop dropped the creator, the elements match nothing and stay, silently",
    mend="end the script with removeAllPrivateTags or retainPrivateTags[...], which take orphans away",
)
def lost_creators(subject: Subject) -> Iterator[Spot]:
    if _cleans_up(subject):
        return
    for effect in subject.effects:
        if effect.verb in ("delete", "assign if exists") and _private_tag(effect.path):
            yield Spot(effect.start, f"{effect.path} without its creator is not found", whole=True)
            return


@rule(
    "L86",
    "warning",
    "`retainPrivateTags` may keep binary elements",
    happens="the bytes of a kept OB, OW or UN element are replaced with a text of them: `01 02` becomes `01\\02`",
    mend="keep elements of text and number VRs only, each by its own digits",
)
def damaged_binary(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        tag = _private_tag(effect.path)
        if effect.verb != "retain" or tag is None:
            continue
        vrs = attributes.private_vrs(tag.creator, tag.group, tag.element)
        if not vrs:
            yield Spot(effect.start, f"it is not known which VR {tag} has")
        elif vrs & _BINARY:
            yield Spot(effect.start, f"{tag} may be {' or '.join(sorted(vrs & _BINARY))}")
