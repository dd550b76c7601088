"""What the inputs of wrappers start with in a project, over what they start with on the site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from bootstrap.config.site import Site
from bootstrap.kinds.wrapper_defaults import WrapperDefaults
from bootstrap.kinds.wrapper_scopes import ScopedUse, project_scope


class ProjectWrapperDefaults(WrapperDefaults):
    name = "project_wrapper_defaults"
    title = "defaults of a wrapper in a project"
    written_under = "projects.commands"
    needs: ClassVar[tuple[str, ...]] = ("project", "command", "project_enablement")
    in_projects = True

    def scope(self, site: Site) -> Iterable[ScopedUse]:
        return project_scope(site)
