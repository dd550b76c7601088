"""What has happened to the things of the archive. Other rooms are told of it on the bus, once all is stored.

    site.bus.on(news.HAPPENED, lambda facts: follow(facts["news"]), after=None)

`thing` says what it is about: a Subject, Experiment (session, assessor), Scan or Resource, as it is now or, when it was
deleted, as it was. Projects have topics of their own, in `projects.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

HAPPENED = "archive"  # on the bus: news
ARRIVED = "archived"  # on the bus: session (its ID) and is_new, when it came in or got more from the prearchive
CREATED, UPDATED, MERGED, DELETED = "CREATED", "UPDATED", "MERGED", "DELETED"


class Thing(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> str:
        """The data type, as in xnat:mrScanData."""
        ...


@dataclass(frozen=True)
class News:
    how: str  # CREATED, UPDATED, MERGED (a session that new data came to) or DELETED
    thing: Thing
    project: str
    user: str  # who did it


def tell(site: Site, several: Iterable[News]) -> None:
    """Once it is stored for good."""
    for one in several:
        site.storage.after_commit(partial(site.bus.tell, HAPPENED, news=one))


def tell_arrival(site: Site, session: str, *, is_new: bool) -> None:
    site.storage.after_commit(partial(site.bus.tell, ARRIVED, session=session, is_new=is_new))
