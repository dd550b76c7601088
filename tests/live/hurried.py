"""The program as a process of its own, with its pauses shortened: `python -m tests.live.hurried apply SITE`."""

from __future__ import annotations

import time


def main() -> None:
    real = time.sleep

    def brief(seconds: float) -> None:
        real(min(seconds, 0.02))

    time.sleep = brief  # type: ignore[assignment]
    from bootstrap.cli import main as program

    program()


if __name__ == "__main__":
    main()
