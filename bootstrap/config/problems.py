"""Collects what is wrong, so that all of it is told at once and in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from bootstrap.config.nodes import Place, source
from bootstrap.values import Problem, errors_among

SHOWN = 60  # characters of an offending value


class Problems:
    def __init__(self) -> None:
        self._found: list[Problem] = []

    def error(self, rule: str, message: str, place: Place, hint: str = "") -> None:
        self._add(Problem("error", rule, message, hint, source(place)))

    def warning(self, rule: str, message: str, place: Place, hint: str = "") -> None:
        self._add(Problem("warning", rule, message, hint, source(place)))

    def take(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._add(problem)

    def _add(self, problem: Problem) -> None:
        problem = replace(problem, message=printable(problem.message), hint=printable(problem.hint))
        # A shared anchor or a file that is included twice would tell the same thing twice.
        if problem not in self._found:
            self._found.append(problem)

    @property
    def fatal(self) -> bool:
        return bool(errors_among(self._found))

    def in_order(self, files: Sequence[str]) -> list[Problem]:
        """Sorted by file, in the order in which the files were read, then by line and column."""
        rank = {file: number for number, file in enumerate(files)}

        def key(problem: Problem) -> tuple[int, int, int]:
            if problem.source is None:
                return (-1, 0, 0)
            return (rank.get(problem.source.file, len(rank)), problem.source.line, problem.source.column)

        return sorted(self._found, key=key)


def suggest(word: str, known: Iterable[str]) -> str:
    """`did you mean ...?`, or the known words where none comes near."""
    words = sorted(set(known))
    by_lower = {name.lower(): name for name in words}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{by_lower[close[0]]}`?"
    return f"known here: {listed(words)}" if words else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    names = [f"`{word}`" for word in words]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def printable(text: str) -> str:
    """Without what could play tricks on a terminal or break a report's XML."""
    return "".join(_escaped(character) for character in text) if not text.isprintable() else text


def _escaped(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def shortened(text: str) -> str:
    line = text.strip().split("\n", 1)[0]
    cut = line[:SHOWN]
    return cut if cut == text.strip() else f"{cut}…"
