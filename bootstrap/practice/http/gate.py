"""What a caller may come near at all: sites that are not set up, expired passwords, callers who are not signed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bootstrap.practice.admin import preferences
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

LOGIN_PAGE = "/app/template/Login.vm"
UNCONFIGURED_PAGE = "/app/template/Unconfigured.vm"
EXPIRED_PAGE = "/app/template/XDATScreen_UpdateUser.vm"

_OPEN = [
    "/REST/JSESSION",
    "/REST/services/auth",
    "/REST/services/sendemailverification",
    "/data/JSESSION",
    "/data/services/auth",
    "/data/services/sendemailverification",
    "/favicon.ico",
    "/files/",
    "/images/",
    "/login",
    "/page/",
    "/pages/view/",
    "/scripts/",
    "/style/",
    "/themes/",
    "/xapi/siteConfig/buildInfo",
    "/xapi/siteConfig/siteHome",
    "/xapi/siteConfig/siteId",
    "/xapi/siteConfig/siteLogoPath",
    "/xapi/siteConfig/siteUrl",
    "/app/template/Login.vm",
    "/app/template/ForgotLogin.vm",
    "/app/template/Register.vm",
    "/app/template/VerifyEmail.vm",
    "/app/template/InactiveAccount.vm",
    "/app/template/Unconfigured.vm",
    "/app/action/ForgotLogin",
    "/app/action/XDATRegisterUser",
    "/app/action/XDATLoginUser",
]
_SET_UP = [
    "/xapi/siteConfig",
    "/xapi/siteConfig/initialized",
    "/xapi/notifications/smtp",
    "/xapi/spawner/resolve/siteAdmin/siteSetup",
    "/style/",
]
_SET_UP_PAGES = re.compile(r"/setup.*|/app/template/Unconfigured\.vm")
_PAGES = re.compile(r"/|/setup.*|/app/.*|/images/.*|/scripts/.*|/style/.*")


def pass_through(call: Call) -> None:
    """A Refusal for who does not get through."""
    if preferences.text(call.site, "securityChannel") == "https" and not call.request.is_secure:
        raise Refusal(bodies.redirect(call.request.environ.get("REQUEST_URI", call.raw_path)))
    if not is_initialized(call.site):
        _check_set_up(call)
    elif call.session and call.session.password_expired:
        raise Refusal(bodies.redirect(EXPIRED_PAGE))
    if call.caller.is_guest and not is_open(call.site, call.raw_path) and _login_is_required(call.site):
        raise Refusal(sign_in_first(call))


def is_initialized(site: Site) -> bool:
    """Asked of the settings until they say so; from then on it is so until the next start."""
    if not site.ever_initialized:
        site.ever_initialized = preferences.boolean(site, "initialized")
    return site.ever_initialized


def is_open(site: Site, path: str) -> bool:
    return _among(path, _OPEN) or _among(path, site.open_urls)


def looks_like_a_browser(site: Site, user_agent: str) -> bool:
    return any(_fits(pattern, user_agent) for pattern in site.browsers)


def sign_in_first(call: Call) -> Answer:
    """401 with a challenge; callers that look like a browser, and pages, are sent to the sign-in page."""
    if not call.raw_path.startswith(call.site.data_paths) or looks_like_a_browser(
        call.site, call.headers.get("User-Agent", "")
    ):
        return bodies.redirect(LOGIN_PAGE)
    return bodies.container_page(401).with_header("WWW-Authenticate", f'Basic realm="{call.site.realm}"')


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return False


def _login_is_required(site: Site) -> bool:
    return preferences.boolean(site, "requireLogin")


def _check_set_up(call: Call) -> None:
    path = call.raw_path
    if _among(path, _SET_UP) or (_SET_UP_PAGES.fullmatch(path) and path != "/setup"):
        return
    if not _PAGES.fullmatch(path) and (referer := call.headers.get("Referer")):
        came_from = urlsplit(referer)
        if came_from.netloc != call.request.host:
            raise Refusal(bodies.nothing(403))
        if came_from.path.startswith("/setup"):
            return
    if call.caller.is_guest:
        return
    if path == "/setup":
        raise Refusal(bodies.redirect("/setup/"))
    raise Refusal(bodies.redirect("/setup" if call.caller.is_admin else UNCONFIGURED_PAGE))


def _among(path: str, entries: list[str]) -> bool:
    """An entry stands for what begins with it: all of it if it ends with a slash, else up to the next slash."""
    return any(
        path.startswith(entry) and (entry.endswith("/") or "/" not in path.removeprefix(entry)) for entry in entries
    )
