"""What stands before the surface: nothing answers while the site starts; every URL is 404 when it could not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

from bootstrap.practice.http import bodies
from bootstrap.practice.http.wire import Application, CutConnection, Environ

_PATIENCE = 30.0  # seconds that a request may take when the site is to stop


class Gatekeeper:
    """Requests that come while it is shut wait, and are answered when it opens."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._application: Application | None = None
        self._ended = False
        self._inside = 0

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._changed:
            self._changed.wait_for(lambda: self._application or self._ended)
            application = self._application
            if self._ended or application is None:
                raise CutConnection
            self._inside += 1
        try:
            return application(environ, start_response)
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def open(self, application: Application) -> None:
        with self._changed:
            self._application = application
            self._changed.notify_all()

    def shut(self) -> None:
        """Let nobody in any more, and wait until those inside are done."""
        with self._changed:
            self._application = None
            self._changed.wait_for(lambda: self._inside == 0, _PATIENCE)

    def end(self) -> None:
        """Whoever waits now or comes later gets no answer any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def nothing_here(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What the container answers when the webapp could not be started."""
    page = bodies.container_page(404)
    return Response(page.body, status=404, content_type=page.type)(environ, start_response)
