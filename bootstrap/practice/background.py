"""What XNAT does after it has answered: handlers of changed settings, and jobs that come round."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from bootstrap.practice.clock import Clock

Job = Callable[[], None]
_WORKERS = 12  # launches wait for the engine, and nothing else should wait for them
_log = logging.getLogger(__name__)


@dataclass(order=True)
class _Due:
    at: float
    number: int
    job: Job = field(compare=False)
    again_after: float | None = field(compare=False, default=None)


class Background:
    """Jobs that run once after a wait, or again and again. A job that fails is logged, as XNAT does, and no more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: list[_Due] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._unfinished = 0  # jobs that run once and have not ended
        self._closing = False
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="practice-job")
        self._thread = threading.Thread(target=self._watch, name="practice-clock", daemon=True)
        self._thread.start()

    def later(self, seconds: float, job: Job) -> None:
        with self._changed:
            self._unfinished += 1
            self._push(seconds, job, None)

    def every(self, seconds: float, job: Job) -> None:
        with self._changed:
            self._push(seconds, job, seconds)

    @property
    def is_closing(self) -> bool:
        """What can be taken up at the next start had better not be begun any more."""
        return self._closing

    def settle(self, at_most: float = 10.0) -> bool:
        """Wait until no job that runs once is left; False if it takes too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unfinished == 0, at_most)

    def close(self) -> None:
        """Do at once what was put off, drop what comes round, end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._workers.shutdown(wait=True)

    def _push(self, seconds: float, job: Job, again_after: float | None) -> None:
        at = self._clock.now() + self._clock.shortened(seconds)
        heapq.heappush(self._queue, _Due(at, next(self._numbers), job, again_after))
        self._changed.notify_all()

    def _watch(self) -> None:
        with self._changed:
            while self._queue or not self._closing:
                if not self._queue:
                    self._changed.wait()
                elif not self._closing and (left := self._queue[0].at - self._clock.now()) > 0:
                    self._changed.wait(left)
                else:
                    self._begin(heapq.heappop(self._queue))

    def _begin(self, due: _Due) -> None:
        comes_again = due.again_after is not None
        if comes_again and self._closing:
            return
        try:
            self._workers.submit(due.job).add_done_callback(_log_failure if comes_again else self._ended)
        except RuntimeError as error:  # no thread is left: another one may still take it, and this one must go on
            _log.warning("a job in the background waits for a thread: %s", error)
            self._unfinished -= not comes_again
        if due.again_after is not None:
            self._push(due.again_after, due.job, due.again_after)

    def _ended(self, future: Future[None]) -> None:
        _log_failure(future)
        with self._changed:
            self._unfinished -= 1
            self._changed.notify_all()


def _log_failure(future: Future[None]) -> None:
    if error := future.exception():
        _log.warning("a job in the background failed: %s: %s", type(error).__name__, error)
