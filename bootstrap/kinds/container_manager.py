"""The role ContainerManager of the configuring account: without it the Container Service takes no word of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.config.site import Site
from bootstrap.facts.versions import fits, version_numbers
from bootstrap.kinds.container_names import CONTAINER_SERVICE
from bootstrap.kinds.kind import Finding, Kind, Resource, State
from bootstrap.kinds.plugins_section import wanted_plugins
from bootstrap.kinds.projects_section import projects_of
from bootstrap.kinds.server import server_of
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

ROLE = "ContainerManager"
PLUGIN = CONTAINER_SERVICE
SECTIONS = ("compute", "registries", "images", "commands", "orchestrations")
_ROLE_SINCE = ">=3.7"
_NOT_LOADED = "the Container Service (plugin `containers`) is not loaded"
_LOAD_IT = (
    "name it in `plugins` and say where XNAT's home is, or put its jar into plugins/ there yourself and restart XNAT"
)


@dataclass(frozen=True)
class ManagerState(State):
    loaded: bool = True  # whether there is a Container Service to manage


class ContainerManager(Kind):
    name = "container_manager"
    title = "role ContainerManager"
    written_under = "server"
    needs = ("initialization", "admin_password", "restart")
    remembered = False
    removable = False
    settle_seconds = 10.0

    def desired(self, site: Site) -> list[Resource]:
        section = first_container_section(site)
        if section is None:
            return []
        account = server_of(site).username or "admin"
        declared = wanted_plugins(site).of(PLUGIN) is not None
        return [Resource(self.name, account, {"granted": True}, site.source(*section), payload={"declared": declared})]

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        """Of the account that is signed in: an option may have named another one than the file."""
        granted = not is_role_needed(xnat) or ROLE in _roles(xnat)
        return {
            resource.name: ManagerState(
                {"granted": granted}, notes=_whose(xnat, resource.name, granted), loaded=has_container_service(xnat)
            )
            for resource in wanted
        }

    def hides(self, wanted: Resource, current: State | None) -> str | None:
        if isinstance(current, ManagerState) and not current.loaded:
            return _NOT_LOADED
        if current and current.fields["granted"]:
            return None
        return f"without the role {ROLE} private commands cannot be seen, and nothing can be written"

    def judge(self, xnat: Connection, wanted: Resource, current: State | None) -> Iterable[Problem]:
        if current is not None and not has_container_service(xnat) and not wanted.payload.get("declared"):
            message = f"{_NOT_LOADED} on this XNAT"
            yield Problem("error", "no-container-service", message, _LOAD_IT, wanted.source)

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        path = f"/xapi/users/{segment(xnat.username)}/roles/{ROLE}"
        xnat.client.write("PUT", path, doing=f"granting `{xnat.username}` the role {ROLE}", source=wanted.source)

    def examine(self, xnat: Connection, site: Site) -> Iterable[Finding]:
        if first_container_section(site) is None:
            return
        if not has_container_service(xnat):
            yield Finding("bad", "containers", _NOT_LOADED, _LOAD_IT)
        elif not is_role_needed(xnat):
            yield Finding("good", "containers", f"its version {_version(xnat)} asks for site administrators only")
        elif ROLE in _roles(xnat):
            yield Finding("good", "containers", f"`{xnat.username}` has the role {ROLE}")
        else:
            mend = "`apply` grants it"
            yield Finding("warning", "containers", f"`{xnat.username}` has not the role {ROLE} yet", mend)


def first_container_section(site: Site) -> tuple[str | int, ...] | None:
    """Where the file first speaks of containers; None if it does not."""
    for key in SECTIONS:
        if site.section(key) is not None:
            return (key,)
    for use in projects_of(site):
        if use.project.commands or use.said("orchestration"):
            return ("projects", use.place)
    return None


def is_role_needed(xnat: Connection) -> bool:
    """Before 3.7 site administrators managed containers; a version that says nothing is taken for a new one."""
    version = _version(xnat)
    return not version_numbers(version) or fits(version, _ROLE_SINCE)


def has_container_service(xnat: Connection) -> bool:
    return PLUGIN in xnat.server.plugins


def sees_all_commands(xnat: Connection) -> bool:
    """Private ones are hidden from who lacks the role."""
    return not is_role_needed(xnat) or ROLE in _roles(xnat)


def _version(xnat: Connection) -> str:
    plugin = xnat.server.plugins.get(PLUGIN)
    return plugin.version if plugin else ""


def _roles(xnat: Connection) -> Sequence[str]:
    path = f"/xapi/users/{segment(xnat.username)}/roles"
    roles: Sequence[str] = xnat.client.read_json(path, doing=f"reading the roles of `{xnat.username}`")
    return roles


def _whose(xnat: Connection, name: str, granted: bool) -> tuple[str, ...]:
    return () if granted or name == xnat.username else (f"for `{xnat.username}`, who is signed in",)
