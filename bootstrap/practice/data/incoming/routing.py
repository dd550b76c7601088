"""Where an object belongs: project, subject and session, from what its header says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bootstrap.practice.admin import configs
from bootstrap.practice.data import projects, rights
from bootstrap.practice.data.incoming.headers import Header
from bootstrap.practice.data.projects import Project

if TYPE_CHECKING:
    from bootstrap.practice.http.call import Caller
    from bootstrap.practice.site import Site

UNASSIGNED = "Unassigned"
PROJECT, SUBJECT, SESSION = "project", "subject", "session"
_TOOL = "dicom"
_COMMENTS = ("PatientComments", "StudyComments", "AdditionalPatientHistory")
_WHOLE_VALUES = {PROJECT: ("StudyDescription", "AccessionNumber"), SUBJECT: ("PatientName",), SESSION: ("PatientID",)}
_NO_LABEL = "dicom_upload"
_RULE = re.compile(r"\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\):(.*?)(?::(\d+))?")


@dataclass(frozen=True)
class Rule:
    tag: int
    pattern: re.Pattern[str]
    group: int

    def value(self, header: Header) -> str:
        found = self.pattern.fullmatch(header.at(self.tag))
        return (found[self.group] or "") if found and self.group <= self.pattern.groups else ""


@dataclass(frozen=True)
class Rules:
    """Those of a receiver, and then those of the site."""

    of: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)

    @property
    def tags(self) -> set[int]:
        return {rule.tag for several in self.of.values() for rule in several}

    def values(self, target: str, header: Header) -> Iterator[str]:
        for rule in self.of.get(target, ()):
            if value := rule.value(header):
                yield value


@dataclass(frozen=True)
class Route:
    project: Project | None
    subject: str
    session: str
    archives: bool | None  # what the object says of archiving on its own; None if it says nothing


def rules(site: Site, expressions: Mapping[str, str] | None = None) -> Rules:
    """`expressions` are a receiver's, by target."""
    found = {}
    for target in (PROJECT, SUBJECT, SESSION):
        text = configs.enabled_contents(site, _TOOL, f"{target}Rules") or ""
        lines = [(expressions or {}).get(target, ""), *text.splitlines()]
        found[target] = tuple(rule for line in lines if (rule := _rule(line.strip())))
    return Rules(found)


def is_rule(line: str) -> bool:
    return _rule(line.strip()) is not None


def route(
    site: Site, caller: Caller, header: Header, known: Rules, asked: Mapping[str, str], project: Project | None
) -> Route:
    """What is asked for goes before what the header says; `project` is the one that is asked for."""
    found = project or _project(site, caller, _candidates(PROJECT, header, known))
    subject = asked.get(SUBJECT) or _first(_candidates(SUBJECT, header, known))
    session = asked.get(SESSION) or _first(_candidates(SESSION, header, known)) or _NO_LABEL
    said = next(_said("AA", header), "").lower()
    archives = True if said.startswith("t") else False if said.startswith("f") else None
    return Route(found, subject, session, archives)


def visible(site: Site, caller: Caller, name: str) -> Project | None:
    """The project of an ID or alias that this user can put something into."""
    found = projects.find_by_name(site, name) if name else None
    return found if found and rights.may_read(site, caller, found.id) and not caller.is_guest else None


def label(text: str) -> str:
    """What labels cannot have becomes an underscore."""
    return re.sub(r"[^\w-]", "_", text, flags=re.ASCII)


def _project(site: Site, caller: Caller, candidates: Iterable[str]) -> Project | None:
    return next((found for name in candidates if (found := visible(site, caller, name))), None)


def _candidates(target: str, header: Header, known: Rules) -> Iterator[str]:
    yield from known.values(target, header)
    yield from _said(target, header)
    for name in _WHOLE_VALUES[target]:
        yield header[name]


def _said(key: str, header: Header) -> Iterator[str]:
    """In comments, as in `Project:DEMO Subject:S01`."""
    pattern = re.compile(rf"(?:^|[\s,;]){key}\s*:\s*([\w-]*)(?=[\s,;]|$)", re.IGNORECASE | re.ASCII)
    for name in _COMMENTS:
        if found := pattern.search(header[name]):
            yield found[1]


def _first(candidates: Iterable[str]) -> str:
    return label(next((one for one in candidates if one), "").strip("^ "))


def _rule(line: str) -> Rule | None:
    found = _RULE.fullmatch(line)
    if not found:
        return None
    try:
        pattern = re.compile(found[3])
    except re.error:
        return None
    return Rule(int(found[1] + found[2], 16), pattern, int(found[4] or 1 if pattern.groups else 0))
