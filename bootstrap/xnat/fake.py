"""A transport for tests: scripted answers, and a record of what was asked."""

from __future__ import annotations

import json as json_
from collections import defaultdict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from bootstrap.xnat.transport import Request, Response, TransportFailure

Answer = Response | TransportFailure


def reply(
    status: int = 200,
    *,
    json: Any = ...,
    text: str | None = None,
    body: bytes = b"",
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    cookies: Mapping[str, str] | None = None,
) -> Response:
    """An answer as XNAT gives it: `json`, `text` or `body`, the media type to match."""
    media = content_type
    if json is not ...:
        body, media = json_.dumps(json, ensure_ascii=False).encode(), media or "application/json"
    elif text is not None:
        body, media = text.encode(), media or "text/plain;charset=UTF-8"
    kind = {"Content-Type": media} if media else {}
    return Response(status, {**kind, **(headers or {})}, body, cookies or {})


class FakeTransport:
    """`on("GET", "/xapi/plugins", reply(json={}))`: several answers come one after the other, the last one again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._script: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        self.asked: list[Request] = []
        self.closed = False

    def on(self, method: str, path: str, *answers: Answer) -> FakeTransport:
        self._script[method, path].extend(answers)
        return self

    def send(self, request: Request) -> Response:
        with self._lock:
            self.asked.append(request)
            answers = self._script.get((request.method, request.path))
            if not answers:
                raise AssertionError(f"nobody scripted an answer to {request.line}")
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, TransportFailure):
            raise answer
        return answer

    def close(self) -> None:
        self.closed = True

    @property
    def lines(self) -> list[str]:
        """What was asked, as `GET /path?query`."""
        return [request.line for request in self.asked]
