"""What subscriptions do to each other: a loop by what their commands write, and two that do the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bootstrap.facts.jsonpath import FilterFault
from bootstrap.facts.payload_filter import passes
from bootstrap.kinds.subscription_action_checks import WrapperDocument
from bootstrap.kinds.subscription_meaning import Flaw, Meaning

# What an output handler makes, and the events that XNAT raises for it: new ones, and written over ones.
_RAISES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Resource": ("resource", ("CREATED", "UPDATED")),
    "Assessor": ("image_assessor", ("CREATED", "UPDATED")),
    "SubjectAssessor": ("subject_assessor", ("CREATED",)),
    "Session": ("session", ("CREATED",)),
    "Scan": ("scan", ("CREATED",)),
    "Subject": ("subject", ("CREATED",)),
}


@dataclass(frozen=True)
class Member:
    """One subscription among others."""

    name: str
    meaning: Meaning
    document: WrapperDocument | None = field(default=None, repr=False, compare=False)


@dataclass
class Crowd:
    """Subscriptions by their projects: of hundreds only those are compared that one event can start."""

    members: Sequence[Member]

    @cached_property
    def _by_project(self) -> Mapping[str, list[Member]]:
        found: dict[str, list[Member]] = {}
        for one in self.members:
            for project in one.meaning.projects or ("",):
                found.setdefault(project, []).append(one)
        return found

    def near(self, meaning: Meaning) -> list[Member]:
        if not meaning.projects:
            return list(self.members)
        found = [one for project in ("", *meaning.projects) for one in self._by_project.get(project, ())]
        return list({one.name: one for one in found}.values())


def _is_event_of(handler: Mapping[str, Any], meaning: Meaning) -> bool:
    short, statuses = _RAISES.get(handler.get("type") or "Resource", ("", ()))
    event = meaning.type
    if event is None or event.short != short or (meaning.status and meaning.status not in statuses):
        return False
    return _may_pass(meaning.filter, handler)


def _may_pass(text: str, handler: Mapping[str, Any]) -> bool:
    """A filter on the label tells an output from what is waited for; of other fields nothing is known here."""
    label = handler.get("label") or handler["name"]
    if not text or "#" in label or not _asks_only_for_labels(text):
        return True
    payload = {"type": handler.get("type") or "Resource", "id": label, "label": label}
    try:
        return passes(text, payload)
    except FilterFault:
        return False


def _asks_only_for_labels(text: str) -> bool:
    names = {part.split(" ")[0].split(")")[0].split("=")[0] for part in text.split("@.")[1:]}
    return names <= {"label", "id", "type"}


def loops(members: Sequence[Member]) -> Iterator[tuple[Member, Flaw]]:
    """Each round of subscriptions that start each other, told at its first member."""
    starts = _edges(members)
    found: set[frozenset[str]] = set()
    for start in members:
        path = _way_back(start, starts)
        names = frozenset(one.name for one in path)
        if path and names not in found:
            found.add(names)
            yield start, _loop(path)


def _edges(members: Sequence[Member]) -> Mapping[str, list[Member]]:
    """For each, those for which what its command writes is an event."""
    written = {short for short, _statuses in _RAISES.values()}
    waiting = Crowd([one for one in members if one.meaning.type and one.meaning.type.short in written])
    found: dict[str, list[Member]] = {}
    for one in members if waiting.members else ():
        handlers = one.document.wrapper["output-handlers"] if one.document else ()
        near = waiting.near(one.meaning) if handlers else ()
        found[one.name] = [other for other in near if any(_is_event_of(each, other.meaning) for each in handlers)]
    return found


def _way_back(start: Member, starts: Mapping[str, Sequence[Member]]) -> list[Member]:
    """The shortest one; nothing where there is none."""
    ways, seen = [[start]], {start.name}
    while ways:
        way = ways.pop(0)
        for one in starts.get(way[-1].name, ()):
            if one.name == start.name:
                return way
            if one.name not in seen:
                seen.add(one.name)
                ways.append([*way, one])
    return []


def _loop(path: Sequence[Member]) -> Flaw:
    inactive = [one.name for one in path if not one.meaning.active]
    if len(path) == 1:
        message = "what its command writes is the event that starts it, so it would start itself without end"
    else:
        told = " -> ".join(one.name for one in [*path, path[0]])
        message = f"what the commands write starts the next one, round and round: {told}"
    hint = "let a filter ask for another label than the output has: `@.label == 'DICOM'`"
    if inactive:
        return Flaw(
            "subscription-loop", f"{message} (not while {', '.join(inactive)} is inactive)", "event", hint, "warning"
        )
    return Flaw("subscription-loop", message, "event", hint)


def twice(one: Member, others: Crowd) -> Iterator[tuple[Flaw, Member]]:
    """Others that do the same on the same event."""
    for other in others.near(one.meaning) if one.meaning.active else ():
        if other.name != one.name and _same(one.meaning, other.meaning):
            where = "" if one.meaning.projects == other.meaning.projects else ", in some projects"
            message = f"`{other.name}` does the same on the same event{where}: both run"
            yield Flaw("fires-twice", message, "event", "keep one of them active", "warning"), other


def earlier_twins(members: Sequence[Member]) -> list[tuple[Member, list[tuple[Flaw, Member]]]]:
    """Each, and those before it that do the same on the same event: so each pair is met once."""
    crowd = Crowd(members)
    order = {member.name: place for place, member in enumerate(members)}
    return [
        (member, [(flaw, other) for flaw, other in twice(member, crowd) if order[other.name] < order[member.name]])
        for member in members
    ]


def told_once(members: Sequence[Member]) -> Iterator[tuple[str, Flaw]]:
    """Those of one event, action and project are told once, at the last of them, with the names of all the others."""
    told: set[str] = set()
    for member, found in reversed(earlier_twins(members)):
        if not found or member.name in told:
            continue
        if len(found) == 1:
            yield member.name, found[0][0]
            continue
        names = ", ".join(f"`{other.name}`" for _flaw, other in found)
        message = f"{names} do the same on the same event, at least in some projects: all {len(found) + 1} run"
        yield member.name, Flaw("fires-twice", message, "event", "keep one of them active", "warning")
        told |= _told_already(member, [other for _flaw, other in found])


def _told_already(one: Member, others: Sequence[Member]) -> set[str]:
    """Pairs among them are news only where they meet in projects that are not the first one's."""
    mine = set(one.meaning.projects)
    return {
        other.name for other in others if not mine or (other.meaning.projects and set(other.meaning.projects) <= mine)
    }


def _same(one: Meaning, other: Meaning) -> bool:
    statuses = {one.status, other.status}
    return (
        other.active
        and (one.event, one.action) == (other.event, other.action)
        and (one.filter == other.filter or not one.filter or not other.filter)
        and (len(statuses) == 1 or "" in statuses)
        and one.schedule == other.schedule
        and one.meets(other)
    )
