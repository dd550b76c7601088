"""XNAT's clock: it comes round, and commits each session that has had no new file for a while."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from bootstrap.practice.admin import preferences, site_config
from bootstrap.practice.data.incoming import committing, prearchive
from bootstrap.practice.data.incoming.archiving import NotArchived
from bootstrap.practice.data.incoming.building import NothingThere
from bootstrap.practice.data.incoming.prearchive import Busy, Gone, Waiting
from bootstrap.practice.data.room import room

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_REPEAT, _INTERVAL = "sessionXmlRebuilderRepeat", "sessionXmlRebuilderInterval"
_USUAL_REPEAT, _USUAL_INTERVAL = 60_000, 5  # milliseconds, minutes
_SHORTEST = 0.1  # seconds of XNAT's between two rounds
_SHORTEST_PAUSE = 30.0  # seconds after which a sender has ended, however fast the clock: a slow one is none that has
_LONGEST = 2**31
_UPLOADER = "uploader"  # a source whose sessions somebody else takes care of
_log = logging.getLogger(__name__)


class Rebuilder:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._round = 0
        self._at_work = threading.Lock()

    def start(self) -> None:
        """Anew, also when its period has changed: rounds of the old one come to nothing."""
        self._round += 1
        mine = self._round
        repeat = min(preferences.integer(self._site, _REPEAT, _USUAL_REPEAT), _LONGEST) / 1000
        self._site.background.every(max(repeat, _SHORTEST), lambda: self._come_round(mine))

    def _come_round(self, mine: int) -> None:
        if mine != self._round or not self._at_work.acquire(blocking=False):
            return
        try:
            self.work()
        finally:
            self._at_work.release()

    def work(self) -> None:
        minutes = min(preferences.integer(self._site, _INTERVAL, _USUAL_INTERVAL), _LONGEST)
        quiet_for = max(self._site.clock.shortened(60 * minutes), _SHORTEST_PAUSE) if minutes > 0 else 0
        quiet_since = self._site.clock.now() - quiet_for
        for waiting in prearchive.receiving(self._site, quiet_since):
            if not waiting.prevent_auto_commit and waiting.source != _UPLOADER:
                self._commit(waiting)

    def _commit(self, waiting: Waiting) -> None:
        try:
            committing.commit(self._site, waiting.username, waiting)
        except (NotArchived, NothingThere, Busy, Gone) as error:
            _log.info("the session %s stays in the prearchive: %s", waiting.address, error)


@room.at_start
def begin(site: Site) -> None:
    rebuilder = Rebuilder(site)
    rebuilder.start()

    def follow(facts: dict[str, str]) -> None:
        if facts["name"] == _REPEAT:
            rebuilder.start()

    site.bus.on(site_config.CHANGED, follow)
