"""What an answer means: a result, or one of the named errors with everything a person needs to know."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bootstrap.errors import (
    Denied,
    NotFound,
    NotJson,
    OutcomeUnknown,
    PartlyDone,
    Redirected,
    Rejected,
    ServerFailed,
    SignInRefused,
    Starting,
    TlsRefused,
    ToLogin,
    ToSetup,
    Unreachable,
    XnatError,
)
from bootstrap.values import Source
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import (
    READS,
    NotSent,
    PlainHttp,
    ProxyFailure,
    Request,
    Response,
    TlsFailure,
    TransportFailure,
)

Error = TypeVar("Error", bound=XnatError)

LONGEST_SAID = 400
GATEWAY = frozenset({502, 503, 504})
_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)?<(!doctype html|html)", re.I | re.S)
# Where the message stands: Tomcat's error page (which signs in an h3), Restlet's status page, any page.
_MESSAGES = (
    r"<p><b>Message</b>(.*?)</p>",
    r"<h3>(?!Apache Tomcat)(.*?)</h3>",
    r"<h1>(.*?)</h1>",
    r"<title>(.*?)</title>",
)

_REDIRECTS: tuple[tuple[str, type[Redirected], str, str], ...] = (
    (
        "/app/template/Login.vm",
        ToLogin,
        "the server wants a sign-in first",
        "the session may have ended; run it again, and see that nothing between here and the server drops headers",
    ),
    ("/setup", ToSetup, "the site is not initialised yet", "`apply` of a site file with `site:` sets it up"),
    (
        "/app/template/Unconfigured.vm",
        ToSetup,
        "the site is not initialised yet, and this account may not do it",
        "sign in as a site administrator: on a fresh XNAT that is `admin`",
    ),
    (
        "/app/template/XDATScreen_UpdateUser.vm",
        Redirected,
        "the password of this account has expired",
        "change it in the browser, and give the account the role `non_expiring`",
    ),
    (
        "/app/template/InactiveAccount.vm",
        Redirected,
        "this account was switched off because nobody used it for long",
        "let another site administrator enable it again",
    ),
)


@dataclass(frozen=True)
class Asked:
    """What an error says of its request, besides what came back."""

    doing: str
    request: Request
    redactor: Redactor
    source: Source | None = None

    def error(self, kind: type[Error], message: str, response: Response | None = None, hint: str = "") -> Error:
        return kind(
            self.redactor.clean(message),
            doing=self.redactor.clean(self.doing),
            request=self.redactor.clean(self.request.line),
            status=response.status if response else None,
            said=said(response, self.redactor) if response else "",
            hint=hint,
            source=self.source,
        )

    @property
    def is_read(self) -> bool:
        return self.request.method in READS


def said(response: Response, redactor: Redactor) -> str:
    """The server's message on one line: out of its page, without secrets, shortened."""
    text = redactor.clean(response.text)
    if is_page(response):
        matches = (re.search(pattern, text, re.I | re.S) for pattern in _MESSAGES)
        found = next((match[1] for match in matches if match and match[1].strip()), "")
        text = html.unescape(re.sub(r"<[^>]*>", " ", found))
    line = " ".join(redactor.clean(text).split())
    return line if len(line) <= LONGEST_SAID else line[: LONGEST_SAID - 3] + "..."


def is_page(response: Response) -> bool:
    """Judged by the text: XNAT calls some bare values `text/html`."""
    return bool(_PAGE.match(response.body))


def check(response: Response, asked: Asked, accept: Collection[int] | None = None) -> None:
    """Raises unless this is a success; `accept` names the statuses that are one (for a read: any 2xx)."""
    status = response.status
    good = status in accept if accept is not None else 200 <= status < 300
    if not good:
        raise failure(response, asked)
    if status < 300 and is_page(response):
        raise asked.error(
            NotJson,
            "an HTML page came where an answer was due",
            response,
            "something between here and XNAT may be answering, or the address is not that of XNAT itself",
        )


def lacks_a_right(response: Response) -> bool:
    """The Container Service answers 401 to somebody who is signed in and lacks a right: no reason to sign in anew."""
    return response.status == 401 and response.text.startswith("There was an error in the request")


