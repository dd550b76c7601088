"""Keeps what was asked and what came, for tests and for telling what a run did."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from bootstrap.xnat.transport import Request, Response, Transport, TransportFailure


@dataclass(frozen=True)
class Exchange:
    request: Request
    outcome: Response | TransportFailure


class Recorder:
    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._lock = Lock()
        self.exchanges: list[Exchange] = []

    def send(self, request: Request) -> Response:
        try:
            response = self._inner.send(request)
        except TransportFailure as failure:
            self._keep(Exchange(request, failure))
            raise
        self._keep(Exchange(request, response))
        return response

    def close(self) -> None:
        self._inner.close()

    def _keep(self, exchange: Exchange) -> None:
        with self._lock:
            self.exchanges.append(exchange)
