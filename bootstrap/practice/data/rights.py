"""Who may do what with a project: its groups, its accessibility, and those who may do everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts

if TYPE_CHECKING:
    from bootstrap.practice.http.call import Caller
    from bootstrap.practice.site import Site

GROUPS = {"owner": "Owners", "member": "Members", "collaborator": "Collaborators"}


def exists(site: Site, project: str) -> bool:
    return site.storage.value("SELECT 1 FROM projects WHERE id = ?", project) is not None


def accessibility(site: Site, project: str) -> str | None:
    found: str | None = site.storage.value("SELECT accessibility FROM projects WHERE id = ?", project)
    return found


def may_read(site: Site, caller: Caller, project: str) -> bool:
    """Read what is in it. Of a protected project others see no more than that it is there."""
    return sees_all_data(site, caller) or group_of(site, caller, project) is not None or _is_public(site, project)


def readable(site: Site, caller: Caller, projects: Iterable[str]) -> set[str]:
    """Those of them that may be read, each asked about once."""
    return {project for project in set(projects) if may_read(site, caller, project)}


def may_see(site: Site, caller: Caller, project: str) -> bool:
    """Know that it is there."""
    return may_read(site, caller, project) or (not caller.is_guest and accessibility(site, project) == "protected")


def is_listed(site: Site, caller: Caller, project: str) -> bool:
    """As `may_see`, but to be an administrator alone counts for nothing."""
    if group_of(site, caller, project) or accounts.is_in(site, caller.name, accounts.ALL_DATA_ACCESS):
        return True
    return accessibility(site, project) in (("public",) if caller.is_guest else ("public", "protected"))


def may_edit(site: Site, caller: Caller, project: str) -> bool:
    """Write what is in it. To change the project itself takes `may_delete`."""
    return _does_everything(site, caller) or group_of(site, caller, project) in ("owner", "member")


def may_delete(site: Site, caller: Caller, project: str) -> bool:
    return _does_everything(site, caller) or group_of(site, caller, project) == "owner"


def group_of(site: Site, caller: Caller, project: str) -> str | None:
    if not exists(site, project):
        return None
    return next((group for group in GROUPS if accounts.is_in(site, caller.name, f"{project}_{group}")), None)


def _is_public(site: Site, project: str) -> bool:
    return accessibility(site, project) == "public"


def _does_everything(site: Site, caller: Caller) -> bool:
    return caller.is_admin or accounts.is_in(site, caller.name, accounts.ALL_DATA_ADMIN)


def sees_all_data(site: Site, caller: Caller) -> bool:
    return _does_everything(site, caller) or accounts.is_in(site, caller.name, accounts.ALL_DATA_ACCESS)
