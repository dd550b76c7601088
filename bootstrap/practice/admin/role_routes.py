"""Roles of users, which may be any text, and their groups."""

from __future__ import annotations

from bootstrap.practice.admin import accounts, groups, users
from bootstrap.practice.admin.room import room
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, SELF
from bootstrap.practice.http.call import Answer, Call, Refusal
from bootstrap.practice.http.rooms import Body
from bootstrap.practice.http.sessions import GUEST


def may_put_into_group(call: Call) -> bool:
    """Administrators, and owners for the three groups of their project."""
    asked = [call.parts["group"]] if "group" in call.parts else call.json
    owned = (groups.project_of(str(group)) for group in asked)
    return call.caller.is_admin or all(
        project is not None and rights.may_delete(call.site, call.caller, project) for project in owned
    )


@room.get("/xapi/users/rolemap", ADMIN)
def role_map(call: Call) -> Answer:
    rows = call.site.storage.rows("SELECT role, username FROM roles WHERE held ORDER BY role, username")
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["role"], []).append(row["username"])
    return bodies.as_json(found)


@room.get("/xapi/users/roles", ADMIN)
def role_names(call: Call) -> Answer:
    """Also those that nobody has any more."""
    return bodies.as_json(
        [row["role"] for row in call.site.storage.rows("SELECT DISTINCT role FROM roles ORDER BY role")]
    )


@room.get("/xapi/users/roles/{role}", ADMIN)
def holders(call: Call) -> Answer:
    rows = call.site.storage.rows(
        "SELECT username FROM roles WHERE role = ? AND held ORDER BY username", call.parts["role"]
    )
    return bodies.as_json([row["username"] for row in rows])


@room.get("/xapi/users/{username}/roles", SELF)
def roles(call: Call) -> Answer:
    username = call.parts["username"]
    return bodies.as_json(accounts.roles_of(call.site, username)) if _exists(call) else bodies.nothing()


@room.put("/xapi/users/{username}/roles", ADMIN, Body.ARRAY)
def add_roles(call: Call) -> Answer:
    _must_exist(call)
    for role in call.json:
        accounts.give_role(call.site, call.parts["username"], str(role))
    return bodies.as_json([])


@room.delete("/xapi/users/{username}/roles", ADMIN, Body.ARRAY)
def remove_roles(call: Call) -> Answer:
    _must_exist(call)
    failed = [role for role in call.json if not accounts.take_role(call.site, call.parts["username"], str(role))]
    return bodies.as_json(failed, 202 if failed else 200)


@room.put("/xapi/users/{username}/roles/{role}", ADMIN)
def add_role(call: Call) -> Answer:
    _must_exist(call)
    accounts.give_role(call.site, call.parts["username"], call.parts["role"])
    return bodies.nothing()


@room.delete("/xapi/users/{username}/roles/{role}", ADMIN)
def remove_role(call: Call) -> Answer:
    _must_exist(call)
    username, role = call.parts["username"], call.parts["role"]
    if not accounts.take_role(call.site, username, role):
        return bodies.wrapped(f"Error occurred removing role {role} from user {username}.")
    return bodies.nothing()


@room.get("/xapi/users/{username}/groups", SELF)
def groups_of(call: Call) -> Answer:
    _must_exist(call)
    return bodies.as_json(accounts.groups_of(call.site, call.parts["username"]))


@room.put("/xapi/users/{username}/groups", may_put_into_group, Body.ARRAY)
def add_groups(call: Call) -> Answer:
    username = _no_guest(call)
    failed = [group for group in call.json if not groups.add(call.site, username, str(group))]
    return bodies.as_json(failed, 202 if failed else 200)


@room.delete("/xapi/users/{username}/groups", SELF, Body.ARRAY)
def remove_groups(call: Call) -> Answer:
    _must_exist(call)
    for group in call.json:
        groups.remove(call.site, call.parts["username"], str(group))
    return bodies.as_json([])


@room.put("/xapi/users/{username}/groups/{group}", may_put_into_group)
def add_group(call: Call) -> Answer:
    username, group = _no_guest(call), call.parts["group"]
    if not groups.add(call.site, username, group):
        return bodies.wrapped(f"Error occurred adding user {username} to group {group}")
    return bodies.nothing()


@room.delete("/xapi/users/{username}/groups/{group}", SELF)
def remove_group(call: Call) -> Answer:
    _must_exist(call)
    groups.remove(call.site, call.parts["username"], call.parts["group"])
    return bodies.nothing()


def _exists(call: Call) -> bool:
    return accounts.find(call.site, call.parts["username"]) is not None


def _must_exist(call: Call) -> None:
    if not _exists(call):
        raise Refusal(users.unknown_user())


def _no_guest(call: Call) -> str:
    _must_exist(call)
    if call.parts["username"] == GUEST:
        raise Refusal(bodies.advice(400, "You can't add the guest user to groups\n"))
    return call.parts["username"]
