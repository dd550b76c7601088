"""A request as the rooms see it, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.wrappers import Request

from bootstrap.practice.http import lenient_json
from bootstrap.practice.http.sessions import GUEST, Session

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TEXT_LIMIT = 64 * 1024 * 1024  # bytes of a body that is read as a whole


@dataclass
class Answer:
    status: int = 200
    body: bytes | Iterable[bytes] = b""
    type: str | None = None  # the Content-Type; XNAT sends none with an empty body
    headers: list[tuple[str, str]] = field(default_factory=list)

    def with_header(self, name: str, value: str) -> Answer:
        self.headers.append((name, value))
        return self


class Refusal(Exception):
    """Raised anywhere in a route to answer with this and nothing else."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True)
class Caller:
    """Who asks, as the site knows him."""

    name: str
    is_admin: bool = False
    by_basic: bool = False  # signed in with this very request, without a cookie

    @property
    def is_guest(self) -> bool:
        return self.name == GUEST


NOBODY = Caller(GUEST)


@dataclass
class Call:
    site: Site
    request: Request
    method: str
    raw_path: str  # as on the request line, without the query
    caller: Caller = NOBODY
    session: Session | None = None
    parts: Mapping[str, str] = field(default_factory=dict)  # what the route's {names} stand for, decoded
    tail: str = ""  # what a /data route was followed by, decoded
    json: Any = None  # the body, where the route asked for JSON
    text: str = ""  # the body, where the route asked for text

    @property
    def headers(self) -> Headers:
        return self.request.headers

    @property
    def query(self) -> MultiDict[str, str]:
        return self.request.args

    @property
    def media_type(self) -> str:
        return self.request.mimetype

    def body(self) -> bytes:
        """All of it, as bytes. Uploads read `request.stream` instead."""
        return self.request.get_data(cache=True)

    def decoded(self, default: str = "ISO-8859-1") -> str:
        """The body as text: in the alphabet that Content-Type names, else in the default one."""
        charset = self.request.mimetype_params.get("charset", default)
        try:
            return self.body().decode(charset, "replace")
        except LookupError:
            return self.body().decode(default, "replace")

    def form(self) -> MultiDict[str, str]:
        """Pairs of a form body, whatever the content type says."""
        if self.method == "POST" and self.caller.by_basic and self.media_type == "application/x-www-form-urlencoded":
            return MultiDict()  # the sign-in filter has eaten it
        pairs: MultiDict[str, str] = MultiDict()
        for pair in self.decoded("UTF-8").split("&"):
            name, _, value = pair.partition("=")
            if name:
                pairs.add(unquote_plus(name), unquote_plus(value))
        return pairs

    def read_json(self) -> Any:
        """The body as JSON, as forgiving as XNAT's reader; lenient_json.NotJson if it is none."""
        return lenient_json.loads(self.decoded("UTF-8"))

    def project_id(self) -> str:
        for name in ("projectId", "project", "PROJECT_ID"):
            if name in self.parts:
                return self.parts[name]
        raise KeyError("this route names no project")


def as_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def decode_segment(segment: str) -> str:
    return unquote(segment, errors="replace")
