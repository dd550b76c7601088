"""Which process wrote something, so that a later one can tell whether it is still there.

A process is known by its machine's start, its process namespace, its number and its own start. Only Linux tells these;
elsewhere, and on another machine, nothing is known, and what is not known to be dead counts as alive.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_PROC = Path("/proc")


def this_process() -> str:
    """Empty where it cannot be told."""
    place, start = _place(), _start(os.getpid())
    return f"{place}/{os.getpid()}/{start}" if place and start else ""


def surely_dead(process: str) -> bool:
    """Whether a process of this machine that once was is not there any more."""
    place, _, rest = process.partition("/")
    number, _, start = rest.partition("/")
    if not start or place != _place() or not number.isdecimal():
        return False
    return _start(int(number)) != start


def _place() -> str:
    """This start of this machine, and the namespace in which process numbers count."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    return hashlib.sha256(f"{boot} {namespace}".encode()).hexdigest()[:16]


def _start(number: int) -> str:
    """When a process began, in ticks since the machine's start; empty if there is none of this number."""
    try:
        stat = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()  # the name before it may hold anything
    return "" if state in "ZX" else fields[18]
