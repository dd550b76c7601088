"""The program run as a process of its own, and a server that sends it a signal in the middle of a write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bootstrap.practice.faults import WRITES, Fault

ROOT = Path(__file__).parents[2]
SECONDS = 60
# Its coverage is counted where it runs in the process; here it would only take time.
APART = ("XNAT_", "SMTP_", "COVERAGE_")


@dataclass(frozen=True)
class Ended:
    code: int
    stdout: str
    stderr: str


class SignalAt(Fault):
    """Sends a signal to a process when its nth write comes in, and then does it, or cuts the connection instead."""

    def __init__(self, number: int, nth: int, written: bool = True) -> None:
        super().__init__("cut-before", times=None)
        self.signal, self.place, self.written = number, nth, written
        self.writes = 0
        self.process: subprocess.Popen[str] | None = None
        self.known = Event()  # the process

    def fires(self, method: str, path: str) -> bool:
        self.writes += method in WRITES
        if method not in WRITES or self.writes != self.place:
            return False
        assert self.known.wait(SECONDS)
        assert self.process
        os.kill(self.process.pid, self.signal)
        return not self.written


def start(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(APART)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.live.hurried", *arguments],
        cwd=ROOT,
        env={**quiet, **(environ or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> Ended:
    try:
        stdout, stderr = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ended(process.returncode, stdout, stderr)


def run_program(*arguments: str, environ: Mapping[str, str] | None = None) -> Ended:
    return ended(start(*arguments, environ=environ))


def run_signalled(rule: SignalAt, *arguments: str) -> Ended:
    rule.process = start(*arguments)
    rule.known.set()
    return ended(rule.process)
