"""At a start: sessions that a killed server was busy with wait again, and what it left half done goes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bootstrap.practice.data.incoming import prearchive, strangers
from bootstrap.practice.data.incoming.archiving import STAGED
from bootstrap.practice.data.incoming.prearchive import Waiting
from bootstrap.practice.data.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


@room.at_start
def recover(site: Site) -> None:
    for waiting in prearchive.everything(site):
        if waiting.status in prearchive.BUSY or (waiting.direct and waiting.status != prearchive.RECEIVING):
            _put_back(site, waiting)


def _put_back(site: Site, waiting: Waiting) -> None:
    """One that goes to the archive on its own is received, so that the clock takes it up again."""
    place = prearchive.folder(site, waiting)
    shutil.rmtree(place.with_name(f"{place.name}{STAGED}"), ignore_errors=True)
    if waiting.target:
        strangers.remove(site, waiting.project, waiting.target)
    if waiting.status in (prearchive.DELETING, prearchive.QUEUED + prearchive.DELETING):
        prearchive.delete(site, waiting)
        return
    begun = waiting.item and not (waiting.is_auto or waiting.direct) and waiting.status != prearchive.INTERRUPT
    prearchive.change(site, waiting, status=prearchive.READY if begun else prearchive.RECEIVING, target="")
