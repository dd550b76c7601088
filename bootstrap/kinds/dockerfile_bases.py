"""What a Dockerfile stands on and does not make itself: images of `FROM` and `COPY --from`, arguments filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SCRATCH = "scratch"
_CONTINUED = re.compile(r"\\[ \t]*\n")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))")
_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$", re.I)
_ARG = re.compile(r"ARG\s+(.+)$", re.I)
_COPY_FROM = re.compile(r"(?:COPY|ADD)\s.*?--from=(\S+)", re.I)


@dataclass(frozen=True)
class Base:
    name: str
    argument: str | None = None  # the build argument that says which it is


def outside_bases(dockerfile: str, args: Mapping[str, str]) -> list[Base]:
    """Each once. One whose arguments have no value is left to the build, which fails over it."""
    return list(dict.fromkeys(_bases(dockerfile, args)))


def _bases(dockerfile: str, args: Mapping[str, str]) -> Iterator[Base]:
    known, stages = dict[str, str](), list[str]()
    for line in _instructions(dockerfile):
        if (arg := _ARG.match(line)) and not stages:
            known |= _declared(arg[1], args)
        elif stage := _FROM.match(line):
            yield from _outside(stage[1], known, stages)
            stages.append((stage[2] or "").lower())
        elif (copied := _COPY_FROM.match(line)) and not copied[1].isdecimal():
            yield from _outside(copied[1], {}, stages)


def _instructions(dockerfile: str) -> Iterator[str]:
    kept = "".join(line for line in dockerfile.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    for line in _CONTINUED.sub(" ", kept).splitlines():
        yield line.strip()


def _declared(text: str, args: Mapping[str, str]) -> dict[str, str]:
    """An argument without any value counts as not known."""
    found = {}
    for word in text.split():
        name, equals, default = word.partition("=")
        if name in args:
            found[name] = args[name]
        elif equals:
            found[name] = default.strip("\"'")
    return found


def _outside(written: str, known: Mapping[str, str], stages: Sequence[str]) -> Iterator[Base]:
    name = _VARIABLE.sub(lambda found: _value(found, known), written)
    if name and "$" not in name and name.lower() not in (_SCRATCH, *stages):
        argument = next((found[1] or found[4] for found in _VARIABLE.finditer(written)), None)
        yield Base(name, argument)


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    """As Docker fills it in: `$A`, `${A}`, `${A:-if there is none}`, `${A:+if there is one}`."""
    value, otherwise = known.get(found[1] or found[4], ""), found[3] or ""
    if found[2] == "+":
        return otherwise if value else ""
    return value or (otherwise if found[2] == "-" else "")
