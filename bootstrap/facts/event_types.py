"""The event types of XNAT's event service, from event-types.tsv, where what only some versions have is in brackets."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EVENTS = "org.nrg.xnat.eventservice.events."


@dataclass(frozen=True)
class EventType:
    type: str  # the class
    display_name: str
    description: str
    statuses: tuple[str, ...]
    scopes: tuple[str, ...]
    is_xsi_type: bool
    model: str  # what its payload is called
    scalars: tuple[str, ...] = ()  # fields of its payload that are one value: what `#field#` can name
    lists: tuple[str, ...] = ()  # its other fields

    @property
    def short(self) -> str:
        """As site files call it: `scan`, `image_assessor`, `scheduled`."""
        return self.display_name.lower().removesuffix(" event").replace(" ", "_")

    @property
    def has_payload(self) -> bool:
        return self.is_xsi_type


@cache
def event_types() -> tuple[EventType, ...]:
    """Those of XNAT 1.9, in the order in which the server lists them."""
    found = [_event_type(row) for row in _rows() if row["installed"].startswith("yes")]
    return tuple(sorted(found, key=lambda one: (not one.is_xsi_type, one.display_name)))


@cache
def known_classes() -> frozenset[str]:
    """Classes that are event types, installed or not."""
    return frozenset(row["event_id"] for row in _rows() if row["event_id"].startswith(EVENTS))


@cache
def by_short_name() -> Mapping[str, EventType]:
    return {one.short: one for one in event_types()}


def find(event_class: str) -> EventType | None:
    return next((one for one in event_types() if one.type == event_class), None)


def _event_type(row: dict[str, str]) -> EventType:
    return EventType(
        row["event_id"],
        row["display_name"],
        _plain(row["description"]),
        tuple(_plain(row["statuses"]).split("|")),
        tuple(row["scopes"].split("|")),
        row["is_xsi_type"] == "true",
        row["payload_model"],
        _names(row["payload_scalar_fields"]),
        _names(row["payload_list_or_object_fields"]),
    )


def _names(cell: str) -> tuple[str, ...]:
    """`scans[],resources[] (type,id)` without brackets; what a bracket adds for some objects is counted in."""
    added = re.findall(r"\(plus ([^)\s]*)", cell)
    listed = ",".join([re.sub(r"\s*\([^)]*\)", "", cell), *added])
    return tuple(name.strip().rstrip("[]{}") for name in listed.split(",") if name.strip())


def _plain(cell: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", cell)


def _rows() -> list[dict[str, str]]:
    text = files("bootstrap.facts").joinpath("event-types.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
