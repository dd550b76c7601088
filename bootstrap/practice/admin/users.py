"""Making and changing users: what is taken, what is refused, what is left as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import accounts, passwords, preferences, tokens
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Refusal
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_USERNAME = re.compile(r"[a-zA-Z][a-zA-Z0-9 \-_'.]{0,63}")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(\.[\w-]+)+")
_NAME = re.compile(r'[^&<>"/]+')
_FORMATS = {"firstName": _NAME, "lastName": _NAME, "email": _EMAIL, "username": _USERNAME}
_COLUMNS = {"firstName": "first_name", "lastName": "last_name", "email": "email"}
_FLAGS = ("enabled", "verified")


def unknown_user() -> Answer:
    return bodies.wrapped("Invalid username and/or password", 404)


def is_username(text: str) -> bool:
    return _USERNAME.fullmatch(text) is not None


def shown(account: Row, *, modified: bool = True, signed_in: bool = False) -> dict[str, Any]:
    """A user as the REST interface shows him; dates only where XNAT has them at hand."""
    return {
        "id": account["id"],
        "username": account["username"],
        "firstName": account["first_name"],
        "lastName": account["last_name"],
        "email": account["email"],
        "secured": True,
        "lastModified": millis(account["modified"]) if modified else None,
        "enabled": bool(account["enabled"]),
        "verified": bool(account["verified"]),
        "lastSuccessfulLogin": millis(account["last_success"]) if signed_in else None,
    }


def create(site: Site, given: dict[str, Any]) -> Row:
    """A Refusal for what is no user, or one that exists."""
    _check_fields(given)
    username = str(given["username"])
    if accounts.find(site, username):
        raise Refusal(bodies.advice(409, f"The resource of type user with the name {username} already exists."))
    password = _password(given)
    if password is not None:
        _check_complexity(site, password, f"Error occurred creating user {username}")
    enabled = given.get("enabled") is None or _flag(given["enabled"])
    verified = given.get("enabled") is None or given.get("verified") is None or _flag(given["verified"])
    now = site.clock.now()
    site.storage.change(
        "INSERT INTO accounts (username, password, password_set, first_name, last_name, email, enabled, verified, "
        "modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(username, None if password is None else passwords.hashed(password), now),
        *(given["firstName"], given["lastName"], given["email"], enabled, verified, now),
    )
    return _there(site, username)


def change(site: Site, username: str, given: dict[str, Any]) -> Row | None:
    """The account as it is now, with the date of the change before; None if nothing was to be changed."""
    account = accounts.find(site, username)
    if account is None:
        raise Refusal(unknown_user())
    if given.get("username") not in (None, "", username):
        text = "The username for the submitted user object must match the username for the API call\n"
        raise Refusal(bodies.advice(400, text))
    if given.get("email") and not _EMAIL.fullmatch(str(given["email"])):
        raise Refusal(bodies.advice(400, "Invalid email format\n"))
    changes = _changes(account, given)
    password = _password(given)
    if not changes and password is None:
        return None
    _bring_back_old_email(site, username, given, changes)
    if password is not None:
        set_password(site, account, password)
    _apply(site, account, changes)
    return _there(site, username, modified=account["modified"])


def set_password(site: Site, account: Row, password: str) -> None:
    """The same one again changes nothing at all, neither its age nor the count of failures."""
    doing = f"Error occurred modifying user {account['username']}"
    if account["password"] is None:
        raise Refusal(bodies.wrapped(doing))
    if passwords.fits(password, account["password"]):
        return
    _check_complexity(site, password, doing)
    now = site.clock.now()
    _check_history(site, account["username"], password, doing)
    with site.storage.write() as db:
        until = now + preferences.seconds(site, "passwordHistoryDuration", 0.0)
        db.execute("INSERT INTO old_passwords VALUES (?, ?, ?)", (account["username"], account["password"], until))
        db.execute(
            "UPDATE accounts SET password = ?, password_set = ?, failed = 0, locked = NULL WHERE id = ?",
            (passwords.hashed(password), now, account["id"]),
        )


def set_flag(site: Site, username: str, flag: str, on: bool) -> None:
    if not accounts.find(site, username):
        raise Refusal(unknown_user())
    site.storage.change(
        f"UPDATE accounts SET {flag} = ?, modified = ? WHERE username = ?", on, site.clock.now(), username
    )


def _check_fields(given: dict[str, Any]) -> None:
    if given.get("authorization") is not None:
        text = "Could not resolve subtype of [simple type, class org.nrg.xdat.entities.UserAuthI]: "
        raise Refusal(bodies.json_error(f"{text}missing type id property 'type' (for POJO property 'authorization')"))
    missing = [name for name in _FORMATS if not str(given.get(name) or "").strip()]
    invalid = {
        name: f"Invalid {name} format"
        for name, allowed in _FORMATS.items()
        if name not in missing and not allowed.fullmatch(str(given[name]))
    }
    if missing or invalid:
        raise Refusal(bodies.invalid_fields(missing, invalid))


def _password(given: dict[str, Any]) -> str | None:
    """What is in an object that says it is secured reads as nothing."""
    password = given.get("password")
    return None if _flag(given.get("secured")) or password in (None, "") else str(password)


def _changes(account: Row, given: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, column in _COLUMNS.items():
        if given.get(name) not in (None, "", account[column]):
            changes[column] = given[name]
    for flag in _FLAGS:
        if given.get(flag) is not None and _flag(given[flag]) != bool(account[flag]):
            changes[flag] = _flag(given[flag])
    return changes


def _bring_back_old_email(site: Site, username: str, given: dict[str, Any], changes: dict[str, Any]) -> None:
    """The account object that XNAT changes may still be the one from before the site was set up."""
    if username == "admin" and (old := site.old_emails.pop(username, None)) and not given.get("email"):
        changes["email"] = old


def _apply(site: Site, account: Row, changes: dict[str, Any]) -> None:
    with site.storage.write() as db:
        for column, value in changes.items():
            db.execute(f"UPDATE accounts SET {column} = ? WHERE id = ?", (value, account["id"]))
        db.execute("UPDATE accounts SET modified = ? WHERE id = ?", (site.clock.now(), account["id"]))
        if changes.get("enabled") is False:
            tokens.deactivate_all_of(site, account["username"])


def _check_complexity(site: Site, password: str, doing: str) -> None:
    try:
        fits = re.fullmatch(preferences.text(site, "passwordComplexity"), password) is not None
    except re.error:
        fits = False
    if not fits:
        message = preferences.text(site, "passwordComplexityMessage")
        raise Refusal(bodies.wrapped(f"{doing} Cause: {message}"))


def _check_history(site: Site, username: str, password: str, doing: str) -> None:
    if preferences.text(site, "passwordReuseRestriction") != "Historical":
        return
    rows = site.storage.rows(
        "SELECT password FROM old_passwords WHERE username = ? AND until > ?", username, site.clock.now()
    )
    if any(passwords.fits(password, row["password"]) for row in rows):
        duration = preferences.text(site, "passwordHistoryDuration")
        raise Refusal(bodies.wrapped(f"{doing} Cause: Password has been used in the previous {duration}."))


def _there(site: Site, username: str, modified: float | None = None) -> Row:
    found = site.storage.row("SELECT ? AS modified, * FROM accounts WHERE username = ?", modified, username)
    if found is None:
        raise LookupError(f"the account {username} that was just written is gone")
    return found


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def millis(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds * 1000)
