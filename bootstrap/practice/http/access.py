"""Levels of access of /xapi routes. A level says yes or no; the surface makes the answer of a no.

A room adds its own as a function from a call to a truth value; it may raise a Refusal for an answer of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.practice.admin import accounts
from bootstrap.practice.data import rights
from bootstrap.practice.http.call import Call

Access = Callable[[Call], bool]


def ANYBODY(_call: Call) -> bool:
    """Whoever the rule for not signed-in callers lets through."""
    return True


def SIGNED_IN(call: Call) -> bool:
    return not call.caller.is_guest


def ADMIN(call: Call) -> bool:
    return call.caller.is_admin


def SELF(call: Call) -> bool:
    """An administrator, or the user whom the path names."""
    return call.caller.is_admin or (SIGNED_IN(call) and call.parts.get("username") == call.caller.name)


def READ(call: Call) -> bool:
    return rights.may_read(call.site, call.caller, call.project_id())


def EDIT(call: Call) -> bool:
    return rights.may_edit(call.site, call.caller, call.project_id())


def DELETE(call: Call) -> bool:
    """Owners of the project that the path names, and administrators."""
    return rights.may_delete(call.site, call.caller, call.project_id())


def role(*names: str) -> Access:
    """Whoever has one of these roles; `Administrator` is one of them only if it is named."""

    def holds(call: Call) -> bool:
        return any(name in accounts.roles_of(call.site, call.caller.name) for name in names)

    return holds
