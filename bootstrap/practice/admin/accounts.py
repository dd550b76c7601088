"""Accounts: what is kept of a user, and whether a name and a password let somebody in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bootstrap.practice.admin import passwords, preferences, tokens
from bootstrap.practice.http.sessions import GUEST
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

ADMINISTRATOR = "Administrator"
ALL_DATA_ADMIN, ALL_DATA_ACCESS = "ALL_DATA_ADMIN", "ALL_DATA_ACCESS"


class Verdict(Enum):
    IN = "signed in"
    OUT = "refused"
    BROKEN = "the sign-in itself fails"


@dataclass(frozen=True)
class SignIn:
    verdict: Verdict
    username: str = ""


_REFUSED = SignIn(Verdict.OUT)


def find(site: Site, username: str) -> Row | None:
    return site.storage.row("SELECT * FROM accounts WHERE username = ?", username)


def number_of(site: Site, username: str) -> int:
    """His row's; 0 for nobody."""
    return int(site.storage.value("SELECT id FROM accounts WHERE username = ?", username) or 0)


def everybody(site: Site) -> list[Row]:
    return site.storage.rows("SELECT * FROM accounts ORDER BY id")


def roles_of(site: Site, username: str) -> list[str]:
    rows = site.storage.rows("SELECT role FROM roles WHERE username = ? AND held ORDER BY role", username)
    return [row["role"] for row in rows]


def groups_of(site: Site, username: str) -> list[str]:
    rows = site.storage.rows("SELECT group_id FROM memberships WHERE username = ? ORDER BY group_id", username)
    return [row["group_id"] for row in rows]


def is_in(site: Site, username: str, group: str) -> bool:
    """Asked for each project of a list, and an owner of many is in many groups."""
    sql = "SELECT 1 FROM memberships WHERE username = ? AND group_id = ?"
    return site.storage.value(sql, username, group) is not None


def is_admin(site: Site, username: str) -> bool:
    return ADMINISTRATOR in roles_of(site, username)


def sign_in(site: Site, name: str, password: str) -> SignIn:
    """A user and his password, or a token's alias and its secret. `provider/user` is the user."""
    if site.refuses_sign_in():
        return _REFUSED
    name = name.rpartition("/")[2]
    token = tokens.by_alias(site, name)
    account = find(site, token["username"] if token else name)
    if account is None or account["username"] == GUEST:
        return _REFUSED
    if not token and "maxFailedLogins" in site.hazards:
        return SignIn(Verdict.BROKEN)
    if _is_locked(site, account):
        return _REFUSED
    if token:
        right = tokens.fits(site, token, password)
    elif account["password"] is None:
        return SignIn(Verdict.BROKEN)
    else:
        right = passwords.fits(password, account["password"])
    if not right:
        _count_failure(site, account["username"])
        return _REFUSED
    if not account["enabled"] or not (account["verified"] or not preferences.boolean(site, "emailVerification")):
        return _REFUSED
    _note_success(site, account["username"])
    return SignIn(Verdict.IN, account["username"])


def password_has_expired(site: Site, username: str) -> bool:
    """Whether all that this user asks for is turned away to the page where passwords are changed."""
    account = find(site, username)
    if account is None or account["password_set"] is None or "non_expiring" in roles_of(site, username):
        return False
    if preferences.text(site, "passwordExpirationType") != "Interval":
        return False
    age = site.clock.now() - account["password_set"]
    return bool(age > preferences.seconds(site, "passwordExpirationInterval", float("inf")))


def unlock(site: Site, username: str) -> int:
    return site.storage.change("UPDATE accounts SET failed = 0, locked = NULL WHERE username = ?", username)


def _is_locked(site: Site, account: Row) -> bool:
    limit = preferences.integer(site, "maxFailedLogins", 20)
    if limit <= 0 or account["failed"] < limit:
        return False
    duration = preferences.seconds(site, "maxFailedLoginsLockoutDuration", 3600.0)
    if account["locked"] is not None and site.clock.now() - account["locked"] > duration:
        unlock(site, account["username"])
        return False
    return True


def _count_failure(site: Site, username: str) -> None:
    now = site.clock.now()
    site.storage.change(
        "UPDATE accounts SET failed = failed + 1, locked = ?, last_attempt = ? WHERE username = ?", now, now, username
    )


def _note_success(site: Site, username: str) -> None:
    now = site.clock.now()
    site.storage.change(
        "UPDATE accounts SET failed = 0, locked = NULL, last_attempt = ?, last_success = ? WHERE username = ?",
        now,
        now,
        username,
    )


def give_role(site: Site, username: str, role: str) -> None:
    site.storage.change("INSERT OR REPLACE INTO roles VALUES (?, ?, 1)", username, role)


def take_role(site: Site, username: str, role: str) -> bool:
    """Its name stays known. False for the last administrator, who stays one."""
    others = site.storage.value("SELECT 1 FROM roles WHERE role = ? AND held AND username <> ?", role, username)
    if role == ADMINISTRATOR and not others and role in roles_of(site, username):
        return False
    site.storage.change("UPDATE roles SET held = 0 WHERE username = ? AND role = ?", username, role)
    return True


def replace_roles(site: Site, username: str, roles: list[str]) -> None:
    with site.storage.write():
        for role in set(roles_of(site, username)) - set(roles):
            take_role(site, username, role)
        for role in roles:
            give_role(site, username, role)
