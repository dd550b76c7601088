"""Being told to end: what runs is brought to its end, and then there is a summary of what was done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """The event is set when a signal asks the program to end. A second one ends it at once, as it always does."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # only this one may listen
        yield asked
        return

    def heard(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    numbers = [getattr(signal, name) for name in _ENDINGS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    listened = {number: handler for number, handler in before.items() if callable(handler)}
    try:
        for number in listened:
            signal.signal(number, heard)
        yield asked
    finally:
        for number, handler in listened.items():
            signal.signal(number, handler)
