"""Programs of this machine that a home needs: run without a shell, their whole answer taken, their failure told."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bootstrap.errors import HomeFailed, HomeUnreachable

SECONDS = 900


def run_command(
    words: Sequence[str], *, doing: str, stdin: Path | None = None, to: Path | None = None, seconds: float = SECONDS
) -> str:
    """What it wrote, or nothing where that goes into the file `to`."""
    try:
        with ExitStack() as files:
            done = subprocess.run(
                list(words),
                stdin=files.enter_context(stdin.open("rb")) if stdin else subprocess.DEVNULL,
                stdout=files.enter_context(to.open("wb")) if to else subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=seconds,
                check=False,
            )
    except FileNotFoundError as error:
        hint = "see that its path is right" if "/" in words[0] else "install it"
        raise HomeUnreachable(f"{doing}: there is no program `{words[0]}` here", hint=hint) from error
    except OSError as error:
        raise HomeFailed(f"{doing}: {error.strerror or error}") from error
    except subprocess.TimeoutExpired as error:
        raise HomeFailed(f"{doing}: `{words[0]}` did not end within {seconds:g} s") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-800:]
        raise HomeFailed(f"{doing}: `{words[0]}` ended with {done.returncode}: {said or 'without a word'}")
    return (done.stdout or b"").decode("utf-8", "replace")
