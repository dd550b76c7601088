"""Who points at wrappers by their ids: told in plans before a wrapper goes away.

Orchestrations do, and the subscriptions of the event service. A kind of things that point at wrappers adds a function
of its own to `POINTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from bootstrap.kinds.container_reading import orchestrations
from bootstrap.xnat.connection import Connection

Pointers = Callable[[Connection, Collection[int]], Iterator[str]]


def orchestrations_with(xnat: Connection, wrappers: Collection[int]) -> Iterator[str]:
    for row in orchestrations(xnat):
        if set(wrappers) & set(row["wrapperIds"]):
            yield f"the orchestration `{row['name']}`"


POINTERS: list[Pointers] = [orchestrations_with]


def who_points_at(xnat: Connection, wrappers: Collection[int]) -> list[str]:
    return [text for pointers in POINTERS for text in pointers(xnat, wrappers)] if wrappers else []
