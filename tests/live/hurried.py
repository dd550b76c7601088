"""The program as a process of its own, with its pauses shortened: `python -m tests.live.hurried apply SITE`."""

from __future__ import annotations

import signal
import time


def main() -> None:
    real = time.sleep

    def brief(seconds: float) -> None:
        real(min(seconds, 0.02))

    time.sleep = brief  # type: ignore[assignment]
    # A terminal starts a program so; what was started in the background would not hear Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from bootstrap.cli import main as program
    from bootstrap.engine import tokens
    from tests.conftest import QUICK_COST

    tokens.COST = QUICK_COST

    program()


if __name__ == "__main__":
    main()
