"""Who points at wrappers by their ids: told in plans before a wrapper goes away.

Orchestrations do, and the subscriptions of the event service. A kind of things that point at wrappers adds a function
of its own to `POINTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from bootstrap.kinds.container_reading import orchestrations
from bootstrap.kinds.subscription_reading import subscriptions_on
from bootstrap.xnat.connection import Connection

_TOLD = 5
Pointers = Callable[[Connection, Collection[int]], Iterator[str]]


def orchestrations_with(xnat: Connection, wrappers: Collection[int]) -> Iterator[str]:
    for row in orchestrations(xnat):
        if set(wrappers) & set(row["wrapperIds"]):
            yield f"the orchestration `{row['name']}`"


def subscriptions_with(xnat: Connection, wrappers: Collection[int]) -> Iterator[str]:
    found = subscriptions_on(xnat, wrappers)
    for row in found[:_TOLD]:
        yield f"the subscription `{row.get('name')}`"
    if len(found) > _TOLD:
        yield f"each of {len(found) - _TOLD} more subscriptions"


POINTERS: list[Pointers] = [orchestrations_with, subscriptions_with]


def who_points_at(xnat: Connection, wrappers: Collection[int]) -> list[str]:
    return [text for pointers in POINTERS for text in pointers(xnat, wrappers)] if wrappers else []
