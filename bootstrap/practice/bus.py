"""Who is told of what happened: a setting changed, a project made. Rooms speak to each other through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from bootstrap.practice.background import Background

Listener = Callable[[dict[str, Any]], None]
HANDLER_DELAY = 0.2  # seconds until XNAT's asynchronous handlers have acted


class Bus:
    def __init__(self, background: Background) -> None:
        self._background = background
        self._listeners: dict[str, list[tuple[float | None, Listener]]] = defaultdict(list)

    def on(self, topic: str, listener: Listener, *, after: float | None = HANDLER_DELAY) -> None:
        """Tell the listener of each such happening, `after` so many seconds; None: before `tell` returns."""
        self._listeners[topic].append((after, listener))

    def tell(self, topic: str, **facts: Any) -> None:
        for after, listener in self._listeners[topic]:
            if after is None:
                listener(facts)
            else:
                self._background.later(after, _call(listener, dict(facts)))


def _call(listener: Listener, facts: dict[str, Any]) -> Callable[[], None]:
    return lambda: listener(facts)
