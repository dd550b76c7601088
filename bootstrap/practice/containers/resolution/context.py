"""One launch: whose it is, of which wrapper, with which values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.practice.admin import accounts
from bootstrap.practice.containers.commands.store import Command, Wrapper
from bootstrap.practice.http.call import Caller

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@dataclass(frozen=True)
class Context:
    site: Site
    caller: Caller
    command: Command
    wrapper: Wrapper
    given: Mapping[str, str]
    project: str = ""  # whose configuration counts; '': the site's alone


def caller_of(site: Site, username: str) -> Caller:
    """A user as one who acts without a request."""
    return Caller(username, is_admin=accounts.is_admin(site, username))
