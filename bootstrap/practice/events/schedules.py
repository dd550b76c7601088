"""Scheduled events: subscriptions that a cron expression wakes, by the practice XNAT's clock.

Looked at every ten seconds of XNAT's. However many times an expression would have come in between, it comes once; what
was due while the server was stopped is not made up for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.facts.cron import CronError, parse_cron
from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.events import subscriptions
from bootstrap.practice.events.happenings import HAPPENED, SCHEDULED, Happening
from bootstrap.practice.events.room import room
from bootstrap.practice.events.validation import CRON

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

SECONDS = 10.0
_USER = "admin"  # the primary administrator
_LABEL = "ScheduledEventPayload"


@room.at_start
def follow(site: Site) -> None:
    site.background.every(SECONDS, Timer(site).look)


class Timer:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._looked = site.clock.now()

    def look(self) -> None:
        before, self._looked = self._looked, self._site.clock.now()
        for schedule in _schedules(self._site):
            if _is_due(schedule, before, self._looked):
                happening = Happening(SCHEDULED, CRON, _USER, "", "", _LABEL, None, schedule=schedule)
                self._site.bus.tell(HAPPENED, happening=happening)


def _schedules(site: Site) -> set[str]:
    """Of all subscriptions, also of those that are off."""
    filters = [one.filter for one in subscriptions.everything(site)]
    return {
        one.schedule for one in filters if one.schedule and one.status == CRON and one.event_type == EVENTS + SCHEDULED
    }


def _is_due(schedule: str, before: float, now: float) -> bool:
    try:
        following = parse_cron(schedule).after(datetime.fromtimestamp(before, UTC))
    except CronError:
        return False
    return following is not None and following.timestamp() <= now
