"""Secrets from a file or from a command. What they are is seen by nobody, and neither is what the command says."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from bootstrap.config.files import CannotRead, decoded, read_bytes, shown
from bootstrap.values import Secret

COMMAND_SECONDS = 30.0


class NoSecret(Exception):
    """Why there is no secret, and what to do."""

    def __init__(self, rule: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


def from_file(path: Path, origin: str) -> Secret:
    """The file's text without its last newline."""
    try:
        text = decoded(read_bytes(path))
    except CannotRead as cannot:
        # Which byte is wrong would be a part of the secret.
        why = "is not UTF-8" if cannot.rule == "not-utf8" else cannot.why
        raise NoSecret(cannot.rule, f"the secret's file {shown(path)} {why}", cannot.hint) from None
    return _secret(text, origin, f"the secret's file {shown(path)} is empty")


def from_command(words: Sequence[str], folder: Path, origin: str, seconds: float = COMMAND_SECONDS) -> Secret:
    """What the command writes, without its last newline. It is run without a shell, in the folder of the file."""
    output = _run(words, folder, seconds)
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError:
        raise NoSecret("secret-command", f"what `{words[0]}` wrote is not UTF-8") from None
    return _secret(text, origin, f"`{words[0]}` wrote nothing", "secret-command")


def _secret(text: str, origin: str, when_empty: str, rule: str = "empty-file") -> Secret:
    stripped = text.removesuffix("\n").removesuffix("\r")
    if not stripped:
        raise NoSecret(rule, when_empty, "a secret has at least one character")
    return Secret(stripped, origin)


def _run(words: Sequence[str], folder: Path, seconds: float) -> bytes:
    name = words[0]
    try:
        process = subprocess.Popen(
            list(words), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except (OSError, ValueError) as refused:  # ValueError: a NUL in a word
        why = getattr(refused, "strerror", None) or "its words hold what no command can take"
        raise NoSecret("secret-command", f"the command `{name}` cannot be started: {why}") from None
    try:
        output, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise NoSecret("secret-command", f"the command `{name}` took more than {seconds:g} s and was ended") from None
    if process.returncode != 0:
        lines = len(said.splitlines())
        hint = f"it wrote {lines} lines to stderr, which are not shown here; run it by hand to see them"
        raise NoSecret("secret-command", f"the command `{name}` failed with exit code {process.returncode}", hint)
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its pipes are closed rather than read to their end: a grandchild may hold them for ever."""
    process.kill()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    process.wait()
