"""How long `xnat-bootstrap --help` takes to start (goal 0.25 s)."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import monotonic

RUNS = 10


def main() -> None:
    for arguments in (["--help"], ["--version"], ["apply", "--help"]):
        times = []
        for _ in range(RUNS):
            began = monotonic()
            subprocess.run([sys.executable, "-m", "bootstrap", *arguments], check=True, capture_output=True)
            times.append(monotonic() - began)
        print(f"{' '.join(arguments)}: median {median(times):.3f} s, best {min(times):.3f} s of {RUNS} runs")
