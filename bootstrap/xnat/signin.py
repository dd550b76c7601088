"""Signing in without locking the account: `password` once, `first_password` once, then the latter a few times.

On a first start XNAT refuses even the right password for some seconds, because the account's sign-in record is not
there yet. Twenty refusals lock an account for an hour; this costs twelve at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bootstrap.errors import Denied, NotAnXnat, ServerFailed, SignInRefused
from bootstrap.values import Secret
from bootstrap.xnat.answers import Asked, check
from bootstrap.xnat.client import Client
from bootstrap.xnat.redact import Redactor
from bootstrap.xnat.transport import Request, Response

PROBE = "/xapi/siteConfig/initialized"
PATIENT_TRIES = 10
BETWEEN_TRIES = 1.0


@dataclass(frozen=True)
class Credentials:
    username: str
    password: Secret
    first_password: Secret | None = None  # what a fresh XNAT has

    def hide_from(self, redactor: Redactor) -> None:
        """Before anything is sent: what answers there may know them already."""
        for password in (self.password, self.first_password):
            if password is not None:
                redactor.add(password, self.username)


@dataclass(frozen=True)
class SignedIn:
    username: str
    used_first_password: bool
    initialized: bool


def sign_in(
    client: Client, credentials: Credentials, pause: Callable[[float], None] = time.sleep, patient: bool = True
) -> SignedIn:
    """One request tells that the sign-in works, that it is a site administrator's, and whether the site is set up."""
    tries = 0
    for password in _passwords(credentials, pause):
        tries += 1
        client.use_account(credentials.username, password)
        asked = _asked(client, credentials.username, patient)
        response = client.exchange(asked)
        if response.status != 401:
            initialized = _initialized(response, asked)
            client.forgive()
            used_first = password != credentials.password
            return SignedIn(credentials.username, used_first, initialized)
    raise _refused(asked, response, credentials, tries)


def _passwords(credentials: Credentials, pause: Callable[[float], None]) -> Iterator[Secret]:
    first = credentials.first_password
    yield credentials.password
    if first is None:
        return
    if first != credentials.password:
        yield first
    for _ in range(PATIENT_TRIES):
        pause(BETWEEN_TRIES)
        yield first


def _asked(client: Client, username: str, patient: bool) -> Asked:
    headers = {"Accept": "application/json, */*;q=0.5"}
    request = Request("GET", PROBE, {}, headers, bookkeeping=True, patient=patient)
    return Asked(f"signing in as `{username}`", request, client.redactor)


def _initialized(response: Response, asked: Asked) -> bool:
    if response.status == 403:
        hint = (
            "let a site administrator grant it the role `Administrator` (in the browser below Administer > Users, "
            "or by PUT /xapi/users/NAME/roles/Administrator), or sign in with another account"
        )
        raise asked.error(Denied, "this account is no site administrator", response, hint)
    if response.status == 500:
        hint = (
            "XNAT does so for an account that was made without a password, and for every account once "
            "`maxFailedLogins` was set to something that is no number: another account tells which of the two it is"
        )
        raise asked.error(ServerFailed, "the server failed over this sign-in", response, hint)
    check(response, asked)
    text = response.text.strip()
    if text not in ("true", "false"):
        raise asked.error(NotAnXnat, "neither true nor false came, as an XNAT would say", response)
    return text == "true"


def _refused(asked: Asked, response: Response, credentials: Credentials, tries: int) -> SignInRefused:
    once = "1 try" if tries == 1 else f"{tries} tries"
    hint = "see that the user name and the password are right, and that the account is enabled and not locked"
    if credentials.first_password is None:
        hint += "; on a fresh XNAT give `server.first_password: admin` too"
    return asked.error(SignInRefused, f"user name or password not accepted ({once})", response, hint)
