"""Is the practice server of this container well? Exit 0 if it answers, or if the container runs another verb."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from bootstrap.practice.holder import find_running

FIRST_PROCESS = Path("/proc/1/cmdline")
SECONDS = 8


def state_of(words: Sequence[str]) -> Path | None:
    """The state folder of the practice server that was started so; None if it was another verb."""
    if "practice" not in words:
        return None
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--state"):
            return Path(word.partition("=")[2] or following)
    return Path(".practice")


def is_well(url: str) -> bool:
    """Whatever it answers but 404: that is what an XNAT says everywhere that did not start."""
    try:
        with urllib.request.urlopen(f"{url}/xapi/siteConfig/initialized", timeout=SECONDS):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return error.code in (401, 403)
    except OSError:
        return False


def main(first_process: Path = FIRST_PROCESS) -> int:
    state = state_of(first_process.read_bytes().decode().split("\0"))
    if state is None:
        return 0
    url = find_running(state)
    return 0 if url and is_well(url) else 1


if __name__ == "__main__":
    sys.exit(main())
