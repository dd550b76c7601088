"""Rules about UIDs and hashes."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint import attributes
from bootstrap.dicomedit.lint.attributes import name_of, vr_of
from bootstrap.dicomedit.lint.effects import Effect, hashes
from bootstrap.dicomedit.lint.paths import root_tag, single_tag
from bootstrap.dicomedit.lint.resolve import calls_in
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

# Where other objects name what was hashed. The study's and the series' UIDs stand in sequences under their own tags.
_REFERENCES = {0x00080018: 0x00081155, 0x00200052: 0x30060024}


@rule(
    "L32",
    "warning",
    "`newUID` for a study, a series, a frame of reference or an instance",
    happens="every object gets another one: series fall apart, references lead nowhere",
    mend="use hashUID, which gives equal UIDs for equal ones",
)
def new_uid_breaks(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        tag = single_tag(effect.path)
        if not effect.writes or effect.value is None or tag not in attributes.STUDY_UIDS:
            continue
        if any(calls_in(subject.definitions.resolve(effect.value), "newUID")):
            yield Spot(effect.start, f"{name_of(tag)} gets a new UID for each object")


@rule(
    "L33",
    "warning",
    "`mapUID` or `mapReferencedUIDs`",
    happens="the UIDs are random and forgotten when XNAT restarts: images that come later get other ones",
    mend="use hashUID or hashUIDList",
)
def random_uids(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("mapUID", "mapReferencedUIDs"):
        yield Spot(call.start, f"what `{call.name}` makes is forgotten at a restart")


@rule(
    "L34",
    "warning",
    "`hashUID` of an element that may have several UIDs",
    happens="all of them are hashed as one text: one UID comes out, and none of them is mapped",
    mend="use hashUIDList, which hashes each",
)
def hash_of_many(subject: Subject) -> Iterator[Spot]:
    for read in subject.reads:
        tag = single_tag(read.path)
        if read.call is None or read.call.name != "hashUID" or read.index or tag is None:
            continue
        if vr_of(tag) == "UI" and attributes.is_multiple(tag):
            yield Spot(read.path.start, f"{name_of(tag)} may have several values")


@rule(
    "L35",
    "warning",
    "a hash in an element that is too short for it",
    happens="up to 44 characters are written, unchecked; other software cuts or refuses the value",
    mend="write a part of it, as in substring[hashUID[...], 5, 20]",
)
def hash_too_long(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        tag = single_tag(effect.path)
        room = attributes.LENGTHS.get(vr_of(tag), attributes.HASH_LENGTH)
        if tag is not None and room < attributes.HASH_LENGTH and _becomes_hash(effect, subject):
            yield Spot(effect.start, f"{name_of(tag)} takes {room} characters")


def _becomes_hash(effect: Effect, subject: Subject) -> bool:
    """The whole hash, and not a part of it."""
    if effect.verb in ("hash", "map"):
        return True
    value = subject.definitions.resolve(effect.value) if effect.value is not None else None
    return isinstance(value, nodes.Call) and value.name in ("hashUID", "newUID", "mapUID")


@rule(
    "L36",
    "warning",
    "a UID that is rewritten at the root only",
    happens="other objects, and sequences of this one, go on naming the original: it leaks, and references break",
    mend="use hashUIDList[*/(gggg,eeee), ...] with all elements that may hold it",
)
def root_uid_only(subject: Subject) -> Iterator[Spot]:
    hashed = [effect for effect in subject.effects if hashes(effect, subject.definitions)]
    for effect in hashed:
        tag = root_tag(effect.path)
        if tag in attributes.STUDY_UIDS:
            reference = _REFERENCES.get(tag, tag)
            if not any(other.is_deep() and other.means(reference) for other in (*hashed, *_removed(subject))):
                yield Spot(effect.start, f"{name_of(tag)} is rewritten, and {_copies(tag, reference)} is not")


def _removed(subject: Subject) -> list[Effect]:
    return [effect for effect in subject.effects if effect.removes]


def _copies(tag: int, reference: int) -> str:
    return name_of(reference) if reference != tag else "its copy in sequences"


@rule(
    "L37",
    "warning",
    "some UIDs are hashed and others are left",
    happens="whoever has the original finds the study again by the UIDs that are left",
    mend="hash all UIDs of PS3.15 Annex E in one hashUIDList, with `*/` before each",
)
def uids_left(subject: Subject) -> Iterator[Spot]:
    hashed = [effect for effect in subject.effects if hashes(effect, subject.definitions) and _is_uid(effect)]
    if not hashed:
        return
    handled = [*hashed, *_removed(subject), *(effect for effect in subject.effects if effect.writes)]
    left = [tag for tag in attributes.uids_of_profile() if not any(effect.means(tag) for effect in handled)]
    if left:
        names = ", ".join(map(name_of, left[:3]))
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        yield Spot(hashed[0].start, f"the script hashes UIDs and leaves {names}{more}", whole=True)


def _is_uid(effect: Effect) -> bool:
    tag = single_tag(effect.path)
    return tag is None or vr_of(tag) == "UI"


@rule(
    "L38",
    "warning",
    "the plain hash of an identifier that can be guessed",
    happens="hashUID has no key: whoever tries all patient numbers, or all birthdays, has the original in seconds",
    mend="write XNAT's own label, or a number from a table that is kept elsewhere",
    dialects="46",
)
def guessable_hash(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("hashUID"):
        sources = list(subject.definitions.sources(call.arguments[0])) if call.arguments else []
        tags = [single_tag(source) for source in sources if isinstance(source, nodes.TagPath)]
        if len(sources) == 1 and tags and tags[0] in attributes.GUESSABLE:
            yield Spot(call.start, f"a hash of {name_of(tags[0])}")
    for effect in subject.effects:
        tag = single_tag(effect.path)
        if effect.verb == "hash" and tag in attributes.GUESSABLE:
            yield Spot(effect.start, f"a hash of {name_of(tag)}")


@rule(
    "L91",
    "warning",
    "a salt in the script",
    happens="every signed-in user can read the site's script, and members of a project its script: the salt is no "
    "secret from them, and the hash can be tried out as if it had none",
    mend="do not count on it against users of this XNAT; it only helps where data leave the site without the script",
    dialects="46",
)
def readable_salt(subject: Subject) -> Iterator[Spot]:
    for call in subject.calls_of("hashUID"):
        if not call.arguments:
            continue
        sources = list(subject.definitions.sources(call.arguments[0]))
        literal = any(isinstance(source, nodes.Text) and source.raw.strip() for source in sources)
        if literal and any(isinstance(source, nodes.TagPath | nodes.Variable) for source in sources):
            who = "members of the project" if subject.kind == "project" else "every signed-in user of the XNAT"
            yield Spot(call.start, f"the text that is hashed along can be read by {who}")