def failure(response: Response, asked: Asked) -> XnatError:
    status = response.status
    if status == 202:
        return asked.error(PartlyDone, "only part of it was done", response)
    if 300 <= status < 400:
        return _redirected(response, asked)
    if status >= 500:
        return _server_failed(response, asked)
    told = 403 if lacks_a_right(response) else status
    kind, message, hint = _REFUSALS.get(told, (Rejected, "the server did not accept it", ""))
    return asked.error(kind, message, response, hint)


_REFUSALS: dict[int, tuple[type[XnatError], str, str]] = {
    401: (
        SignInRefused,
        "the sign-in was not accepted",
        "the session or the account may have ended meanwhile: disabled, locked, its password changed",
    ),
    403: (
        Denied,
        "this account may not do it",
        "let a site administrator grant the right, or sign in as one",
    ),
    404: (
        NotFound,
        "there is no such thing on the server",
        "it may have been removed meanwhile, or the plugin that serves this address is not loaded",
    ),
}


def _server_failed(response: Response, asked: Asked) -> XnatError:
    if asked.is_read and response.status in GATEWAY:
        return asked.error(
            Starting, "a proxy answers, XNAT behind it does not", response, "it may be starting: `xnat-bootstrap wait`"
        )
    if response.status == 501:
        hint = "the practice XNAT has not all of XNAT's addresses: try it with a real one"
        return asked.error(ServerFailed, "this server does not do that", response, hint)
    hint = "the server's own logs say more: logs/ in its home, or catalina.out"
    return asked.error(ServerFailed, "the server failed over it", response, hint)


def _redirected(response: Response, asked: Asked) -> XnatError:
    location = response.headers.get("Location", "")
    target = urlsplit(location)
    path = target.path.partition(";")[0].rstrip("/")  # Tomcat appends ;jsessionid=... for callers without cookies
    for ending, kind, message, hint in _REDIRECTS:
        if path.endswith(ending):
            return asked.error(kind, message, response, hint)
    if target.scheme == "https" and path.endswith(asked.request.path):
        return asked.error(
            Redirected,
            f"the server only speaks https: it sent us to https://{target.netloc}",
            response,
            "write `https://` in `server.url`",
        )
    where = f"{target.scheme}://{target.netloc}{path}" if target.netloc else path
    hint = "see that `server.url` is the address of XNAT itself, without a sign-in page of something else before it"
    return asked.error(Redirected, f"the server sent us elsewhere, to {where[:200] or 'nowhere'}", response, hint)


def no_answer(problem: TransportFailure, asked: Asked, url: str) -> XnatError:
    """A transport's failure, in the words of the one who asked."""
    if isinstance(problem, TlsFailure):
        return asked.error(
            TlsRefused,
            f"no safe connection to {url}: {problem}",
            hint="name the authority that signed its certificate with `server.ca_file`, and use the name in it",
        )
    if isinstance(problem, PlainHttp):
        hint = "write `http://` in the server's address, or see that the port is the one for https"
        return asked.error(Unreachable, f"no safe connection to {url}: {problem}", hint=hint)
    if isinstance(problem, ProxyFailure):
        hint = "see that HTTPS_PROXY and HTTP_PROXY are right (http://USER:PASSWORD@HOST:PORT), or name in NO_PROXY "
        return asked.error(Unreachable, f"no connection to {url}: {problem}", hint=hint + "what needs no proxy")
    if isinstance(problem, NotSent):
        hint = "see that the server runs and that `server.url` is right; `xnat-bootstrap wait` waits for it"
        return asked.error(Unreachable, f"no connection to {url}: {problem}", hint=hint)
    if not asked.is_read:
        hint = "look on the server whether it happened before you do it again"
        return asked.error(OutcomeUnknown, f"it was sent, and no answer came: {problem}", hint=hint)
    hint = "see whether the server still runs; `--timeout` gives a slow one more time"
    return asked.error(Unreachable, f"no answer from {url}: {problem}", hint=hint)


def parsed(response: Response, asked: Asked) -> Any:
    try:
        return response.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        what = "an empty answer" if not response.body.strip() else "something else"
        hint = "" if response.body.strip() else "XNAT answers so where the account may not do it, or the thing is gone"
        raise asked.error(NotJson, f"{what} came where JSON was due", response, hint) from error
