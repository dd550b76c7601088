"""POST /xapi/commandeventmapping/{id}/convert: an old mapping becomes a subscription that is switched off."""

from __future__ import annotations

from bootstrap.facts.event_types import EVENTS
from bootstrap.practice.containers import mappings
from bootstrap.practice.containers.commands import store
from bootstrap.practice.containers.mappings import Mapping
from bootstrap.practice.containers.numbers import row_number
from bootstrap.practice.containers.problems import Broken
from bootstrap.practice.containers.room import room
from bootstrap.practice.events import keeping
from bootstrap.practice.events.bodies_in import Sent
from bootstrap.practice.events.container_action import ContainerAction
from bootstrap.practice.events.subscriptions import EventFilter, Subscription
from bootstrap.practice.http import bodies
from bootstrap.practice.http.access import SIGNED_IN
from bootstrap.practice.http.call import Answer, Call

_TURNED_INTO = {
    mappings.SESSION: ("SessionEvent", "CREATED"),
    mappings.MERGED: ("SessionEvent", "MERGED"),
    mappings.SCAN: ("ScanEvent", "CREATED"),
}


@room.post("/xapi/commandeventmapping/{id}/convert", SIGNED_IN)
def convert(call: Call) -> Answer:
    mapping = mappings.get(call.site, row_number(call.parts["id"]))
    if mapping.event not in _TURNED_INTO:
        raise Broken(f"{mapping.event} event conversion not supported")
    wrapper = store.wrapper_number(call.site, mapping.command, mapping.wrapper)
    keeping.create(call.site, Sent(_subscription(mapping, wrapper)))
    mappings.switch(call.site, mapping.id, on=False)
    return bodies.nothing()


def _subscription(mapping: Mapping, wrapper: int) -> Subscription:
    event, status = _TURNED_INTO[mapping.event]
    return Subscription(
        f"{mapping.project} {mapping.wrapper} (converted {mapping.id})",
        f"{ContainerAction.java_class}:{wrapper}",
        EventFilter(f"{EVENTS}{event}", status, (mapping.project,) if mapping.project else ()),
        mapping.username,
        active=False,
    )
