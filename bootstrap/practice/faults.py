"""Faults on demand, each the same every time, and counted.

    KIND[=VALUE] [METHOD] [PATH] [nth=N] [times=N]

    latency=SECONDS     the answer comes later
    fail-after          500, although what was asked for was done
    cut-before          the connection is cut and nothing was done
    cut-after           the connection is cut, although what was asked for was done
    unavailable         503, as a proxy in front of a site that is down gives it
    expire-session      the caller's cookie session has ended
    stale-read          a GET is answered as it would have been before the last write
    slow-start=SECONDS  after each start the port is open and nothing answers
    first-401=SECONDS   from the first answer of a new site on, the right password is refused for so long

METHOD is one (GET), several (PUT,POST) or WRITE for all that write. PATH is a pattern with * for anything
(`/xapi/users/*`). `nth` is the first matching request that the rule acts on (1 if not given), `times` on how many
(1 if not given, `times=*` on all that follow). The last two kinds are about the start, and take no request.
"""

from __future__ import annotations

import fnmatch
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bootstrap.errors import UsageError

LATENCY, FAIL_AFTER, CUT_BEFORE, CUT_AFTER = "latency", "fail-after", "cut-before", "cut-after"
UNAVAILABLE, EXPIRE_SESSION, STALE_READ = "unavailable", "expire-session", "stale-read"
SLOW_START, FIRST_401 = "slow-start", "first-401"

_TIMED = (LATENCY, SLOW_START, FIRST_401)
_OF_THE_START = (SLOW_START, FIRST_401)
KINDS = (LATENCY, FAIL_AFTER, CUT_BEFORE, CUT_AFTER, UNAVAILABLE, EXPIRE_SESSION, STALE_READ, *_OF_THE_START)
WRITES = ("POST", "PUT", "DELETE", "PATCH")
METHODS = ("GET", "HEAD", "OPTIONS", *WRITES)


@dataclass
class Fault:
    kind: str
    seconds: float = 0.0
    methods: tuple[str, ...] = ()  # empty: any
    path: str = "*"
    nth: int = 1
    times: int | None = 1  # None: all
    seen: int = field(default=0, init=False)  # requests that matched
    fired: int = field(default=0, init=False)  # requests that it acted on

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"there is no fault {self.kind!r}", hint=f"one of {', '.join(KINDS)}")
        self._lock = threading.Lock()

    def matches(self, method: str, path: str) -> bool:
        if self.kind in _OF_THE_START or (self.kind == STALE_READ and method not in ("GET", "HEAD")):
            return False
        return (not self.methods or method in self.methods) and fnmatch.fnmatchcase(path, self.path)

    def fires(self, method: str, path: str) -> bool:
        """Count this request; True if the rule acts on it."""
        if not self.matches(method, path):
            return False
        with self._lock:
            self.seen += 1
            acts = self.seen >= self.nth and (self.times is None or self.seen < self.nth + self.times)
            self.fired += acts
            return acts

    @classmethod
    def parse(cls, rule: str) -> Fault:
        """A rule as on the command line."""
        words = rule.split()
        kind, _, value = (words or [""])[0].partition("=")
        fault = cls(kind, _seconds(rule, value) if kind in _TIMED else 0.0)
        if kind not in _TIMED and value:
            raise UsageError(f"reading the fault {rule!r}: {kind} takes no value")
        for word in words[1:]:
            fault._take(rule, word)
        return fault

    def _take(self, rule: str, word: str) -> None:
        name, _, value = word.partition("=")
        if word.startswith(("/", "*")):
            self.path = word
        elif name in ("nth", "times") and (_is_count(value) or (name, value) == ("times", "*")):
            setattr(self, name, int(value) if _is_count(value) else None)
        elif word == "WRITE" or all(method in METHODS for method in word.split(",")):
            self.methods = WRITES if word == "WRITE" else tuple(word.split(","))
        else:
            raise UsageError(
                f"reading the fault {rule!r}: {word!r} is no method, no path, and neither nth=N nor times=N",
                hint="for example: fail-after PUT /xapi/users/* nth=2 times=1",
            )


class Faults:
    """All rules of a server; they may be added to while it runs."""

    def __init__(self, rules: Iterable[Fault | str] = ()) -> None:
        self.rules: list[Fault] = []
        for rule in rules:
            self.add(rule)

    def add(self, rule: Fault | str) -> Fault:
        fault = Fault.parse(rule) if isinstance(rule, str) else rule
        self.rules.append(fault)
        return fault

    def acting_on(self, method: str, path: str) -> list[Fault]:
        return [rule for rule in self.rules if rule.fires(method, path)]

    def of_kind(self, kind: str) -> Sequence[Fault]:
        return [rule for rule in self.rules if rule.kind == kind]

    def seconds_of(self, kind: str) -> float:
        """How long a fault of the start lasts; asking counts as its firing."""
        rules = self.of_kind(kind)
        for rule in rules:
            rule.fired += 1
        return max((rule.seconds for rule in rules), default=0.0)


def _seconds(rule: str, value: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", value):
        raise UsageError(f"reading the fault {rule!r}: a number of seconds is missing, as in latency=0.5")
    return float(value)


def _is_count(value: str) -> bool:
    return value.isdecimal() and int(value) > 0
