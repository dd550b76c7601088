"""The only way to an XNAT: reads, writes, one session, and errors that say what to do next."""

from __future__ import annotations

import json as json_
import logging
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

from bootstrap.errors import Denied, SignInRefused, Starting, XnatError
from bootstrap.values import Secret, Source
from bootstrap.xnat.answers import Asked, check, lacks_a_right, no_answer, parsed
from bootstrap.xnat.cookies import Cookies
from bootstrap.xnat.counter import Counts, RequestCounter
from bootstrap.xnat.guard import ReadGuard
from bootstrap.xnat.log import LOGGER, RedactedLog
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.retry import Retry
from bootstrap.xnat.transport import NoAnswer, Params, Request, Response, Transport, TransportFailure

Item = TypeVar("Item")
Found = TypeVar("Found")

REFUSALS = 12  # XNAT locks an account for an hour after 20
SIGN_OUT_SECONDS = 10.0
# XNAT writes texts as ISO-8859-1, with `?` for the rest, unless it is asked for UTF-8.
_WANTS_JSON = "application/json, text/plain;charset=UTF-8;q=0.9, */*;q=0.5"
_WANTS_TEXT = "text/plain;charset=UTF-8, application/json;q=0.9, */*;q=0.5"
_DONE = (200, 201, 204, 304)


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"


UNSET = _Unset()


