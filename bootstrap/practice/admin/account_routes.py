"""/xapi/users: who there is, making and changing users."""

from __future__ import annotations

from bootstrap.practice.admin import accounts, preferences, users
from bootstrap.practice.admin.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies, parameters
from bootstrap.practice.http.access import ADMIN, ANYBODY, SELF, SIGNED_IN
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.storage import Row


def may_list(call: Call) -> bool:
    """Everybody who is signed in, or only administrators; his own profile everybody."""
    if call.caller.is_admin or call.parts.get("username") == call.caller.name:
        return True
    return SIGNED_IN(call) and not preferences.boolean(call.site, "restrictUserListAccessToAdmins")


@room.get("/xapi/users", may_list)
def names(call: Call) -> Answer:
    return bodies.as_json([account["username"] for account in accounts.everybody(call.site)])


@room.post("/xapi/users", ADMIN, Body.OBJECT)
def create(call: Call) -> Answer:
    return bodies.as_json(users.shown(users.create(call.site, call.json), modified=False), 201)


@room.get("/xapi/users/profiles", may_list)
def profiles(call: Call) -> Answer:
    return bodies.as_json([users.shown(account, signed_in=True) for account in accounts.everybody(call.site)])


@room.get("/xapi/users/current", may_list)
def current(call: Call) -> Answer:
    there = call.site.sessions.by_user()
    found = [account for account in accounts.everybody(call.site) if account["username"] in there]
    return bodies.as_json([users.shown(account, signed_in=True) for account in found])


@room.get("/xapi/users/profile", SIGNED_IN)
def own_profile(call: Call) -> Answer:
    return _profile(call, call.caller.name)


@room.get("/xapi/users/profile/{username}", may_list)
def profile(call: Call) -> Answer:
    return _profile(call, call.parts["username"])


@room.get("/xapi/users/{username}", SELF)
def one(call: Call) -> Answer:
    username = call.parts["username"]
    account = accounts.find(call.site, username)
    if account is None:
        return bodies.wrapped(f"An error occurred initializing the user {username}")
    return bodies.as_json(users.shown(account))


@room.put("/xapi/users/{username}", ADMIN, Body.OBJECT)
def change(call: Call) -> Answer:
    account = users.change(call.site, call.parts["username"], call.json)
    return bodies.as_json(users.shown(account)) if account else bodies.nothing(304)


@room.get("/xapi/users/{username}/enabled", SELF)
def is_enabled(call: Call) -> Answer:
    account = accounts.find(call.site, call.parts["username"])
    return bodies.as_json(bool(account["enabled"])) if account else users.unknown_user()


@room.put("/xapi/users/{username}/enabled/{flag}", ADMIN)
def set_enabled(call: Call) -> Answer:
    users.set_flag(call.site, call.parts["username"], "enabled", parameters.boolean(call.parts["flag"]))
    return bodies.nothing()


@room.get("/xapi/users/{username}/verified", SELF)
def is_verified(call: Call) -> Answer:
    account = accounts.find(call.site, call.parts["username"])
    return bodies.as_json(bool(account["verified"])) if account else users.unknown_user()


@room.put("/xapi/users/{username}/verified/{flag}", ADMIN)
def set_verified(call: Call) -> Answer:
    users.set_flag(call.site, call.parts["username"], "verified", parameters.boolean(call.parts["flag"]))
    return bodies.nothing()


@room.get("/xapi/users/authDetails/{username}", SELF)
def sign_in_details(call: Call) -> Answer:
    account = accounts.find(call.site, call.parts["username"])
    return bodies.as_json([_details(account)] if account else [])


@room.get("/xapi/users/authProviders", ANYBODY)
def providers(call: Call) -> Answer:
    known = call.site.providers
    enabled = preferences.texts(call.site, "enabledProviders")
    return bodies.as_json([known[name] for name in enabled if name in known])


@room.get("/xapi/users/projects", ANYBODY)
def editable_projects(call: Call) -> Answer:
    rows = call.site.storage.rows("SELECT id FROM projects ORDER BY id")
    return bodies.as_json([row["id"] for row in rows if rights.may_edit(call.site, call.caller, row["id"])])


def _profile(call: Call, username: str) -> Answer:
    if not users.is_username(username):
        return bodies.advice(400, "Invalid username\n")
    account = accounts.find(call.site, username)
    if account is None:
        return bodies.not_found(f"No resource of type xdat:user with the ID or name {username} exists.")
    return bodies.as_json(users.shown(account, signed_in=True))


def _details(account: Row) -> dict[str, object]:
    return {
        "xdatUsername": account["username"],
        "authMethod": "localdb",
        "authUser": account["username"],
        "lastLoginAttempt": users.millis(account["last_attempt"]),
        "lastSuccessfulLogin": users.millis(account["last_success"]),
        "failedLoginAttempts": account["failed"],
    }
