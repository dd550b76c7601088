"""Rules about XNAT's labels in the data."""

from __future__ import annotations

from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.attributes import name_of
from bootstrap.dicomedit.lint.effects import Effect
from bootstrap.dicomedit.lint.paths import single_tag
from bootstrap.dicomedit.lint.resolve import GIVEN
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_DESCRIPTIONS = (0x00081030, 0x0008103E, 0x00181030)
_IDENTITIES = (0x00100010, 0x00100020, 0x00200010)


def _labels(effect: Effect, subject: Subject) -> set[str]:
    """XNAT's variables that the written value is made from."""
    if not effect.writes or effect.value is None:
        return set()
    sources = subject.definitions.sources(effect.value)
    return {source.name.lower() for source in sources if isinstance(source, nodes.Variable)} & GIVEN


@rule(
    "L66",
    "warning",
    "a description is overwritten with a label of XNAT",
    happens="what the scan was is lost: scan types, and everything that goes by the description, come out wrong",
    mend="write the label elsewhere, as in (0010,4000), and clean the description instead",
    dialects="46",
)
def lost_description(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        tag, labels = single_tag(effect.path), _labels(effect, subject)
        if tag in _DESCRIPTIONS and labels:
            yield Spot(effect.start, f"{name_of(tag)} becomes `{min(labels)}`")


@rule(
    "L67",
    "warning",
    "name, patient id or study id are written from labels that may hold source identifiers",
    happens="at receipt XNAT makes both labels from the header: the patient's number may come back",
    mend="see to it that labels are pseudonyms before data arrive (routing rules, or the sender)",
    dialects="46",
)
def label_may_identify(subject: Subject) -> Iterator[Spot]:
    for effect in subject.effects:
        tag, labels = single_tag(effect.path), _labels(effect, subject) - {"project"}
        if tag in _IDENTITIES and labels:
            yield Spot(effect.start, f"{name_of(tag)} becomes XNAT's label `{min(labels)}`")
