"""Path patterns: `/xapi/users/{username}`, `{id:\\d+}`, `/**` at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from bootstrap.practice.http.call import decode_segment

_VARIABLE = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})+))?\}")


class WholePattern:
    """Matches all of a path, as Spring does it; an ending slash and an ending `.json` of a fixed name do not matter."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.segments = _split(path)
        self.open_ended = self.segments[-1:] == ["**"]
        self.variables = len(_VARIABLE.findall(path)) + 2 * self.open_ended
        self._matchers = [_segment_matcher(segment) for segment in self.segments if segment != "**"]

    @property
    def particular(self) -> tuple[int, int]:
        """The smaller, the more particular."""
        return self.variables, -len(self.path)

    def match(self, segments: Sequence[str]) -> Mapping[str, str] | None:
        if len(segments) < len(self._matchers) or (len(segments) > len(self._matchers) and not self.open_ended):
            return None
        parts: dict[str, str] = {}
        for matcher, segment in zip(self._matchers, segments, strict=False):
            if isinstance(matcher, str):
                if matcher not in (segment, segment.removesuffix(".json")):
                    return None
            elif found := matcher.fullmatch(decode_segment(segment)):
                parts |= found.groupdict()
            else:
                return None
        return parts


class FrontPattern:
    """Matches the front of a path, as Restlet does it; `match` says how much of it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._pieces = re.split(r"\{(\w+)\}", path)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        """Made when it is first needed: most of the hundreds never are."""
        names = iter(self._pieces[1::2])
        return re.compile(
            "".join(
                re.escape(piece) + (f"(?P<{name}>[^/]+)" if (name := next(names, "")) else "")
                for piece in self._pieces[::2]
            )
        )

    def match(self, path: str) -> tuple[Mapping[str, str], str] | None:
        found = self._regex.match(path) if path.startswith(self._pieces[0]) else None
        if not found:
            return None
        return {name: decode_segment(value) for name, value in found.groupdict().items()}, path[found.end() :]


@cache
def whole_pattern(path: str) -> WholePattern:
    """The same one for every router: there are hundreds, and they never change."""
    return WholePattern(path)


@cache
def front_pattern(path: str) -> FrontPattern:
    return FrontPattern(path)


def split_path(path: str) -> list[str]:
    """The segments of a raw path; an ending slash makes none."""
    return _split(path.removesuffix("/"))


def _split(path: str) -> list[str]:
    """At the slashes outside of braces."""
    return re.findall(r"/((?:\{(?:[^{}]|\{[^{}]*\})*\}|[^/])*)", path)


@cache
def _segment_matcher(segment: str) -> str | re.Pattern[str]:
    if "{" not in segment:
        return segment
    regex, at = "", 0
    for found in _VARIABLE.finditer(segment):
        regex += re.escape(segment[at : found.start()]) + f"(?P<{found[1]}>{found[2] or '[^/]+'})"
        at = found.end()
    return re.compile(regex + re.escape(segment[at:]), re.DOTALL)
