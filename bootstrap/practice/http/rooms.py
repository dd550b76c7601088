"""How a room says what it answers: one decorator line a route, with who may call it.

    room = Room("data")

    @room.get("/xapi/anonymize/site", SIGNED_IN)
    def site_script(call: Call) -> Answer: ...

Paths below /xapi match as a whole, the most particular pattern first; paths below /data match from the front, the
longest first, and what follows is `call.tail`. /REST and /data/archive need no routes of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bootstrap.practice.http.access import ANYBODY, Access
from bootstrap.practice.http.call import Answer, Call

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

Handler = Callable[[Call], Answer]


Starter = Callable[["Site"], None]


class Body(Enum):
    """What an /xapi route reads before anybody's right is looked at, as Spring does. /data routes read themselves."""

    NONE = "nothing"
    OBJECT = "a JSON object"  # call.json is a dict
    ARRAY = "a JSON array"  # call.json is a list
    JSON = "any JSON"
    TEXT = "text"  # call.text


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    access: Access
    handler: Handler
    body: Body = Body.NONE
    produces: str = ""  # where the facts do not say it: what the caller must accept, else 406


@dataclass(eq=False)
class Room:
    """`plugin`: its routes are there only when that plugin is loaded. `tables`: scripts, each applied once."""

    name: str
    plugin: str = ""
    tables: tuple[str, ...] = ()
    routes: list[Route] = field(default_factory=list)
    seeds: list[Starter] = field(default_factory=list)
    starters: list[Starter] = field(default_factory=list)

    def is_loaded(self, site: Site) -> bool:
        return not self.plugin or self.plugin in site.plugins

    def seed(self, starter: Starter) -> Starter:
        """Run at each start before all `at_start` of all rooms: store what has never been stored."""
        self.seeds.append(starter)
        return starter

    def at_start(self, starter: Starter) -> Starter:
        """Run at each start, in no order to rely on; it may write, listen on the bus and put off jobs."""
        self.starters.append(starter)
        return starter

    def route(
        self, method: str, path: str, access: Access = ANYBODY, body: Body = Body.NONE, *, produces: str = ""
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.routes.append(Route(method, path, access, handler, body, produces))
            return handler

        return register

    def get(self, path: str, access: Access = ANYBODY, *, produces: str = "") -> Callable[[Handler], Handler]:
        return self.route("GET", path, access, produces=produces)

    def put(self, path: str, access: Access = ANYBODY, body: Body = Body.NONE) -> Callable[[Handler], Handler]:
        return self.route("PUT", path, access, body)

    def post(self, path: str, access: Access = ANYBODY, body: Body = Body.NONE) -> Callable[[Handler], Handler]:
        return self.route("POST", path, access, body)

    def delete(self, path: str, access: Access = ANYBODY, body: Body = Body.NONE) -> Callable[[Handler], Handler]:
        return self.route("DELETE", path, access, body)