class Client:
    """Safe to read with from several threads. Writes are for one thread at a time, between `with client.writing():`."""

    def __init__(
        self,
        transport: Transport,
        *,
        url: str = "",
        parallel: int = 4,
        pause: Callable[[float], None] = time.sleep,
        redactor: Redactor | None = None,
        log: logging.Logger = LOGGER,
    ) -> None:
        self.url = url
        self.redactor = redactor or Redactor()
        self._parallel = max(1, parallel)
        self._counter = RequestCounter(transport)
        self._guard = ReadGuard(Retry(RedactedLog(self._counter, self.redactor, log), pause=pause))
        self._log = log
        self._cookies = Cookies()
        self._renewing = Lock()
        self._account: tuple[str, Secret] | None = None
        self._refused = 0

    # Reading

    def read_json(
        self,
        path: str,
        *,
        doing: str,
        params: Params | None = None,
        absent_ok: bool = False,
        accept_empty: bool = False,
        bookkeeping: bool = False,
        timeout: float | None = None,
        source: Source | None = None,
    ) -> Any:
        """The parsed answer; None where `absent_ok` meets 404 or 204, or `accept_empty` an empty body."""
        request = Request("GET", path, params or {}, {"Accept": _WANTS_JSON}, None, timeout, bookkeeping=bookkeeping)
        asked = Asked(doing, request, self.redactor, source)
        response = self._read(asked, absent_ok, accept_empty)
        return None if response is None else parsed(response, asked)

    def read_text(
        self,
        path: str,
        *,
        doing: str,
        params: Params | None = None,
        absent_ok: bool = False,
        bookkeeping: bool = False,
        timeout: float | None = None,
        source: Source | None = None,
    ) -> str | None:
        """The text, which may be empty; None where `absent_ok` meets 404 or 204."""
        request = Request("GET", path, params or {}, {"Accept": _WANTS_TEXT}, None, timeout, bookkeeping=bookkeeping)
        response = self._read(Asked(doing, request, self.redactor, source), absent_ok, accept_empty=False)
        return None if response is None else response.text

    def _read(self, asked: Asked, absent_ok: bool, accept_empty: bool) -> Response | None:
        response = self.exchange(asked)
        # 304 is XNAT's other word for "there is none" on some lists.
        nothing = (204, 304, 404) if absent_ok else (204, 304) if accept_empty else ()
        if response.status in nothing:
            return None
        check(response, asked)
        return None if accept_empty and not response.body.strip() else response

    # Writing

    def write(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        json: Any = UNSET,
        text: str | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        params: Params | None = None,
        creates: bool = False,
        bookkeeping: bool = False,
        answers: bool = False,
        accept: Collection[int] = _DONE,
        timeout: float | None = None,
        source: Source | None = None,
    ) -> Response:
        """One write. `answers`: a success has a body, and an empty one means that nothing was done."""
        content, media = _content(json, text, body, content_type)
        headers = {"Accept": _WANTS_JSON} | ({"Content-Type": media} if media else {})
        request = Request(method, path, params or {}, headers, content, timeout, creates, bookkeeping)
        asked = Asked(doing, request, self.redactor, source)
        response = self.exchange(asked)
        check(response, asked, accept)
        if answers and not response.body.strip():
            hint = "XNAT answers so where the account lacks the right: sign in as a site administrator"
            raise asked.error(Denied, "an empty answer: nothing was done", response, hint)
        return response

    # Modes, threads, counts

    def writing(self) -> AbstractContextManager[None]:
        return self._guard.mode(True)

    def reading(self) -> AbstractContextManager[None]:
        return self._guard.mode(False)

    @property
    def counts(self) -> Counts:
        return self._counter.counts

    def parallel(self, function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
        """`function` of each item, several at a time, in their order. Of several errors the first one is raised."""
        work = list(items)
        if len(work) < 2 or self._parallel < 2:
            return [function(item) for item in work]
        with ThreadPoolExecutor(min(self._parallel, len(work))) as pool:
            futures = [pool.submit(function, item) for item in work]
            try:
                wait(futures)
            except BaseException:  # Ctrl-C: what has not begun is not begun any more
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [future.result() for future in futures]

    # The session

    def use_account(self, username: str, password: Secret) -> None:
        """Whom the next requests come from. Nothing is sent; the old session is forgotten."""
        self.redactor.add(password, username)
        self._account = (username, password)
        self._cookies.forget()

    def use_password(self, password: Secret) -> None:
        """After the password was changed: the old session is ended, the next request begins a new one."""
        if self._account is None:
            raise ValueError("nobody is signed in")
        username = self._account[0]
        self.end_session()
        self.use_account(username, password)

    def sign_out(self) -> None:
        self.end_session()
        self._account = None

    def end_session(self) -> None:
        """Ends the server's session, if there is one. Never fails: a run's own outcome is what counts."""
        header, _era = self._cookies.header()
        self._cookies.forget()
        if not header:
            return
        request = Request("DELETE", "/data/JSESSION", {}, {"Cookie": header}, timeout=SIGN_OUT_SECONDS)
        try:
            self._guard.send(replace(request, bookkeeping=True, patient=False))
        except TransportFailure as failure:
            self._log.info("signing out: %s", self.redactor.clean(str(failure)))

    def forgive(self) -> None:
        """A sign-in worked: XNAT counts refusals anew from here, and so do we."""
        self._refused = 0

    def close(self) -> None:
        self._guard.close()

    # One exchange

    def exchange(self, asked: Asked, anonymous: bool = False) -> Response:
        """The answer, whatever its status. An ended session is renewed once: a refused request was not executed."""
        if anonymous or self._account is None:
            return self._send(asked, {}, era=None)  # its cookies are not ours
        header, era = self._cookies.header()
        response = self._send(asked, self._signed(header), era)
        if not header or not _session_ended(response):
            return response
        with self._renewing:  # one new session, not one for each thread
            self._cookies.forget(era)
            header, era = self._cookies.header()
            response = self._send(asked, self._signed(header), era)
        if response.status < 400:
            self.forgive()
        return response

    def _signed(self, cookies: str) -> dict[str, str]:
        assert self._account is not None
        username, password = self._account
        token = b64encode(f"{username}:{password.reveal()}".encode()).decode()
        return {"Authorization": f"Basic {token}"} | ({"Cookie": cookies} if cookies else {})

    def _send(self, asked: Asked, headers: dict[str, str], era: int | None) -> Response:
        if self._refused >= REFUSALS:
            hint = "wait an hour if the account is locked, see that its password is right, and run it again"
            raise asked.error(
                SignInRefused, f"not sent: the server refused this account {self._refused} times already", hint=hint
            )
        try:
            response = self._guard.send(replace(asked.request, headers={**asked.request.headers, **headers}))
        except TransportFailure as failure:
            raise self._failed(failure, asked, anonymous=era is None) from failure
        if era is not None:
            self._cookies.take(response.cookies, era)
            self._refused += _is_refused(response)
        return response

    def _failed(self, failure: TransportFailure, asked: Asked, anonymous: bool) -> XnatError:
        if anonymous and isinstance(failure, NoAnswer) and failure.timed_out:
            hint = "a starting XNAT takes connections for a minute or two before it answers: `xnat-bootstrap wait`"
            return asked.error(Starting, f"{self.url} takes connections, but does not answer yet: {failure}", hint=hint)
        return no_answer(failure, asked, self.url)


def _session_ended(response: Response) -> bool:
    to_login = 300 <= response.status < 400 and "/app/template/Login.vm" in response.headers.get("Location", "")
    return _is_refused(response) or to_login


def _is_refused(response: Response) -> bool:
    return response.status == 401 and not lacks_a_right(response)


def _content(json: Any, text: str | None, body: bytes | None, media: str | None) -> tuple[bytes | None, str | None]:
    if [json is not UNSET, text is not None, body is not None].count(True) > 1:
        raise ValueError("one of json, text and body")
    if json is not UNSET:
        return json_.dumps(json, ensure_ascii=False).encode(), media or "application/json"
    if text is not None:
        return text.encode(), media or "text/plain; charset=UTF-8"
    return body, media
