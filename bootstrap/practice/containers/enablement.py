"""Whether a wrapper is switched on, for the site and in projects. Kept in the config service, one document a scope.

The document is {"enabled": ..., "inputs": ..., "outputs": ...} under the tool `container-service`; whether there is
such a wrapper or such a project is not looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bootstrap.practice.admin import configs
from bootstrap.practice.containers import documents
from bootstrap.practice.containers.documents import Document
from bootstrap.practice.containers.problems import Problem
from bootstrap.practice.http import lenient_json

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

TOOL = "container-service"
DISABLED = "wrapper disabled"  # on the bus: wrapper, project ('' for the site)


@dataclass(frozen=True)
class Setting:
    """What one scope has stored for one wrapper."""

    enabled: bool | None = None
    inputs: Document = field(default_factory=dict)
    outputs: Document = field(default_factory=dict)


def stored(site: Site, wrapper: int, project: str = "") -> Setting | None:
    """None where there is nothing, or nothing that can be read."""
    row = configs.newest(site, TOOL, _path(wrapper), project)
    try:
        document = lenient_json.loads(row["contents"] or "") if row else None
        return _setting(document) if document is not None else None
    except (lenient_json.NotJson, Problem):
        return None


def store(site: Site, user: str, wrapper: int, setting: Setting, *, project: str = "", reason: str = "") -> None:
    """A new version, also where nothing changes."""
    if not wrapper:
        return
    document: dict[str, Any] = {} if setting.enabled is None else {"enabled": setting.enabled}
    document |= {"inputs": setting.inputs, "outputs": setting.outputs}
    contents = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    configs.replace(site, user, TOOL, _path(wrapper), contents, project=project, reason=reason)


def forget(site: Site, wrapper: int, project: str = "") -> None:
    configs.forget(site, TOOL, _path(wrapper), project)


def switch(site: Site, user: str, wrapper: int, on: bool, *, project: str = "", reason: str = "") -> None:
    """The rest of what is stored stays as it is."""
    old = stored(site, wrapper, project) or Setting()
    store(site, user, wrapper, Setting(on, old.inputs, old.outputs), project=project, reason=reason)
    if not on:
        site.bus.tell(DISABLED, wrapper=wrapper, project=project)


def for_site(site: Site, wrapper: int) -> bool:
    found = stored(site, wrapper)
    return found is not None and found.enabled is not False


def for_project(site: Site, wrapper: int, project: str) -> bool:
    """What is in effect there: the project's own flag counts only with the site's."""
    own = stored(site, wrapper, project)
    return bool(own and own.enabled) and for_site(site, wrapper)


def in_effect(site: Site, wrapper: int, project: str = "") -> bool:
    return for_project(site, wrapper, project) if project else for_site(site, wrapper)


def projects_of(site: Site, wrapper: int) -> list[str]:
    """Those whose own flag is on, whatever the site's."""
    found = ((project, stored(site, wrapper, project)) for project in configs.projects_with(site, TOOL, _path(wrapper)))
    return [project for project, setting in found if setting and setting.enabled]


def _path(wrapper: int) -> str:
    return f"wrapper-{wrapper}"


def _setting(document: Any) -> Setting:
    read = documents.read("stored-configuration", document)
    return Setting(
        read.get("enabled"),
        {name: documents.with_nulls("input-configuration", one) for name, one in read["inputs"].items()},
        {name: documents.with_nulls("output-configuration", one) for name, one in read["outputs"].items()},
    )
