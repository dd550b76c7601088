"""One request from end to end: firewall, sign-in, gate, route, body, right, handler, cookies."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, cast

from flask import Flask, Request, current_app, request
from flask.wrappers import Response

from bootstrap.practice.http import bodies, csrf, firewall, gate, pages, signin
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.media import read_body
from bootstrap.practice.http.router import Found, router_of

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

RAW_URI = "REQUEST_URI"  # where the server leaves the request line's address, as it came
_MEMORY_PER_FILE = 1024 * 1024
STALE = "practice.stale"  # set by a fault rule: this read is answered from the past


class SpoolingRequest(Request):
    """Parts of a form that are too large for memory wait in the spool folder, and nowhere else."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        spool = cast(Surface, current_app).site.folder.spool
        return cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_MEMORY_PER_FILE, dir=str(spool)))


class Surface(Flask):
    """A Flask application that looks for its routes in the rooms, because XNAT's paths need the raw request line."""

    request_class = SpoolingRequest

    def __init__(self, site: Site) -> None:
        super().__init__("practice", static_folder=None)
        self.site = site
        self.router = router_of(*(room for room in site.rooms if room.is_loaded(site)))

    def create_url_adapter(self, request: Request | None) -> None:
        """Flask's own routes are not looked at: there are none."""

    def dispatch_request(self) -> Any:
        raw_path = request.environ.get(RAW_URI, request.path).partition("?")[0]
        method = "GET" if request.method == "HEAD" else request.method
        call = Call(self.site, request, method, raw_path)
        try:
            answer = firewall.stopped(raw_path) or self._signed_in(call)
        except Refusal as refusal:
            answer = refusal.answer
        return _response(call, answer)

    def _signed_in(self, call: Call) -> Answer:
        call.caller, call.session = signin.identify(self.site, call.request)
        if call.session is None:
            call.session = signin.begin_session(self.site, call.caller.name)
        with ExitStack() as stack:
            if call.request.environ.get(STALE):
                stack.enter_context(self.site.storage.in_the_past())
            try:
                answer = self._routed(call)
            except Refusal as refusal:
                answer = refusal.answer
        return _with_cookies(call, answer)

    def _routed(self, call: Call) -> Answer:
        gate.pass_through(call)
        if not call.raw_path.startswith(("/xapi", "/admin/", "/data", "/REST")):
            return pages.answer(call)
        csrf.check(call)
        if call.method == "OPTIONS":
            return bodies.nothing()
        found = self.router.find(call)
        call.parts, call.tail = found.parts, found.tail
        if not found.route.path.startswith("/xapi"):
            return found.route.handler(call) if found.route.access(call) else bodies.status_page(403)
        read_body(call, found.route.body, f"{call.method} {found.route.path}")
        return found.route.handler(call) if found.route.access(call) else self._denied(call, found)

    def _denied(self, call: Call, found: Found) -> Answer:
        body = {"boolean": "false", "number": "0"}.get(found.facts.returns, "")
        return bodies.denied(guest=call.caller.is_guest, realm=self.site.realm, body=body, status=found.facts.status)


def _with_cookies(call: Call, answer: Answer) -> Answer:
    session = call.session
    if session is None:
        return answer
    if call.request.cookies.get(signin.COOKIE) != session.id:
        answer.with_header("Set-Cookie", f"{signin.COOKIE}={session.id}; Path=/; HttpOnly")
    expiry = f"{call.site.clock.millis()},{int(session.timeout * 1000)}"
    return answer.with_header("Set-Cookie", f'SESSION_EXPIRATION_TIME="{expiry}"; Version=1; Path=/')


def _response(call: Call, answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status)
    del response.headers["Content-Type"]
    if answer.type:
        response.headers["Content-Type"] = answer.type
    for name, value in answer.headers:
        absolute = name == "Location" and value.startswith("/")
        response.headers.add(name, call.request.host_url.rstrip("/") + value if absolute else value)
    return response
