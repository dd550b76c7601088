"""Sessions moved from one project's prearchive to another's, and deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.data import projects
from bootstrap.practice.data.incoming import prearchive
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.incoming.routing import UNASSIGNED

if TYPE_CHECKING:
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


def delete(site: Site, waiting: Waiting) -> None:
    with prearchive.held(site, waiting, prearchive.DELETING) as mine:
        prearchive.delete(site, mine)
