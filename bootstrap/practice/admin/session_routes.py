"""Who is signed in, and the older /data/user with its switches."""

from __future__ import annotations

import json

from bootstrap.practice.admin import accounts, preferences, users
from bootstrap.practice.admin.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, SELF
from bootstrap.practice.http.call import Answer, Call, Refusal

_NOT_ALLOWED = "User does not have privileges to access this project."
_NO_USER = "As of this release, you must specify a user on which to perform."


@room.get("/xapi/users/active", ADMIN)
def active(call: Call) -> Answer:
    there = call.site.sessions.by_user()
    return bodies.as_json({name: {"sessions": ids, "count": len(ids)} for name, ids in sorted(there.items())})


@room.get("/xapi/users/active/{username}", SELF)
def active_of(call: Call) -> Answer:
    ids = call.site.sessions.of(call.parts["username"])
    return bodies.as_json(ids) if ids else bodies.nothing(304)


@room.delete("/xapi/users/active/{username}", SELF)
def end_sessions(call: Call) -> Answer:
    """All of them, the caller's own too, which is not named in the answer."""
    username = call.parts["username"]
    if accounts.find(call.site, username) is None:
        return users.unknown_user()
    ended = call.site.sessions.end_all_of(username)
    if not ended:
        return bodies.nothing(304)
    own = call.session.id if call.session else ""
    return bodies.as_json([one for one in ended if one != own])


@room.get("/data/user/{USER_ID}/sessions")
def count_sessions(call: Call) -> Answer:
    username = _self_or_admin(call)
    count = len(call.site.sessions.of(username))
    return Answer(200, json.dumps({username: count}, separators=(",", ":")).encode())


@room.delete("/data/user/{USER_ID}/sessions")
def kill_sessions(call: Call) -> Answer:
    call.site.sessions.end_all_of(_self_or_admin(call))
    return bodies.nothing()


@room.get("/data/users")
def list_users(call: Call) -> Answer:
    if preferences.boolean(call.site, "restrictUserListAccessToAdmins") and not call.caller.is_admin:
        return bodies.status_page(403, "Access Denied: Only site managers can access site-level user resources.")
    return bodies.table(
        {
            "xdat_user_id": account["id"],
            "login": account["username"],
            "firstname": account["first_name"],
            "lastname": account["last_name"],
            "email": account["email"],
        }
        for account in accounts.everybody(call.site)
        if account["enabled"]
    )


@room.get("/data/user")
def list_logins(call: Call) -> Answer:
    _admin_only(call)
    return bodies.data_text(json.dumps([account["username"] for account in accounts.everybody(call.site)]))


@room.get("/data/user/{USER_ID}")
def older_object(call: Call) -> Answer:
    _admin_only(call)
    account = accounts.find(call.site, call.parts["USER_ID"])
    if account is None:
        return bodies.status_page(400, _NO_USER)
    fields = {
        "login": account["username"],
        "email": account["email"],
        "firstname": account["first_name"],
        "lastname": account["last_name"],
        "enabled": "true" if account["enabled"] else "false",
        "verified": "true" if account["verified"] else "false",
    }
    said = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items())
    own = json.dumps(account["username"])
    return bodies.data_text(f'{{ {said}, "userAuths": [ {{ "authId": {own}, "method": "localdb" }} ] }}')


@room.post("/data/user/{USER_ID}/roles")
def replace_roles(call: Call) -> Answer:
    _admin_only(call)
    asked = [role for role in call.query.get("roles", "").split(",") if role]
    accounts.replace_roles(call.site, call.parts["USER_ID"], asked)
    return Answer(202, type=bodies.TEXT)


@room.put("/data/user/actions/{USER_ID}/{ACTION}")
@room.delete("/data/user/actions/{USER_ID}/{ACTION}")
def unlock(call: Call) -> Answer:
    """Whatever the action is called."""
    _admin_only(call)
    return bodies.nothing() if accounts.unlock(call.site, call.parts["USER_ID"]) else bodies.status_page(400, _NO_USER)


@room.post("/data/user/actions/{USER_ID}/{ACTION}")
def unlock_by_post(call: Call) -> Answer:
    _admin_only(call)
    return bodies.status_page(500)


def _admin_only(call: Call) -> None:
    if not call.caller.is_admin:
        raise Refusal(bodies.status_page(403, _NOT_ALLOWED))


def _self_or_admin(call: Call) -> str:
    username = call.parts["USER_ID"]
    if username != call.caller.name:
        _admin_only(call)
    return username
