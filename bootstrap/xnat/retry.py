"""Asks again, but only where asking twice cannot do anything twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bootstrap.xnat.transport import READS, NoAnswer, NotSent, Request, Response, TlsFailure, Transport

ATTEMPTS = 4
ATTEMPTS_TIMED_OUT = 2  # each of them costs a whole time-out
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
BUSY = frozenset({429, 502, 503, 504})


class Retry:
    """A read is repeated when the connection fails or the server is busy; a write only when it never left."""

    def __init__(
        self,
        inner: Transport,
        *,
        pause: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._inner = inner
        self._pause = pause
        self._chance = chance
        self._now = now

    def send(self, request: Request) -> Response:
        attempt = 1
        while True:
            last = attempt == ATTEMPTS or not request.patient
            try:
                response = self._inner.send(request)
            except (NotSent, NoAnswer) as failure:
                if last or not _may_repeat(request, failure, attempt):
                    raise
                self._pause(self._backoff(attempt))
            else:
                if last or response.status not in BUSY or request.method not in READS:
                    return response
                self._pause(self._asked_for(response) or self._backoff(attempt))
            attempt += 1

    def close(self) -> None:
        self._inner.close()

    def _backoff(self, attempt: int) -> float:
        whole = FIRST_PAUSE * 2.0 ** (attempt - 1)
        return whole / 2 + whole / 2 * self._chance()  # so that several clients do not come back together

    def _asked_for(self, response: Response) -> float | None:
        """`Retry-After`, in seconds or as a date, never longer than we care to wait."""
        text = response.headers.get("Retry-After", "").strip()
        seconds = float(text) if text.isascii() and text.isdigit() else self._until(text)
        return None if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE)

    def _until(self, date: str) -> float | None:
        try:
            moment = parsedate_to_datetime(date)
        except ValueError:
            return None
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - self._now()).total_seconds()


def _may_repeat(request: Request, failure: NotSent | NoAnswer, attempt: int) -> bool:
    if isinstance(failure, TlsFailure):
        return False  # a certificate does not get better by asking again
    if isinstance(failure, NotSent):
        return True
    return request.method in READS and not (failure.timed_out and attempt >= ATTEMPTS_TIMED_OUT)
