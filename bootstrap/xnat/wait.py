"""Waiting for an XNAT: what is worth waiting for, what is not, and why it was not ready."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import NeverReady, ServerFailed, Starting, TlsRefused, Unreachable, XnatError
from bootstrap.values import Secret
from bootstrap.xnat.client import Client
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.server import Server
from bootstrap.xnat.signin import Credentials, sign_in
from bootstrap.xnat.transport import Transport
from bootstrap.xnat.wire import RequestsTransport, checked_url

# A starting XNAT takes the connection and lets the request hang: a long time-out would only hide the reason.
PROBE_SECONDS = 5.0
BETWEEN_PROBES = 2.0
GRACE_SECONDS = 15.0  # so long may 404 and 500 be a start's beginning


@dataclass(frozen=True)
class Ready:
    version: str
    initialized: bool
    used_first_password: bool
    seconds: float

    def __str__(self) -> str:
        state = "ready" if self.initialized else "ready, not set up yet: `apply` does that"
        return f"XNAT {self.version} is {state} ({self.seconds:.0f} s)"


@dataclass
class _Watch:
    """Which reason it is just now, and since when."""

    tell: Callable[[str], None]
    clock: Callable[[], float]
    reason: str = ""
    broken_since: float | None = None

    def saw(self, error: XnatError) -> None:
        """Says a new reason once. Raises what waiting does not mend."""
        if isinstance(error, TlsRefused) or not isinstance(error, Unreachable | Starting | NeverReady | ServerFailed):
            raise error
        self._lose_hope(error)
        reason = _in_short(error)
        if reason != self.reason:
            self.reason = reason
            self.tell(reason)

    def _lose_hope(self, error: XnatError) -> None:
        if not isinstance(error, NeverReady | ServerFailed):
            self.broken_since = None
            return
        if self.broken_since is None:
            self.broken_since = self.clock()
        if self.clock() - self.broken_since >= GRACE_SECONDS:
            raise error


def wait_until_ready(
    url: str,
    *,
    username: str,
    password: Secret,
    first_password: Secret | None = None,
    limit_seconds: float,
    tell: Callable[[str], None],
    ca_file: str | Path | None = None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
    transport: Transport | None = None,
    redactor: Redactor | None = None,
) -> Ready:
    """Ready is an XNAT on which a sign-in worked, set up or not. Raises at once what waiting cannot mend."""
    where = checked_url(url)
    through = transport or RequestsTransport(where, ca_file=ca_file, timeout=min(PROBE_SECONDS, limit_seconds))
    # One client for the whole time: it keeps count of the refused sign-ins.
    client = Client(through, url=where, pause=pause, redactor=redactor)
    credentials = Credentials(username, password, first_password)
    credentials.hide_from(client.redactor)
    started = clock()
    watch = _Watch(tell, clock)
    try:
        while True:
            try:
                return _probe(client, credentials, pause, clock, started)
            except XnatError as error:
                watch.saw(error)
                if clock() - started + BETWEEN_PROBES > limit_seconds:
                    raise _gave_up(error, watch.reason, limit_seconds) from error
            pause(BETWEEN_PROBES)
    finally:
        client.sign_out()
        client.close()


def _probe(
    client: Client,
    credentials: Credentials,
    pause: Callable[[float], None],
    clock: Callable[[], float],
    started: float,
) -> Ready:
    server = Server(client)
    server.identify()
    signed_in = sign_in(client, credentials, pause, patient=False)
    return Ready(server.version, signed_in.initialized, signed_in.used_first_password, clock() - started)


def _in_short(error: XnatError) -> str:
    """The reason on one line, as it is told while waiting."""
    if isinstance(error, Unreachable):
        return f"not up: {error.summary}"
    if isinstance(error, Starting):
        return f"starting: {error.summary}"
    return f"not right yet: {error.summary}"


def _gave_up(error: XnatError, reason: str, limit: float) -> XnatError:
    kind = Unreachable if isinstance(error, Unreachable) else Starting
    hint = "give it more time with `--limit`, or look into its logs (catalina.out, logs/ in its home)"
    return kind(f"not ready after {limit:g} s; the last reason: {reason}", doing="waiting for XNAT", hint=hint)
