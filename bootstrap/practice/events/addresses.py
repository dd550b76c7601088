"""Who may call the event service's addresses, and the ids in them."""

from __future__ import annotations

import re

from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import ADMIN, DELETE
from bootstrap.practice.http.call import Call, Refusal

_LARGEST = 2**63 - 1


def number(call: Call) -> int:
    """The id in the path; a server error if it is no number."""
    text = call.parts["id"].strip()
    if re.fullmatch(r"[+-]?[0-9]{1,19}", text) and abs(int(text)) <= _LARGEST:
        return int(text)
    said = f'java.lang.NumberFormatException: For input string: "{call.parts["id"]}"'
    what = "Failed to convert value of type 'java.lang.String' to required type 'long'"
    raise Refusal(bodies.wrapped(f"{what}; nested exception is {said}"))


def no_entity(wanted: int) -> Refusal:
    return Refusal(bodies.wrapped(f"Could not find entity with ID {wanted}", 404))


def ADMIN_BY_ID(call: Call) -> bool:
    """The id is read before anybody's right is looked at."""
    number(call)
    return ADMIN(call)


def PROJECT(call: Call) -> bool:
    """Owners of the project and administrators, for whom a project that is not there is a server error."""
    if rights.exists(call.site, call.project_id()):
        return DELETE(call)
    if call.caller.is_admin:
        raise Refusal(bodies.wrapped("null"))
    return False


def PROJECT_BY_ID(call: Call) -> bool:
    number(call)
    return PROJECT(call)
