"""What a subscription means, whether a file or a server says it, and the words that files have for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bootstrap.facts import event_types
from bootstrap.facts.event_types import EventType
from bootstrap.values import Severity

_CORE = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
LOGGING_KEY = f"{_CORE}:{_CORE}"
CONTAINERS = "org.nrg.containers.services.CommandActionProvider"
COMMAND = "command:"
CRON = "CRON"
PLACEHOLDER = re.compile(r"#([^#]+)#")  # in an attribute: a field of the event


@dataclass(frozen=True)
class Flaw:
    """Something wrong with one subscription; `at` is the key that it stands under."""

    rule: str
    message: str
    at: str = ""
    hint: str = ""
    severity: Severity = "error"


@dataclass(frozen=True)
class Meaning:
    event: str  # its class
    status: str  # empty for any
    projects: tuple[str, ...]  # none for the whole site
    action: str  # `logging`, `command:COMMAND/WRAPPER`, or a key
    filter: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    act_as_event_user: bool = False
    active: bool = True

    @property
    def type(self) -> EventType | None:
        """None for an event that a plugin brings."""
        return event_types.find(self.event)

    @property
    def is_scheduled(self) -> bool:
        return self.type is not None and self.type.short == "scheduled"

    @property
    def wrapper(self) -> str:
        """COMMAND/WRAPPER; empty where the action is no wrapper."""
        return self.action.removeprefix(COMMAND) if self.action.startswith(COMMAND) else ""

    def meets(self, other: Meaning) -> bool:
        """Whether one event can start both, as far as their projects go."""
        return not self.projects or not other.projects or bool(set(self.projects) & set(other.projects))


def event_name(event_class: str) -> str:
    """`scan`, or the class where it has no short name."""
    known = event_types.find(event_class)
    return known.short if known else event_class


def event_class(name: str) -> str:
    known = event_types.by_short_name().get(name)
    return known.type if known else name


def meaning_of(fields: Mapping[str, Any]) -> Meaning:
    """Of fields in their normal form; what is not said is as XNAT makes it."""
    return Meaning(
        event_class(fields["event"]),
        fields["status"],
        tuple(fields["projects"]),
        fields["action"],
        fields.get("filter", ""),
        fields.get("attributes", {}),
        fields.get("schedule", ""),
        fields.get("act_as_event_user", False),
        fields.get("active", True),
    )
