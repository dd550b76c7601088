"""Reading until what was written shows: XNAT applies some settings a moment after it has answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0


def settled(
    read: Callable[[], Found], enough: Callable[[Found], bool], seconds: float, pause: Callable[[float], None]
) -> Found:
    """The first reading that is enough, or the last one when the time is used up."""
    waited, step = 0.0, _FIRST_PAUSE
    found = read()
    while not enough(found) and waited < seconds:
        pause(step)
        waited, step = waited + step, min(step * 2, _LONGEST_PAUSE)
        found = read()
    return found
