"""Who may do what in the Container Service: its managers, and who owns a project."""

from __future__ import annotations

from bootstrap.practice.admin import accounts
from bootstrap.practice.containers import documents
from bootstrap.practice.containers.problems import Broken, NotAllowed
from bootstrap.practice.data import rights
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import Access, role
from bootstrap.practice.http.call import Call, Refusal

ROLE = "ContainerManager"
MANAGER = role(ROLE)


def is_manager(call: Call) -> bool:
    return ROLE in accounts.roles_of(call.site, call.caller.name)


def must_manage(call: Call) -> None:
    """What the service checks itself, after all that the surface does: 401, also for who is signed in."""
    if not is_manager(call):
        raise NotAllowed(f"User {call.caller.name} is not a Container Manager.")


def must_manage_or_own(call: Call, action: str) -> None:
    """Of a project. Whether it exists is not looked at."""
    if not is_manager(call) and not rights.may_delete(call.site, call.caller, call.project_id()):
        raise NotAllowed(f"User {call.caller.name} does not have {action} access.")


def PROJECT_READER(call: Call) -> bool:
    _stumble_over_unknown_project(call)
    return rights.may_read(call.site, call.caller, _project(call))


def PROJECT_OWNER(call: Call) -> bool:
    """To edit a project is the right of its owners; so is to delete it."""
    _stumble_over_unknown_project(call)
    return rights.may_delete(call.site, call.caller, _project(call))


def after_reading(kind: str, access: Access) -> Access:
    """Make a document of the body first: what cannot be read is 500, whoever sent it."""

    def allowed(call: Call) -> bool:
        call.json = documents.read(kind, call.json)
        return access(call)

    return allowed


def with_parameters(access: Access, *names: str) -> Access:
    """A route that is there only when the request has these parameters: else 400, whoever asks."""

    def allowed(call: Call) -> bool:
        if not all(parameter(call, name) is not None for name in names):
            raise Refusal(bodies.container_page(400))
        return access(call)

    return allowed


def parameter(call: Call, name: str) -> str | None:
    """Of the query or of a form."""
    found = call.query.get(name)
    if found is None and call.media_type == "application/x-www-form-urlencoded":
        found = call.form().get(name)
    return found


def required_parameter(call: Call, name: str, java_type: str = "String") -> str:
    found = parameter(call, name)
    if found is None:
        raise Broken(f"Required request parameter '{name}' for method parameter type {java_type} is not present")
    return found


def _project(call: Call) -> str:
    return call.parts.get("project") or call.query.get("project", "")


def _stumble_over_unknown_project(call: Call) -> None:
    if call.caller.is_admin and not rights.exists(call.site, _project(call)):
        raise Broken("null")
