"""What happened to data, for the event service to tell its subscriptions.

A room says so on the bus, once all is stored:

    site.bus.tell(HAPPENED, happening=Happening("SubjectEvent", "CREATED", user, project, ...))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.facts import event_types
from bootstrap.practice.admin import accounts
from bootstrap.practice.http.call import Caller

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

HAPPENED = "event"  # on the bus: happening
SCHEDULED = "ScheduledEvent"  # the kind of what the clock raises
Payload = Mapping[str, Any]


def gone(_site: Site, _reader: Caller) -> Payload | None:
    """The payload of what was deleted: there is none."""
    return None


@dataclass(frozen=True)
class Happening:
    kind: str  # the event's class without its package
    status: str
    user: str  # who did it
    project: str  # '' where it belongs to none
    xsi_type: str
    label: str
    uri: str | None
    payload: Callable[[Site, Caller], Payload | None] = gone  # asked for later, and of what this reader may see
    about: str = ""  # what its workflow is filed under; '' for what has no object
    schedule: str = ""  # of what the clock raises: which expression it was

    @property
    def type(self) -> str:
        return event_types.EVENTS + self.kind

    @property
    def event(self) -> event_types.EventType:
        found = event_types.find(self.type)
        assert found is not None, self.kind
        return found

    def trigger(self) -> dict[str, Any]:
        return {
            "event-name": self.event.display_name,
            "status": self.status,
            "xnat-type": self.xsi_type,
            "URI": self.uri,
            "label": self.label,
            "is-xsi-type": self.event.is_xsi_type,
        }


def reader(site: Site, username: str) -> Caller:
    """A user as one who looks at data, without a request."""
    return Caller(username, is_admin=accounts.is_admin(site, username))
