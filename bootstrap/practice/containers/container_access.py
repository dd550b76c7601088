"""Who sees a container, who controls it, who may kill it."""

from __future__ import annotations

from bootstrap.practice.containers import access
from bootstrap.practice.containers.launching import records
from bootstrap.practice.containers.launching.records import Container
from bootstrap.practice.containers.problems import NotFound
from bootstrap.practice.data import rights
from bootstrap.practice.http.call import Call


def found(call: Call) -> Container:
    """The one that the path names, by its number or by the engine's id."""
    asked = call.parts.get("containerId") or call.parts["id"]
    container = records.named(call.site, asked)
    if container is None:
        raise NotFound(f"No container with ID {asked}")
    return container


def CONTROL(call: Call) -> bool:
    """Managers, who may see all data, the owner of its project, who launched it. Of one that is not there: anyone."""
    container = records.named(call.site, call.parts.get("containerId") or call.parts.get("id", ""))
    if call.caller.is_guest:
        return False
    return container is None or sees(call, container)


def sees(call: Call, container: Container) -> bool:
    """All of its record."""
    own = container.username == call.caller.name or rights.may_delete(call.site, call.caller, container.project)
    return own or access.is_manager(call) or rights.sees_all_data(call.site, call.caller)


def may_end(call: Call, container: Container) -> bool:
    """To be a manager is not enough."""
    return container.username == call.caller.name or rights.may_delete(call.site, call.caller, container.project)
