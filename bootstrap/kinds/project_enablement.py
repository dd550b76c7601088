"""Which wrappers can be launched in a project: its own flag, which counts only where the site's is on as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from bootstrap.config.site import Site
from bootstrap.kinds.command_uses import loaded
from bootstrap.kinds.container_reading import NOTHING, has_containers, site_rows
from bootstrap.kinds.enablement import Enablement
from bootstrap.kinds.kind import Exported, Resource
from bootstrap.kinds.project_export import export_projects
from bootstrap.kinds.wrapper_scopes import ScopedUse, project_problems, project_scope
from bootstrap.values import Problem
from bootstrap.xnat.connection import Connection


class ProjectEnablement(Enablement):
    name = "project_enablement"
    title = "switch of a wrapper in a project"
    written_under = "projects.commands"
    needs: ClassVar[tuple[str, ...]] = ("project", "command", "enablement")
    in_projects = True

    def scope(self, site: Site) -> Iterable[ScopedUse]:
        return project_scope(site)

    def check(self, site: Site) -> list[Problem]:
        return [] if loaded(site).problems else list(project_problems(site))

    def notes(self, xnat: Connection, wanted: Resource, number: int) -> Iterator[str]:
        """The two flags told apart."""
        if wanted.fields["enabled"] is not True:
            return
        if not site_rows(xnat).get(number, NOTHING).on_site:
            yield "only its own flag: it has no effect while the wrapper is off for the site"

    def export(self, xnat: Connection) -> Exported:
        return export_projects(xnat) if has_containers(xnat) else Exported()
