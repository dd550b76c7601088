"""Where the fault rules meet the requests, and where these are written down."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from bootstrap.practice import faults
from bootstrap.practice.faults import Fault, Faults
from bootstrap.practice.http import bodies, signin, surface
from bootstrap.practice.http.call import Answer
from bootstrap.practice.http.wire import Application, CutConnection, Environ

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

REMEMBERED_REQUESTS = 100_000


@dataclass(frozen=True)
class Seen:
    """A request that came in, and its answer's status; None if the connection was cut."""

    method: str
    path: str  # with the query, as on the request line
    status: int | None
    user_agent: str


class Saboteur:
    def __init__(self, application: Application, site: Site, rules: Faults, log: deque[Seen]) -> None:
        self._application = application
        self._site = site
        self._rules = rules
        self._log = log

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, uri = environ["REQUEST_METHOD"], environ.get(surface.RAW_URI, "/")
        acting = {rule.kind: rule for rule in self._rules.acting_on(method, uri.partition("?")[0])}
        try:
            response = self._answer(environ, method, acting)
        except CutConnection:
            self._note(environ, None)
            raise
        self._note(environ, response.status_code)
        return response(environ, start_response)

    def _answer(self, environ: Environ, method: str, acting: dict[str, Fault]) -> Response:
        if delay := acting.get(faults.LATENCY):
            threading.Event().wait(delay.seconds)
        if faults.CUT_BEFORE in acting:
            raise CutConnection
        if faults.UNAVAILABLE in acting:
            return _of(bodies.container_page(503))
        if faults.EXPIRE_SESSION in acting:
            self._end_session(environ)
        if faults.STALE_READ in acting:
            environ[surface.STALE] = True
        elif method in faults.WRITES and self._rules.of_kind(faults.STALE_READ):
            self._site.storage.remember()
        response = self._asked(environ)
        if faults.CUT_AFTER in acting or faults.FAIL_AFTER in acting:
            response.close()
            if faults.CUT_AFTER in acting:
                raise CutConnection
            return _of(bodies.container_page(500))
        return response

    def _asked(self, environ: Environ) -> Response:
        pieces, status, headers = run_wsgi_app(self._application, environ)
        has_type = "Content-Type" in headers
        response = Response(pieces, status, headers)
        if not has_type:
            del response.headers["Content-Type"]  # an empty body has none, as XNAT sends it
        return response

    def _end_session(self, environ: Environ) -> None:
        try:
            cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(signin.COOKIE)
        except CookieError:
            return
        if cookie:
            self._site.sessions.end(cookie.value)

    def _note(self, environ: Environ, status: int | None) -> None:
        self._site.has_answered()
        self._log.append(
            Seen(
                environ["REQUEST_METHOD"],
                environ.get(surface.RAW_URI, "/"),
                status,
                environ.get("HTTP_USER_AGENT", ""),
            )
        )


def _of(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status, content_type=answer.type)
