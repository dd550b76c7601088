"""A command line cut into arguments, as the Container Service does where no shell reads it."""

from __future__ import annotations


def split(line: str) -> list[str]:
    """Single quotes keep all, double quotes and a backslash group; nothing is replaced. Empty arguments vanish."""
    found: list[str] = []
    current, quote, escaped = "", "", False
    for letter in line:
        if escaped:
            current, escaped = current + letter, False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote, current = ("", current) if letter == quote else (quote, current + letter)
        elif letter in "'\"":
            quote = letter
        elif letter.isspace():
            found.append(current)
            current = ""
        else:
            current += letter
    return [one for one in (*found, current) if one]


def arguments(line: str, *, by_shell: bool) -> list[str]:
    return ["/bin/sh", "-c", line] if by_shell else split(line)
