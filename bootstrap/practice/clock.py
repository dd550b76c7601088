"""One clock: the time of day as it is, and XNAT's own waits shortened by a factor."""

from __future__ import annotations

import threading
import time


class Clock:
    """`speed` 60 makes a minute of waiting a second; what the clock shows is not changed by it."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        return time.time()

    def millis(self) -> int:
        return int(self.now() * 1000)

    def shortened(self, seconds: float) -> float:
        return seconds / self.speed

    def wait(self, seconds: float, until: threading.Event) -> bool:
        """Wait for so many seconds of XNAT's, at most; True if the event came first."""
        return until.wait(self.shortened(seconds))


class HandClock(Clock):
    """A clock for tests: it can be put forward."""

    def __init__(self, speed: float = 100.0) -> None:
        super().__init__(speed)
        self._ahead = 0.0

    def now(self) -> float:
        return super().now() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


REAL = Clock()
FAST = Clock(speed=100.0)
