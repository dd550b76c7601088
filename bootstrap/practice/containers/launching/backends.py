"""What an engine does for the Container Service. A Problem where it does not answer or says no."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bootstrap.practice.containers.documents import Document

CREATED, RUNNING, ENDED = "created", "running", "ended"


@dataclass(frozen=True)
class Order:
    """A container to be made."""

    document: Document  # its record
    environment: Mapping[str, str]  # all of it, with what nobody is shown
    binds: tuple[tuple[str, str, bool], ...]  # place for the engine, path in the container, writable
    marks: Mapping[str, str]  # labels by which a restarted server finds what it began


@dataclass(frozen=True)
class State:
    stage: str  # CREATED, RUNNING, ENDED
    made: float | None = None
    started: float | None = None
    ended: float | None = None
    exit_code: str | None = None
    out_of_memory: bool = False
    how: str = ""  # of a service: the state of its task; a container just dies


class Backend(Protocol):
    is_swarm: bool

    def create(self, order: Order) -> str: ...
    def start(self, engine_id: str) -> None: ...

    def states(self, engine_ids: Collection[str], begun: Collection[str]) -> dict[str, State]:
        """Of those that the engine knows. Of those that have `begun` it is enough to say that they still run."""

    def logs(self, engine_id: str, stream: str, *, since: int = 0, stamps: bool = False) -> Iterator[bytes]:
        """stdout or stderr, piece by piece."""

    def kill(self, engine_id: str) -> None: ...
    def remove(self, engine_id: str) -> None: ...

    def forget(self, marks: Mapping[str, str]) -> None:
        """Remove what carries these marks."""
