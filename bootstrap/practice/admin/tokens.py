"""Alias tokens: a name and a secret that sign in instead of a user and his password."""

from __future__ import annotations

import secrets
import string
import uuid
from typing import TYPE_CHECKING

from bootstrap.practice import java_numbers
from bootstrap.practice.admin import preferences
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_SECRET_LETTERS = string.ascii_letters + string.digits
_SECRET_LENGTH = 64


def issue(site: Site, username: str) -> Row:
    now = site.clock.now()
    secret = "".join(secrets.choice(_SECRET_LETTERS) for _ in range(_SECRET_LENGTH))
    alias = str(uuid.uuid4())
    expires = now + preferences.seconds(site, "aliasTokenTimeout", 172800.0)
    with site.storage.write() as db:
        db.execute(
            "INSERT INTO tokens (alias, secret, username, created, expires) VALUES (?, ?, ?, ?, ?)",
            (alias, secret, username, now, expires),
        )
        found = by_alias(site, alias)
    if found is None:
        raise LookupError("the token that was just issued is gone")
    return found


def by_alias(site: Site, alias: str) -> Row | None:
    return site.storage.row("SELECT * FROM tokens WHERE alias = ?", alias)


def by_alias_or_number(site: Site, name: str) -> Row | None:
    if (number := java_numbers.long(name)) is not None:
        return site.storage.row("SELECT * FROM tokens WHERE id = ? AND enabled", number)
    return site.storage.row("SELECT * FROM tokens WHERE alias = ? AND enabled", name)


def of_user(site: Site, username: str) -> list[Row]:
    return site.storage.rows("SELECT * FROM tokens WHERE username = ? AND enabled ORDER BY id", username)


def fits(site: Site, token: Row, secret: str) -> bool:
    alive = token["enabled"] and site.clock.now() < token["expires"]
    return bool(alive and secrets.compare_digest(secret.encode(), token["secret"].encode()))


def invalidate(site: Site, token: Row) -> None:
    site.storage.change("DELETE FROM tokens WHERE id = ?", token["id"])


def deactivate_all_of(site: Site, username: str) -> None:
    site.storage.change("UPDATE tokens SET enabled = 0 WHERE username = ?", username)
