"""A promise of the site file: what was seen of it, and how long it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal, TypeVar

from bootstrap.errors import BootstrapError

Verdict = Literal["held", "broken", "not proven"]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Promise:
    name: str
    verdict: Verdict
    seen: str
    seconds: float = 0.0
    log: str = ""  # the last lines of a container that failed


class Broken(Exception):
    """What was seen instead of what was promised."""

    def __init__(self, seen: str, log: str = "") -> None:
        super().__init__(seen)
        self.seen, self.log = seen, log


class NotProven(Exception):
    """Why nothing was seen of it, and that it is nobody's fault."""


def unseen(why: str, *, promised: bool) -> Broken | NotProven:
    """Nothing came of it: only for whom it was promised is that wrong."""
    return Broken(why) if promised else NotProven(why)


@dataclass
class Proof:
    """Collects what became of each promise; `tell` says what is waited for."""

    tell: Callable[[str], None]
    pause: Callable[[float], None]
    clock: Callable[[], float] = monotonic
    promises: list[Promise] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return all(one.verdict != "broken" for one in self.promises)

    def of(self, name: str, look: Callable[[], str]) -> bool:
        """What `look` says was seen. An error of the server breaks this promise, and not the others."""
        self.tell(name)
        began, log = self.clock(), ""
        verdict: Verdict = "held"
        try:
            seen = look()
        except Broken as broken:
            verdict, seen, log = "broken", broken.seen, broken.log
        except NotProven as why:
            verdict, seen = "not proven", str(why)
        except BootstrapError as error:
            verdict, seen = "broken", error.message
        self.promises.append(Promise(name, verdict, seen, self.clock() - began, log))
        return verdict == "held"

    def until(self, look: Callable[[], Found | None], limit: float, every: float, what: Callable[[], str]) -> Found:
        """What `look` gives as soon as it gives something. `what` says how far it had come when time was up."""
        began = self.clock()
        while (found := look()) is None:
            if self.clock() - began >= limit:
                raise Broken(f"not within {limit:g} s: {what()}" if limit else what())
            self.pause(every)
        return found
