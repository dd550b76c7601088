"""The event types of XNAT's event service, from event-types.tsv, where what only some versions have is in brackets."""

from __future__ import annotations

import csv
import re
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


@cache
def event_types() -> tuple[EventType, ...]:
    """Those of XNAT 1.9, in the order in which the server lists them."""
    found = [_event_type(row) for row in _rows() if row["installed"].startswith("yes")]
    return tuple(sorted(found, key=lambda one: (not one.is_xsi_type, one.display_name)))


@cache
def known_classes() -> frozenset[str]:
    """Classes that are event types, installed or not."""
    return frozenset(row["event_id"] for row in _rows() if row["event_id"].startswith(EVENTS))


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
    )


def _plain(cell: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", cell)


def _rows() -> list[dict[str, str]]:
    text = files("bootstrap.facts").joinpath("event-types.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
