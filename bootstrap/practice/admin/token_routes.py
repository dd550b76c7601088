"""/data/services/tokens: alias tokens are issued, shown, checked and taken back, all by GET."""

from __future__ import annotations

import re
from typing import Any

from bootstrap.practice.admin import accounts, tokens
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.storage import Row

_BASE = "/data/services/tokens/{OPERATION}"
_NOT_YOURS = "Non-admin users can only request operations on alias tokens for their own account"
_ALIAS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@room.get(_BASE)
def for_oneself(call: Call) -> Answer:
    return _of_user(call, call.caller.name)


@room.get(_BASE + "/user/{USERNAME}")
def for_somebody(call: Call) -> Answer:
    return _of_user(call, call.parts["USERNAME"])


@room.get(_BASE + "/{TOKEN}")
@room.get(_BASE + "/{TOKEN}/{SECRET}")
def of_a_token(call: Call) -> Answer:
    operation, name = call.parts["OPERATION"], call.parts["TOKEN"]
    token = tokens.by_alias_or_number(call.site, name)
    if token is None:
        kind = "alias" if _ALIAS.fullmatch(name) else "ID"
        return bodies.status_page(404, f"Can't find an alias token with the {kind} {name}")
    _check_owner(call, token["username"])
    if operation == "invalidate":
        tokens.invalidate(call.site, token)
        return bodies.data_json({"result": "OK"})
    if operation != "validate":
        raise Refusal(_unknown(operation))
    secret = call.parts.get("SECRET")
    if secret is None:
        return bodies.status_page(401, "You must specify both token and secret to validate a token.")
    fits = tokens.fits(call.site, token, secret)
    return bodies.data_json({"valid": token["username"]} if fits else {})


def _of_user(call: Call, username: str) -> Answer:
    operation = call.parts["OPERATION"]
    if operation not in ("issue", "show"):
        raise Refusal(_unknown(operation))
    _check_owner(call, username)
    if operation == "show":
        shown = [_shown(call, token) | {"validIPAddresses": []} for token in tokens.of_user(call.site, username)]
        return bodies.data_json(shown)
    if accounts.find(call.site, username) is None:
        return bodies.status_page(400, f"An error occurred retrieving the user: {username}")
    return bodies.data_json(_shown(call, tokens.issue(call.site, username)))


def _check_owner(call: Call, username: str) -> None:
    if call.caller.is_guest or not (call.caller.is_admin or call.caller.name == username):
        raise Refusal(bodies.status_page(403, _NOT_YOURS))


def _unknown(operation: str) -> Answer:
    return bodies.status_page(400, f"Unknown operation: {operation}")


def _shown(call: Call, token: Row) -> dict[str, Any]:
    return {
        "alias": token["alias"],
        "secret": token["secret"],
        "singleUse": False,
        "estimatedExpirationTime": int(token["expires"] * 1000),
        "xdatUserId": token["username"],
        "expired": call.site.clock.now() >= token["expires"],
        "id": token["id"],
        "enabled": bool(token["enabled"]),
        "created": int(token["created"] * 1000),
        "timestamp": int(token["created"] * 1000),
        "disabled": 0,
    }
