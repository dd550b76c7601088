"""A small real HTTP server on loopback whose answers a test scripts, cut connections and silence among them."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Loopback:
    """`answer` is called in the server's thread with what came and the handler that may answer it."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    answer: Callable[[Seen, BaseHTTPRequestHandler], None] = lambda _seen, handler: write(handler, 200)
    released: Event = field(default_factory=Event)  # set at the end: a silent answer waits for it

    def silent(self, _seen: Seen, handler: BaseHTTPRequestHandler) -> None:
        self.released.wait()
        handler.close_connection = True


def write(
    handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()
) -> None:
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def cut(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    """No answer: the connection goes."""
    handler.close_connection = True


def cut_in_the_middle(_seen: Seen, handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"only this")
    handler.close_connection = True


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            seen = Seen(self.command, self.path, dict(self.headers.items()), body)
            loopback.seen.append(seen)
            loopback.answer(seen, self)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

    server = _Quiet(("127.0.0.1", 0), Handler)
    scheme = "http"
    if context:
        scheme, server.socket = "https", context.wrap_socket(server.socket, server_side=True)
    loopback = Loopback(f"{scheme}://localhost:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield loopback
    finally:
        loopback.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what some tests are about."""


@dataclass(frozen=True)
class Certificate:
    """Self-signed, for `localhost`."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    made = Certificate(folder / "ca.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(made.key), "-out", str(made.certificate)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return made
