"""The role ContainerManager: given to the administrators of a site where nobody has it yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts
from bootstrap.practice.containers.access import ROLE
from bootstrap.practice.containers.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@room.at_start
def give_role_to_administrators(site: Site) -> None:
    """Whoever becomes an administrator later has to be given it."""
    everybody = [account["username"] for account in accounts.everybody(site) if account["enabled"]]
    if any(ROLE in accounts.roles_of(site, username) for username in everybody):
        return
    for username in everybody:
        if accounts.is_admin(site, username):
            accounts.give_role(site, username, ROLE)
