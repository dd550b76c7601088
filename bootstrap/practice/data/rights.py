"""Who may do what with a project: its groups, its accessibility, and those who may do everything."""

from __future__ import annotations

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
    return _sees_all_data(site, caller) or _group(site, caller, project) is not None or _is_public(site, project)


def may_see(site: Site, caller: Caller, project: str) -> bool:
    """Know that it is there."""
    return may_read(site, caller, project) or (not caller.is_guest and accessibility(site, project) == "protected")


def may_edit(site: Site, caller: Caller, project: str) -> bool:
    return _does_everything(site, caller) or _group(site, caller, project) in ("owner", "member")


def may_delete(site: Site, caller: Caller, project: str) -> bool:
    return _does_everything(site, caller) or _group(site, caller, project) == "owner"


def _group(site: Site, caller: Caller, project: str) -> str | None:
    groups = accounts.groups_of(site, caller.name)
    return next((group for group in GROUPS if f"{project}_{group}" in groups), None) if exists(site, project) else None


def _is_public(site: Site, project: str) -> bool:
    return accessibility(site, project) == "public"


def _does_everything(site: Site, caller: Caller) -> bool:
    return caller.is_admin or accounts.ALL_DATA_ADMIN in accounts.groups_of(site, caller.name)


def _sees_all_data(site: Site, caller: Caller) -> bool:
    return _does_everything(site, caller) or accounts.ALL_DATA_ACCESS in accounts.groups_of(site, caller.name)
