"""What goes over the wire, for `-v` and `-vv`, with the secrets taken out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from bootstrap.values import MASK
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import Request, Response, Transport, TransportFailure

LOGGER = logging.getLogger("bootstrap.xnat")  # INFO: one line a request (-v); DEBUG: headers and bodies too (-vv)
LONGEST_BODY = 4000
_HIDDEN_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "www-authenticate"})
_TEXTS = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded", "application/yaml")


class RedactedLog:
    def __init__(
        self,
        inner: Transport,
        redactor: Redactor,
        log: logging.Logger = LOGGER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._redactor = redactor
        self._log = log
        self._clock = clock

    def send(self, request: Request) -> Response:
        started = self._clock()
        try:
            response = self._inner.send(request)
        except TransportFailure as failure:
            self._say(logging.INFO, f"{request.line} -> {failure} ({self._since(started)})")
            self._tell_parts("sent", request.headers, request.body)
            raise
        sizes = f"sent {len(request.body or b'')} B, got {len(response.body)} B"
        self._say(logging.INFO, f"{request.line} -> {response.status} ({self._since(started)}, {sizes})")
        self._tell_parts("sent", request.headers, request.body)
        self._tell_parts("got", response.headers, response.body)
        return response

    def close(self) -> None:
        self._inner.close()

    def _since(self, started: float) -> str:
        return f"{(self._clock() - started) * 1000:.0f} ms"

    def _tell_parts(self, way: str, headers: Mapping[str, str], body: bytes | None) -> None:
        if not self._log.isEnabledFor(logging.DEBUG):
            return
        for name, value in headers.items():
            self._say(logging.DEBUG, f"  {way} {name}: {MASK if name.lower() in _HIDDEN_HEADERS else value}")
        if body:
            self._say(logging.DEBUG, f"  {way} body: {self._body(headers, body)}")

    def _body(self, headers: Mapping[str, str], body: bytes) -> str:
        media = next((value for name, value in headers.items() if name.lower() == "content-type"), "text/plain")
        if not media.lower().startswith(_TEXTS):
            return f"{len(body)} B of {media}"
        # Redacted before it is cut: half a secret is one too.
        text = self._redactor.clean(body.decode("utf-8", "replace"))
        return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}... ({len(text)} characters)"

    def _say(self, level: int, text: str) -> None:
        if self._log.isEnabledFor(level):
            self._log.log(level, "%s", self._redactor.clean(text))
