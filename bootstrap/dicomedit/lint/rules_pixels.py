"""Rules about what can be read in the pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootstrap.dicomedit import nodes
from bootstrap.dicomedit.lint.flow import Step
from bootstrap.dicomedit.lint.paths import may_mean
from bootstrap.dicomedit.lint.resolve import calls_in
from bootstrap.dicomedit.lint.rule import Spot, rule
from bootstrap.dicomedit.lint.subject import Subject

_SORT = (0x00080060, 0x00080016, 0x00280301)  # modality, class, burned in
_SIZE = (0x00280010, 0x00280011)
_EDGE = re.compile(r"\s*([ltrb])\s*=\s*(-?[0-9]{1,9})\s*")


def _asks_for(step: Step, tags: tuple[int, ...]) -> bool:
    for condition, _ in step.under:
        paths = [node for node in nodes.walk(condition) if isinstance(node, nodes.TagPath)]
        if any(may_mean(path, tag) for path in paths for tag in tags):
            return True
    return False


@rule(
    "L63",
    "warning",
    "nothing is done about text in the pixels",
    happens="ultrasound, secondary captures, X-ray and endoscopy come with names burned in, and keep them",
    mend="blank them with alterPixels, or reject what has (0028,0301) YES and the modalities that burn in",
)
def burned_in_text(subject: Subject) -> Iterator[Spot]:
    if not subject.statements or any(subject.calls_of("alterPixels")):
        return
    rejects = any(any(calls_in(step.node, "reject")) and _asks_for(step, _SORT) for step in subject.steps)
    if not rejects:
        yield Spot(subject.top, "no statement looks after text in the pixels", whole=True)


@rule(
    "L64",
    "warning",
    "`alterPixels` that does something else than it seems",
    happens="the region is filled with 0 whatever v says, cut off at the image's edge, and blanked in every object "
    "that comes by",
    mend="write v=0, a region inside the image, and a condition on modality and size before it",
)
def careless_blanking(subject: Subject) -> Iterator[Spot]:
    for step in subject.steps:
        for call in calls_in(step.node, "alterPixels"):
            texts = [subject.definitions.literal(argument) for argument in call.arguments]
            faults = [*_faults_of_region(texts), *_faults_of_fill(texts)]
            if not _asks_for(step, (*_SORT, *_SIZE)):
                faults.append("no condition asks for modality or size")
            yield from (Spot(call.start, fault) for fault in faults)


def _faults_of_region(texts: list[str | None]) -> Iterator[str]:
    region = texts[1] if len(texts) > 1 else None
    edges = {match[1]: int(match[2]) for part in (region or "").split(",") if (match := _EDGE.fullmatch(part))}
    if len(edges) < 4:
        return
    if edges["l"] >= edges["r"] or edges["t"] >= edges["b"]:
        yield f'the region "{region}" is empty'
    elif min(edges["l"], edges["t"]) < 0:
        yield f'the region "{region}" begins outside the image'


def _faults_of_fill(texts: list[str | None]) -> Iterator[str]:
    fill = texts[3] if len(texts) > 3 else None
    match = re.fullmatch(r"\s*v\s*=\s*([0-9.]+)\s*", fill or "")
    if match and match[1].strip("0.") != "":
        yield f"the region is not filled with {match[1]} but with 0"
