"""Who asks: the cookie's session, else Basic credentials or an alias token, else nobody in particular."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from bootstrap.practice.admin import accounts, preferences, tokens
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import NOBODY, Answer, Caller, Refusal
from bootstrap.practice.http.sessions import GUEST, Session

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

COOKIE = "JSESSIONID"
_DEFAULT_TIMEOUT = 900.0


def identify(site: Site, request: Request) -> tuple[Caller, Session | None]:
    """The caller and his session; a Refusal when he gave credentials that are not accepted."""
    session = site.sessions.find(request.cookies.get(COOKIE, ""))
    credentials = _basic(request)
    if credentials and not (session and _is_of(site, session, credentials[0])):
        return _by_basic(site, session, *credentials)
    if session is None:
        return NOBODY, None
    return known(site, session.user), session


def known(site: Site, username: str, *, by_basic: bool = False) -> Caller:
    if username == GUEST:
        return NOBODY
    return Caller(username, accounts.is_admin(site, username), by_basic)


def begin_session(site: Site, username: str) -> Session:
    """A new session; a Refusal when the user has as many as he may have."""
    if username != GUEST and len(site.sessions.of(username)) >= site.most_sessions:
        raise Refusal(refused(site))
    session = site.sessions.begin(username, preferences.seconds(site, "sessionTimeout", _DEFAULT_TIMEOUT))
    session.password_expired = username != GUEST and accounts.password_has_expired(site, username)
    return session


def refused(site: Site) -> Answer:
    """The page for whoever may not sign in; it has no challenge."""
    text = preferences.text(site, "uiLoginFailureMessage")
    return bodies.container_page(401, text.replace("%d", preferences.text(site, "maxFailedLogins")))


def broken() -> Answer:
    return bodies.container_page(500, "The sign-in failed with an internal error.")


def _by_basic(site: Site, session: Session | None, name: str, password: str) -> tuple[Caller, Session]:
    outcome = accounts.sign_in(site, name, password)
    if session:
        site.sessions.end(session.id)
    if outcome.verdict is accounts.Verdict.BROKEN:
        raise Refusal(broken())
    if outcome.verdict is accounts.Verdict.OUT:
        raise Refusal(refused(site))
    return known(site, outcome.username, by_basic=True), begin_session(site, outcome.username)


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = text.partition(":")
    return name, password


def _is_of(site: Site, session: Session, name: str) -> bool:
    """Whether the credentials name the session's user: then the password is not looked at."""
    if session.user == GUEST:
        return False
    if session.user == name.rpartition("/")[2]:
        return True
    token = tokens.by_alias(site, name)
    return token is not None and token["username"] == session.user
