"""Rules about what a script leaves out: copies in sequences, private data, the record of what was done."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.attributes import name_of
from bootstrap.dicomedit.lint.effects import Effect
from bootstrap.dicomedit.lint.paths import names_private, root_tag, single_tag
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject
from bootstrap.dicomedit.younger import sequences_left

_REMOVED, _METHOD, _METHOD_CODES = 0x00120062, 0x00120063, 0x00120064


@rule(
    "L54",
    "warning",
    "an identifying attribute is changed at the root only",
    happens="copies in sequences stay: in requests (0040,0275), other patient ids (0010,1002), original attributes "
    "(0400,0550) and more",
    mend='write `*/` before it, as in -*/(gggg,eeee) or */(gggg,eeee) ?= ""',
)
def root_only(subject: Subject) -> Iterator[Spot]:
    deep = [effect for effect in subject.effects if effect.is_deep()]
    told: set[int] = set()
    for effect in subject.effects:
        tag = root_tag(effect.path)
        if tag not in attributes.NESTED or tag in told or not (effect.writes or effect.removes):
            continue
        told.add(tag)
        if not any(other.means(tag) for other in deep):
            yield Spot(effect.start, f"copies of {name_of(tag)} in sequences stay")


@rule(
    "L95",
    "warning",
    "the script counts on `*/` or the like in sequences that are younger than XNAT's dictionary",
    happens="in an Implicit VR file, or where a gateway wrote VR UN, the engine takes such a sequence for bytes: no "
    "statement reaches what is inside, and names and UIDs there stay",
    mend="delete these sequences, as the lines under `PS3.15: younger` of site-basic-profile.das do; or see to it that "
    "only Explicit VR comes in",
)
def closed_sequences(subject: Subject) -> Iterator[Spot]:
    deep = next((one for one in subject.effects if one.is_deep() and not names_private(one.path)), None)
    left = sequences_left(subject.script) if subject.script and deep else ()
    if deep and left:
        few = ", ".join(map(name_of, left[:2]))
        yield Spot(
            deep.start,
            f"{deep.path} does not reach into {len(left)} sequences of Implicit VR files: {few} ...",
            whole=True,
        )


@rule(
    "L59",
    "warning",
    "nothing is said about private elements",
    happens="they stay as they are; the Basic Profile of PS3.15 removes them all, for they hold names and dates too",
    mend="write removeAllPrivateTags, or retainPrivateTags[...] with what is known to be safe",
    dialects="46",
)
def private_data_stay(subject: Subject) -> Iterator[Spot]:
    if not subject.statements:
        return
    removes = any(isinstance(node, nodes.RemoveAllPrivateTags) for node in subject.all_nodes)
    handled = any(names_private(effect.path) and _takes_away(effect) for effect in subject.effects)
    if not removes and not handled and not any(subject.calls_of("retainPrivateTags")):
        yield Spot(subject.top, "no statement removes private elements", whole=True)


def _takes_away(effect: Effect) -> bool:
    return effect.verb in ("delete", "retain") or effect.writes


@rule(
    "L68",
    "warning",
    "the de-identification is not recorded in the data, or XNAT's record of it is lost",
    happens="XNAT appends its script to (0012,0064) and sets neither (0012,0062) nor (0012,0063): nobody sees in the "
    "data that, and how, they were de-identified",
    mend='write (0012,0062) := "YES" and (0012,0063) := "..."; leave (0012,0064) to XNAT',
)
def unrecorded(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        if effect.means(_METHOD_CODES) and effect.at_root() and effect.verb in ("delete", "assign", "set"):
            yield Spot(effect.start, f"{effect.path} takes XNAT's own record along")
    if not subject.statements:
        return
    missing = []
    if not any(_says_yes(effect, subject) for effect in subject.effects):
        missing.append("(0012,0062) is not set to YES")
    if not any(effect.writes and single_tag(effect.path) == _METHOD for effect in subject.effects):
        missing.append("(0012,0063) is not written")
    if missing:
        yield Spot(subject.top, " and ".join(missing), whole=True)


def _says_yes(effect: Effect, subject: Subject) -> bool:
    if not effect.writes or effect.value is None or single_tag(effect.path) != _REMOVED:
        return False
    return subject.definitions.literal(effect.value) == "YES"
