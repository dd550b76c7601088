"""Counts what is really sent, repetitions included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock

from bootstrap.xnat.guard import is_harmless
from bootstrap.xnat.transport import Request, Response, Transport


@dataclass(frozen=True)
class Counts:
    requests: int = 0
    reads: int = 0
    writes: int = 0


class RequestCounter:
    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._lock = Lock()
        self.counts = Counts()

    def send(self, request: Request) -> Response:
        with self._lock:
            self.counts = _counted(self.counts, request)
        return self._inner.send(request)

    def close(self) -> None:
        self._inner.close()


def _counted(counts: Counts, request: Request) -> Counts:
    counts = replace(counts, requests=counts.requests + 1)
    if request.bookkeeping:
        return counts
    if is_harmless(request):
        return replace(counts, reads=counts.reads + 1)
    return replace(counts, writes=counts.writes + 1)
