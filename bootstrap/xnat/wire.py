"""The transport that really sends, over `requests`."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError, ProxyError

import bootstrap
from bootstrap.errors import LocalFileError, UsageError
from bootstrap.xnat.transport import (
    NoAnswer,
    NotSent,
    PlainHttp,
    ProxyFailure,
    Request,
    Response,
    TlsFailure,
    TransportFailure,
)

CONNECT_SECONDS = 10.0
PROXY_SIGN_IN = 407
# A browser's name would be sent to sign-in pages and asked for tokens; ours gets plain statuses.
USER_AGENT = f"xnat-bootstrap/{bootstrap.__version__}"
# Seen where a handshake fails and where a connection is cut alike: it does not prove that nothing was sent.
_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None  # a redirect is an answer to us, never a way to go


class RequestsTransport:
    """Redirects off, TLS verified, proxies from the environment, `~/.netrc` never read, no cookies of its own."""

    def __init__(
        self,
        url: str,
        *,
        ca_file: str | Path | None = None,
        timeout: float = 60,
        user_agent: str = USER_AGENT,
        parallel: int = 4,
    ) -> None:
        self._base = checked_url(url)
        self._timeout = timeout
        self._session = _Session()
        self._session.headers["User-Agent"] = user_agent
        self._session.auth = as_it_is
        # A proxy never leads back to this machine, and many who set one forget to say so in NO_PROXY.
        self._session.trust_env = not is_loopback(urlsplit(self._base).hostname or "")
        self._verify = trusted(ca_file, self._base)
        # Cookies are the client's: one jar shared by threads is not safe in `requests`.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_maxsize=parallel, pool_block=True)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def send(self, request: Request) -> Response:
        seconds = self._timeout if request.timeout is None else request.timeout
        try:
            answer = self._session.request(
                request.method,
                self._base + request.path,
                params=dict(request.params),
                data=request.body,
                headers=dict(request.headers),
                timeout=(min(seconds, CONNECT_SECONDS), seconds),
                allow_redirects=False,
                verify=self._verify,  # given each time, or a variable of the environment would win over it
            )
        except requests.RequestException as error:
            raise _failure(error, seconds, self._proxy()) from error
        if answer.status_code == PROXY_SIGN_IN:
            raise ProxyFailure(f"the proxy {self._proxy() or 'on the way'} wants a user name and password (407)")
        set_cookies = answer.raw.headers.getlist("Set-Cookie")
        return Response(answer.status_code, answer.headers, answer.content, _cookies(set_cookies))

    def close(self) -> None:
        self._session.close()

    def _proxy(self) -> str:
        """The address of the proxy that the environment names for this server, without what signs in at it."""
        proxies = requests.utils.get_environ_proxies(self._base) if self._session.trust_env else {}
        found = requests.utils.select_proxy(self._base, proxies)
        return requests.utils.urldefragauth(found) if found else ""


def checked_url(url: str) -> str:
    parts = _parts(url)
    if parts.username or parts.password:
        raise UsageError(
            "the server's URL holds a user name or password",
            hint="write them as `username:` and `password:` below `server:`, the password best as `!env XNAT_PASSWORD`",
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"not the URL of an XNAT: {url!r}", hint="it looks like https://xnat.example.org")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  looked at for its ValueError
    except ValueError as error:
        raise UsageError("the server's URL cannot be read", hint="it looks like https://xnat.example.org") from error
    return parts


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trusted(ca_file: str | Path | None, url: str) -> str | bool:
    """The file or folder of certificates to trust: ours, else the environment's, else what `requests` brings."""
    if ca_file:
        return checked_ca_file(ca_file, "the CA file")
    if url.startswith("http://"):
        return True  # nobody is asked for a certificate, and to read all that a system trusts takes a while
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(variable):
            return checked_ca_file(os.environ[variable], f"what {variable} names,")
    return True


def checked_ca_file(path: str | Path, what: str) -> str:
    try:
        if not Path(path).is_dir():
            ssl.create_default_context(cafile=path)
    except OSError as error:  # a bad certificate is one as well
        raise LocalFileError(
            f"{what} {path} cannot be used: {error.strerror or error}",
            hint="it is to be a file with the certificates of the authorities to trust, in PEM form",
        ) from error
    return str(path)


def as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """An `auth` that adds nothing: with none at all `requests` would look into ~/.netrc."""
    return prepared


def _cookies(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        try:
            morsels = SimpleCookie(line)
        except CookieError:
            continue
        found |= {name: "" if morsel["max-age"] == "0" else morsel.value for name, morsel in morsels.items()}
    return found


def _failure(error: requests.RequestException, seconds: float, proxy: str = "") -> TransportFailure:
    causes = list(_causes(error))
    if any(isinstance(cause, ProxyError | requests.exceptions.InvalidProxyURL) for cause in causes):
        return ProxyFailure(f"the proxy {proxy or 'on the way'} did not let it pass: {_reason(causes)}")
    if any(isinstance(cause, ssl.SSLError | requests.exceptions.SSLError) for cause in causes):
        return _tls_failure(causes)
    text = _reason(causes)
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return NotSent(text)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotSent(f"no connection within {min(seconds, CONNECT_SECONDS):g} s")
    if isinstance(error, requests.exceptions.Timeout):
        return NoAnswer(f"no answer within {seconds:g} s", timed_out=True)
    return NoAnswer(text)


def _tls_failure(causes: list[BaseException]) -> TransportFailure:
    if any(isinstance(cause, _CUT) for cause in causes):
        return NoAnswer("the TLS connection was cut")
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TlsFailure(f"its certificate is not trusted: {cause.verify_message}")
    text = _reason(causes)
    if "WRONG_VERSION_NUMBER" in text or "wrong version number" in text:
        return PlainHttp("what answers there speaks no TLS")
    return TlsFailure(text)


def _reason(causes: list[BaseException]) -> str:
    """The operating system's own words where there are some."""
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return cause.strerror
    return str(causes[-1]) or type(causes[-1]).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps: urllib3 hides the cause in `reason` or among the arguments."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        here = waiting.pop(0)
        if not isinstance(here, BaseException) or here in seen:
            continue
        seen.append(here)
        yield here
        waiting += [getattr(here, "reason", None), here.__cause__, here.__context__, *here.args]
