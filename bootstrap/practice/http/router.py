"""From method and path to a route, or to the answer that there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ANYBODY
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.listed import Listed, data_routes, xapi_routes
from bootstrap.practice.http.media import accepts, consumes
from bootstrap.practice.http.patterns import FrontPattern, WholePattern, front_pattern, split_path, whole_pattern
from bootstrap.practice.http.rooms import Room, Route

_ARCHIVE = "/data/archive/"
_HEAD = len("/data/p")  # patterns are kept apart by their first letters
_NEVER_ARCHIVED = {"config", "user"}  # single routes of theirs are, which nobody uses


@dataclass(frozen=True)
class Found:
    route: Route
    facts: Listed
    parts: Mapping[str, str] = field(default_factory=dict)
    tail: str = ""


@dataclass
class _Place:
    """One pattern, and what is done there by method."""

    pattern: WholePattern
    methods: dict[str, tuple[Route, Listed]] = field(default_factory=dict)


class Router:
    def __init__(self, rooms: Iterable[Room]) -> None:
        """`rooms` are those that are loaded; of plugins that are not, there are no routes at all."""
        loaded = list(rooms)
        plugins = {room.plugin for room in loaded}
        self._xapi: dict[tuple[int, str], list[_Place]] = defaultdict(list)
        self._xapi_open: list[_Place] = []
        self._data: dict[str, list[tuple[FrontPattern, dict[str, Route]]]] = defaultdict(list)
        self._add_xapi([route for room in loaded for route in room.routes if route.path.startswith("/xapi")], plugins)
        self._add_data([route for room in loaded for route in room.routes if route.path.startswith("/data")])
        self._archived = {path.path.split("/")[2] for path in data_routes() if path.archive} - _NEVER_ARCHIVED

    def find(self, call: Call) -> Found:
        path = call.raw_path
        if path.startswith("/admin/"):
            path = "/xapi/" + path.removeprefix("/admin/")
        if path.startswith("/xapi"):
            return self._find_xapi(call, path)
        if path.startswith("/REST"):
            path = "/data" + path.removeprefix("/REST")
        return self._find_data(call.method, path)

    def _find_xapi(self, call: Call, path: str) -> Found:
        segments = split_path(path)
        places = self._xapi.get((len(segments), segments[1].removesuffix(".json") if len(segments) > 1 else ""), [])
        matches = [
            (place, parts)
            for place in [*places, *self._xapi_open]
            if (parts := place.pattern.match(segments)) is not None
        ]
        if not matches:
            raise Refusal(bodies.container_page(404))
        candidates = [
            Found(*entry, parts)
            for place, parts in matches
            for entry in (place.methods.get(call.method), place.methods.get("*"))
            if entry
        ]
        if not candidates:
            raise Refusal(bodies.container_page(405, f"Request method '{call.method}' not supported"))
        candidates = _narrowed(candidates, [consumes(call, found.facts.consumes) for found in candidates], 415)
        return _narrowed(candidates, [accepts(call, found.facts.produces) for found in candidates], 406)[0]

    def _find_data(self, method: str, path: str) -> Found:
        if path.startswith(_ARCHIVE) and path.removeprefix(_ARCHIVE).split("/")[0] in self._archived:
            path = "/data/" + path.removeprefix(_ARCHIVE)
        best: tuple[int, dict[str, Route], Mapping[str, str], str] | None = None
        for pattern, methods in self._data.get(path[:_HEAD], ()):
            if found := pattern.match(path):
                parts, tail = found
                if best is None or len(tail) < best[0]:
                    best = len(tail), methods, parts, tail
        if best is None:
            raise Refusal(bodies.status_page(404))
        _, methods, parts, tail = best
        if method not in methods:
            raise Refusal(bodies.status_page(405))
        return Found(methods[method], Listed(path, method), parts, tail.removesuffix("/"))

    def _add_xapi(self, routes: list[Route], plugins: set[str]) -> None:
        facts = {(listed.path, listed.method): listed for listed in xapi_routes()}
        places: dict[str, _Place] = {}
        for listed in xapi_routes():
            if not listed.plugin or listed.plugin in plugins:
                place = places.setdefault(listed.path, _Place(whole_pattern(listed.path)))
                place.methods[listed.method] = (_not_built(listed.method, listed.path), listed)
        for route in routes:
            place = places.setdefault(route.path, _Place(whole_pattern(route.path)))
            given = Listed(route.path, route.method, produces=(route.produces,) if route.produces else ())
            place.methods[route.method] = (route, facts.get((route.path, route.method), given))
        for place in sorted(places.values(), key=lambda place: place.pattern.particular):
            self._file(place)

    def _file(self, place: _Place) -> None:
        segments = place.pattern.segments
        if place.pattern.open_ended or len(segments) < 2 or "{" in segments[1]:
            self._xapi_open.append(place)
        else:
            self._xapi[len(segments), segments[1]].append(place)

    def _add_data(self, routes: list[Route]) -> None:
        places: dict[str, dict[str, Route]] = {}
        for listed in data_routes():
            places[listed.path] = {method: _not_built(method, listed.path) for method in listed.methods}
        for route in routes:
            places.setdefault(route.path, {})[route.method] = route
        for path, methods in places.items():
            self._data[path[:_HEAD]].append((front_pattern(path), methods))


@lru_cache(maxsize=8)
def router_of(*rooms: Room) -> Router:
    """The same for the same rooms: sites are started again and again, and their routes do not change."""
    return Router(rooms)


def _narrowed(candidates: list[Found], keeps: list[bool], status: int) -> list[Found]:
    kept = [found for found, keep in zip(candidates, keeps, strict=True) if keep]
    if not kept:
        raise Refusal(bodies.container_page(status))
    return kept


def _not_built(method: str, path: str) -> Route:
    def answer(_call: Call) -> Answer:
        return bodies.not_built(f"{method} {path}")

    return Route(method, path, ANYBODY, answer)
