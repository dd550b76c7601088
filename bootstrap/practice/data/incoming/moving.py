"""Sessions moved from one project's prearchive to another's, and deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.data import projects, rights
from bootstrap.practice.data.incoming import prearchive
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.incoming.routing import UNASSIGNED
from bootstrap.practice.data.room import room

if TYPE_CHECKING:
    from bootstrap.practice.http.call import Caller
    from bootstrap.practice.site import Site


def move(site: Site, waiting: Waiting, project: str) -> Waiting:
    """A project that there is not is taken as well, as XNAT does; but the session stays within reach."""
    known = projects.find_by_name(site, project)
    target = known.id if known else "" if project == UNASSIGNED else project
    after = prearchive.READY if waiting.item else prearchive.RECEIVING
    with prearchive.held(site, waiting, prearchive.MOVING) as mine:
        if known is None and target:
            return prearchive.change(site, mine, status=after)
        code = prearchive.CODES.get(known.prearchive_code, "") if known else ""
        before, moved = prearchive.folder(site, mine), replace(mine, project=target)
        place = prearchive.folder(site, moved)
        place.parent.mkdir(parents=True, exist_ok=True)
        with site.storage.write():
            changed = prearchive.change(site, mine, project=target, autoarchive=code, status=after)
            if before.is_dir():
                before.rename(place)
        prearchive.remove_folder(site, before)
        return changed


def may_take(site: Site, caller: Caller, project: str) -> bool:
    """Whether this user may put sessions into that project; one that there is not takes none, and nobody is told."""
    known = projects.find_by_name(site, project)
    return known is None or rights.may_edit(site, caller, known.id)


@room.at_start
def follow_projects(site: Site) -> None:
    """What waits in the prearchive of a project goes with it."""
    site.bus.on(projects.DELETED, lambda facts: _forget_project(site, facts["project"]), after=None)


def _forget_project(site: Site, project: str) -> None:
    for waiting in prearchive.in_project(site, project):
        prearchive.delete(site, waiting)


def delete(site: Site, waiting: Waiting) -> None:
    with prearchive.held(site, waiting, prearchive.DELETING) as mine:
        prearchive.delete(site, mine)
