"""The one seam: a request goes in, a response comes out. Guard, counter, retry, log and recorder are wrappers of it.

A transport that gets no answer raises one of three failures, told apart by the one thing that decides what may be
done next: whether the request can have reached the server. The client turns them into errors for people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from requests.structures import CaseInsensitiveDict

Params = Mapping[str, str | Sequence[str]]
READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: Params = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    timeout: float | None = None
    creates: bool = False  # makes something new each time it is sent
    bookkeeping: bool = False  # sign-in, sign-out, ledger, lock: counted as a request only
    patient: bool = True  # worth asking again when the server cannot answer just now

    def __post_init__(self) -> None:
        if not self.path.startswith("/") or self.path.startswith("//"):
            raise ValueError(f"a path begins with one slash: {self.path!r}")

    @property
    def line(self) -> str:
        query = f"?{urlencode(self.params, doseq=True)}" if self.params else ""
        return f"{self.method} {self.path}{query}"


@dataclass(frozen=True)
class Response:
    status: int
    headers: MutableMapping[str, str] = field(default_factory=CaseInsensitiveDict, repr=False)
    body: bytes = field(default=b"", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)  # set by this answer; "" takes one away

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", CaseInsensitiveDict(self.headers))

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        charset = self.headers.get("Content-Type", "").lower().partition("charset=")[2].split(";")[0].strip(' "')
        try:
            return self.body.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError):
            return self.body.decode("iso-8859-1")

    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8-sig"))


class Transport(Protocol):
    def send(self, request: Request) -> Response: ...

    def close(self) -> None: ...


class TransportFailure(Exception):
    """No answer came. The text is short and safe to show."""


class NotSent(TransportFailure):
    """Provably never left: refused, no such host, no connection in time."""


class ProxyFailure(NotSent):
    """The proxy on the way did not let it pass, or is not there."""


class PlainHttp(NotSent):
    """TLS was asked of a server that speaks plain http."""


class TlsFailure(NotSent):
    """The two sides could not agree on a safe connection."""


class NoAnswer(TransportFailure):
    """It may have reached the server, and no whole answer came back."""

    def __init__(self, text: str, timed_out: bool = False) -> None:
        super().__init__(text)
        self.timed_out = timed_out


def segment(text: str) -> str:
    """A name as one part of a path: `/`, `?`, blanks and the like do not get out of it."""
    return quote(text, safe="")
