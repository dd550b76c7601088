"""Which orchestration a project has chosen: one, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bootstrap.config.problems import suggest
from bootstrap.config.site import Site
from bootstrap.errors import NotFound
from bootstrap.kinds.command_uses import WrapperName, loaded
from bootstrap.kinds.container_reading import has_containers, orchestrations
from bootstrap.kinds.kind import Exported, Kind, Resource, State
from bootstrap.kinds.orchestration import names_of
from bootstrap.kinds.orchestrations_section import Orchestration
from bootstrap.kinds.project import list_projects
from bootstrap.kinds.projects_section import ProjectUse, projects_of
from bootstrap.kinds.wrapper_scopes import project_scope
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection
from bootstrap.xnat.transport import segment

_FIELD = "orchestration"


class ProjectOrchestration(Kind):
    name = "project_orchestration"
    title = "orchestration of a project"
    written_under = "projects.orchestration"
    needs = ("project", "project_enablement", "orchestration")
    default_is_absence = True
    removal = "gone from the file: the project has none any more"

    def desired(self, site: Site) -> list[Resource]:
        known = _orchestrations(site)
        return [self._resource(site, use, known) for use in projects_of(site) if use.said(_FIELD)]

    def _resource(self, site: Site, use: ProjectUse, known: Mapping[str, Orchestration]) -> Resource:
        project, chosen = use.project.id, use.project.orchestration
        needs = [f"project:{project}"]
        if chosen is not None and chosen in known:
            needs.append(f"orchestration:{chosen}")
            needs += [f"project_enablement:{project}/{name}" for name in names_of(site, known[chosen])]
        return Resource(self.name, project, {_FIELD: chosen}, use.source(_FIELD), needs=tuple(needs))

    def check(self, site: Site) -> list[Problem]:
        return [] if loaded(site).problems else list(_problems(site))

    def read(self, xnat: Connection, wanted: Sequence[Resource]) -> Mapping[str, State]:
        there = xnat.shared("projects", lambda: list_projects(xnat))
        found = xnat.client.parallel(lambda resource: _chosen(xnat, resource.name, there), list(wanted))
        return {resource.name: State({_FIELD: name}) for resource, name in zip(wanted, found, strict=True)}

    def update(self, xnat: Connection, wanted: Resource, current: State, changed: frozenset[str]) -> None:
        chosen = wanted.fields[_FIELD]
        if chosen is None:
            self.delete(xnat, wanted.name, current)
            return
        number = next((row["id"] for row in orchestrations(xnat) if row["name"] == chosen), None)
        doing = f"choosing the orchestration {chosen} for {wanted.name}"
        if number is None:
            raise NotFound("XNAT has no such orchestration", doing=doing, source=wanted.source)
        params = {"orchestrationId": str(number)}
        xnat.client.write("PUT", _path(wanted.name), doing=doing, params=params, source=wanted.source)

    def delete(self, xnat: Connection, name: str, current: State) -> None:
        xnat.client.write("DELETE", _path(name), doing=f"taking the orchestration from {name}")

    def is_default(self, name: str, current: State) -> bool:
        return current.fields[_FIELD] is None

    def export(self, xnat: Connection) -> Exported:
        if not has_containers(xnat) or not orchestrations(xnat):
            return Exported()
        there = xnat.shared("projects", lambda: list_projects(xnat))
        names = sorted(there)
        chosen = zip(names, xnat.client.parallel(lambda name: _chosen(xnat, name, there), names), strict=True)
        found = [{"id": name, _FIELD: one} for name, one in chosen if one]
        return Exported({"projects": found} if found else {})


def _path(project: str) -> str:
    return f"/xapi/orchestration/project/{segment(project)}"


def _chosen(xnat: Connection, project: str, there: Mapping[str, Any]) -> str | None:
    """XNAT answers 500 for a project that is not there."""
    if project not in there:
        return None
    answer = xnat.client.read_json(_path(project), doing=f"reading the orchestration of {project}")
    number = answer.get("selectedOrchestrationId")
    return next((str(row["name"]) for row in answer["availableOrchestrations"] if row["id"] == number), None)


def _orchestrations(site: Site) -> Mapping[str, Orchestration]:
    return {one.name: one for one in site.section("orchestrations") or ()}


def _problems(site: Site) -> Iterator[Problem]:
    known = _orchestrations(site)
    on = {(one.project, one.name) for one in project_scope(site) if one.enabled.get("enabled")}
    for use in projects_of(site):
        chosen = use.project.orchestration
        if chosen is not None and chosen in known:
            yield from _wrappers(site, use, known[chosen], on)
        elif chosen is not None and known:
            message = f"the file has no orchestration `{chosen}`"
            yield Problem("error", "unknown-orchestration", message, suggest(chosen, known), use.source(_FIELD))


def _wrappers(site: Site, use: ProjectUse, one: Orchestration, on: set[tuple[str, WrapperName]]) -> Iterator[Problem]:
    if not one.enabled:
        message = f"the orchestration `{one.name}` is off, so {use.project.id} cannot have it"
        yield Problem("error", "orchestration-off", message, "", use.source(_FIELD))
    missing = [str(name) for name in names_of(site, one) if (use.project.id, name) not in on]
    if missing:
        message = f"`{one.name}` wants {', '.join(missing)} to be on in {use.project.id}"
        hint = "write them under the project's `commands` with `enabled: true`: XNAT would switch them on by itself"
        yield Problem("error", "orchestration-wrapper-off", message, hint, use.source(_FIELD))
