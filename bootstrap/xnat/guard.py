"""Planning cannot write: in read mode nothing passes that could change the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from bootstrap.xnat.transport import READS, Request, Response, Transport

# Not reads by their method, and yet they change nothing that anybody keeps.
HARMLESS = (
    ("DELETE", re.compile(r"/data/JSESSION")),  # signing out
    ("POST", re.compile(r"/xapi/events/subscription/filter/validate")),  # compiles a filter
    ("POST", re.compile(r"/xapi(/projects/[^/]+)?/events/delivered")),  # a search with its terms in the body
    ("POST", re.compile(r"/xapi/containers")),  # one as well: a page of what was launched
)


class WriteForbidden(AssertionError):
    """Something tried to write while a plan was made: a mistake in this program, never one of the site."""


def is_harmless(request: Request) -> bool:
    if request.method in READS:
        return True
    return any(request.method == method and path.fullmatch(request.path) for method, path in HARMLESS)


class ReadGuard:
    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.open = False

    @contextmanager
    def mode(self, open_: bool) -> Iterator[None]:
        before, self.open = self.open, open_
        try:
            yield
        finally:
            self.open = before

    def send(self, request: Request) -> Response:
        if not self.open and not is_harmless(request):
            raise WriteForbidden(f"a write in read mode: {request.method} {request.path}")
        return self._inner.send(request)

    def close(self) -> None:
        self._inner.close()
