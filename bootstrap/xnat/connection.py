"""A signed-in XNAT for the length of one run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from bootstrap.values import Secret
from bootstrap.xnat.client import Client
from bootstrap.xnat.home import Home, NoHome
from bootstrap.xnat.log import LOGGER
from bootstrap.xnat.memo import Memo
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.server import Server
from bootstrap.xnat.signin import Credentials, SignedIn, sign_in
from bootstrap.xnat.transport import Transport
from bootstrap.xnat.wire import RequestsTransport, checked_url

Found = TypeVar("Found")


@dataclass
class Connection:
    """Signs out at the end of its `with`, also on failure."""

    client: Client
    server: Server
    credentials: Credentials
    signed_in: SignedIn
    pause: Callable[[float], None] = time.sleep
    was_set_up_here: bool = False  # by this run
    allowed: frozenset[str] = frozenset()  # safety rules that the operator lets pass
    tell: Callable[[str], None] = lambda _text: None  # how far a long step of a write has come
    home: Home = field(default_factory=NoHome)
    ask: Callable[[str], bool] = lambda _question: False  # a person at a terminal; where there is none, nobody agrees
    kept: MutableMapping[Hashable, Any] = field(default_factory=dict)  # what does not change in the length of a run
    _memo: Memo = field(default_factory=Memo)

    def shared(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """What `read` gives, asked once in a round of reading, for kinds that need the same answer."""
        return self._memo.get(key, read)

    def new_round(self) -> None:
        """Everything is asked anew from here on."""
        self._memo.forget()

    @property
    def url(self) -> str:
        return self.client.url

    @property
    def username(self) -> str:
        return self.credentials.username

    @property
    def password(self) -> Secret:
        """The one that let us in."""
        first = self.credentials.first_password
        return first if self.signed_in.used_first_password and first is not None else self.credentials.password

    @property
    def initialized(self) -> bool:
        return self.server.initialized

    def set_initialized(self) -> None:
        """The site has just been set up: what was asked before is asked anew."""
        self.server.forget()
        self.server.initialized = True
        self.was_set_up_here = True

    def use_password(self, password: Secret) -> None:
        """The password has just been changed to this one."""
        self.client.use_password(password)
        self.credentials = replace(self.credentials, password=password)
        self.signed_in = replace(self.signed_in, used_first_password=False)

    def sign_in_again(self) -> None:
        """After a restart: the old session is gone, and the server may be another one."""
        self.client.end_session()
        self.server.forget()
        self.signed_in = sign_in(self.client, self.credentials, self.pause)
        self.server.initialized = self.signed_in.initialized

    def close(self) -> None:
        self.client.sign_out()
        self.client.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def connect(
    url: str,
    *,
    username: str,
    password: Secret,
    first_password: Secret | None = None,
    ca_file: str | Path | None = None,
    timeout: float = 60,
    parallel: int = 4,
    pause: Callable[[float], None] = time.sleep,
    transport: Transport | None = None,
    redactor: Redactor | None = None,
    log: logging.Logger = LOGGER,
) -> Connection:
    """Looks what answers at the URL, then signs in as a site administrator."""
    where = checked_url(url)
    through = transport or RequestsTransport(where, ca_file=ca_file, timeout=timeout, parallel=parallel)
    client = Client(through, url=where, parallel=parallel, pause=pause, redactor=redactor, log=log)
    credentials = Credentials(username, password, first_password)
    credentials.hide_from(client.redactor)
    try:
        server = Server(client)
        server.identify()  # before the password is given to whatever answers there
        signed_in = sign_in(client, credentials, pause)
    except BaseException:
        client.sign_out()
        client.close()
        raise
    server.initialized = signed_in.initialized
    return Connection(client, server, credentials, signed_in, pause)
