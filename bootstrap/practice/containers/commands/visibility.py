"""Which commands somebody is shown who does not manage them."""

from __future__ import annotations

from bootstrap.practice.containers import enablement
from bootstrap.practice.containers.access import is_manager
from bootstrap.practice.containers.commands.store import Command
from bootstrap.practice.data import rights
from bootstrap.practice.http.call import Call


def seen_by(call: Call, commands: list[Command]) -> list[Command]:
    if is_manager(call):
        return commands
    return [command for command in commands if _is_shown(call, command)]


def _is_shown(call: Call, command: Command) -> bool:
    """Private ones where a project has switched a wrapper on that the caller may read."""
    if command.document["visibility"] != "private":
        return True
    return any(
        rights.may_read(call.site, call.caller, project)
        for wrapper in command.wrappers
        for project in enablement.projects_of(call.site, wrapper.id)
    )
