"""What this server is: an XNAT at all, which version, set up or not, with which plugins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import NeverReady, NotAnXnat
from bootstrap.facts.versions import fits
from bootstrap.xnat.answers import Asked, failure, is_page
from bootstrap.xnat.client import Client
from bootstrap.xnat.transport import Request, Response

BUILD_INFO = "/xapi/siteConfig/buildInfo"
_ADDRESS_HINT = "see that `server.url` is the address of XNAT itself, with its context path if it has one"


@dataclass(frozen=True)
class Plugin:
    id: str
    name: str
    version: str


class Server:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._seen: str | None = None
        self.forget()

    def forget(self) -> None:
        """After a restart or a set-up everything is asked anew."""
        self._version: str | None = None
        self._initialized: bool | None = None
        self._plugins: Mapping[str, Plugin] | None = None

    @property
    def version(self) -> str:
        if self._version is None:
            self.identify()
        return self._version or ""

    @property
    def known_version(self) -> str | None:
        """The version that was seen last, asked for by nobody: for a report, which no dead server must take away."""
        return self._seen

    def identify(self) -> None:
        """Looks what answers at the URL; an error unless it is an XNAT."""
        self._version = self._seen = ask_version(self._client)

    def is_at_least(self, version: str) -> bool:
        return fits(self.version, f">={version}")

    @property
    def initialized(self) -> bool:
        if self._initialized is None:
            answer = self._client.read_json("/xapi/siteConfig/initialized", doing="asking whether the site is set up")
            self._initialized = answer is True
        return self._initialized

    @initialized.setter
    def initialized(self, known: bool) -> None:
        self._initialized = known

    @property
    def plugins(self) -> Mapping[str, Plugin]:
        """By id. Before the site is set up XNAT tells nobody: that is the error ToSetup."""
        if self._plugins is None:
            answer = self._client.read_json("/xapi/plugins", doing="listing the plugins")
            self._plugins = {
                key: Plugin(key, str(bean.get("name", key)), str(bean.get("version", "unknown")))
                for key, bean in answer.items()
            }
        return self._plugins


def ask_version(client: Client) -> str:
    """Asked without signing in, which works before the site is set up too."""
    response, asked = _look(client, BUILD_INFO)
    if response.status == 200:
        return _version(response, asked)
    if response.status == 404:
        raise _nothing_there(client, response, asked)
    if response.status >= 500 or 300 <= response.status < 400:
        raise failure(response, asked)
    raise asked.error(NotAnXnat, "this is no answer of an XNAT", response, _ADDRESS_HINT)


def _look(client: Client, path: str) -> tuple[Response, Asked]:
    request = Request("GET", path, {}, {"Accept": "application/json, */*;q=0.5"}, patient=False)
    asked = Asked(f"looking what answers at {client.url}", request, client.redactor)
    return client.exchange(asked, anonymous=True), asked


def _version(response: Response, asked: Asked) -> str:
    try:
        answer: Any = None if is_page(response) else response.json()
    except ValueError:
        answer = None
    version = answer.get("version") if isinstance(answer, dict) else None
    if not isinstance(version, str) or not version:
        raise asked.error(NotAnXnat, "something that is no XNAT answers here", response, _ADDRESS_HINT)
    return version


def _nothing_there(client: Client, response: Response, asked: Asked) -> NeverReady | NotAnXnat:
    """A web application that failed to start answers every address with the container's 404 page."""
    root, _asked = _look(client, "/")
    if root.status == 404 and is_page(response):
        hint = (
            "read XNAT's logs (catalina.out, logs/ in its home): a plugin that does not fit this version is the "
            "usual cause; a server that has only just been started may need `xnat-bootstrap wait`; and see that the "
            f"path in the server's address is right: {client.url}"
        )
        message = "404 on everything: XNAT's web application failed to start, or none is there"
        return asked.error(NeverReady, message, response, hint)
    return asked.error(NotAnXnat, "a web server answers here, but it has no XNAT", response, _ADDRESS_HINT)
