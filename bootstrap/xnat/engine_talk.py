"""What a Docker engine says while it works: passed on in short lines, and raised where it failed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bootstrap.errors import EngineRefused

_LAST_LINES = 12
_STEP = 5  # per cent
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # what a build writes to stderr comes in red


class Talk:
    """Of a build its lines; of a transfer how much of it is done, in steps."""

    def __init__(self, doing: str, tell: Callable[[str], None]) -> None:
        self._doing, self._tell = doing, tell
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._layers: dict[str, tuple[int, int]] = {}
        self._told = -1

    def listen(self, said: Iterable[Mapping[str, Any]]) -> None:
        for line in said:
            if "error" in line:
                raise EngineRefused(f"{self._doing}: {str(line['error']).strip()}{self._context()}")
            self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        for text in _COLOUR.sub("", str(line.get("stream", ""))).splitlines():
            if text.strip():
                self._last.append(text.rstrip())
                self._tell(f"{self._doing}: {text.strip()}")
        progress = line.get("progressDetail") or {}
        if line.get("id") and progress.get("total"):
            self._layers[str(line["id"])] = (int(progress.get("current", 0)), int(progress["total"]))
            self._tell_share()

    def _tell_share(self) -> None:
        done, total = (sum(part) for part in zip(*self._layers.values(), strict=True))
        share = 100 * done // total // _STEP * _STEP
        if share != self._told:
            self._told = share
            self._tell(f"{self._doing}: {share} % of {total / 1e6:.1f} MB")

    def _context(self) -> str:
        if not self._last:
            return ""
        return "".join(["\n  its last lines:", *(f"\n    {text}" for text in self._last)])
