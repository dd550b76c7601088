"""What a happening sets going: one record for each active subscription that it matches, and its action.

XNAT does this after it has answered, in no order; events that come while the service is off are lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.facts.jsonpath import FilterFault
from bootstrap.facts.payload_filter import passes
from bootstrap.practice.bus import HANDLER_DELAY
from bootstrap.practice.events import (
    actions,
    delivery_workflows,
    happenings,
    history,
    subscriptions,
    switch,
    validation,
)
from bootstrap.practice.events.happenings import HAPPENED, SCHEDULED, Happening, Payload
from bootstrap.practice.events.room import room
from bootstrap.practice.events.subscriptions import EventFilter, Subscription

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


class ActionFailed(Exception):
    """The action could not do its work; its message goes into the record."""


@dataclass(frozen=True)
class Delivery:
    """What an action is given."""

    site: Site
    number: int  # of the record
    subscription: Subscription
    happening: Happening
    user: str  # in whose name it acts
    payload: Payload | None  # None: the object is gone, or not for this user
    attributes: Mapping[str, str]

    def step(self, status: str, message: str) -> None:
        history.step(self.site, self.number, status, message)

    def leave_workflow(self, provider: str) -> None:
        """Beside what the action itself leaves."""
        last = history.last_status(self.site, self.number)
        if self.payload is not None:
            delivery_workflows.record(self.site, self.user, self.subscription, self.happening, provider, last)


RUNNERS: dict[str, Callable[[Delivery], None]] = {}  # by the provider's class; may raise ActionFailed


@room.at_start
def listen(site: Site) -> None:
    site.bus.on(HAPPENED, lambda facts: _happened(site, facts["happening"]), after=None)


def _happened(site: Site, happening: Happening) -> None:
    if not switch.is_on(site):
        return
    for subscription in subscriptions.everything(site):
        if subscription.active and _matches(subscription.filter, happening):
            site.background.later(HANDLER_DELAY, _job(site, subscription.id, happening))


def _job(site: Site, subscription: int, happening: Happening) -> Callable[[], None]:
    return lambda: _deliver(site, subscription, happening)


def _matches(kept: EventFilter, happening: Happening) -> bool:
    return (
        kept.event_type == happening.type
        and (not kept.status or kept.status == happening.status)
        and _is_meant(kept, happening)
    )


def _is_meant(kept: EventFilter, happening: Happening) -> bool:
    """Of the clock: by its expression, where the subscription has one at all. Else by project."""
    if happening.kind == SCHEDULED:
        return not kept.schedule or kept.schedule == happening.schedule
    return not kept.projects or happening.project in kept.projects


def _deliver(site: Site, number: int, happening: Happening) -> None:
    """The subscription is read anew: what changed in the meantime counts."""
    subscription = subscriptions.find(site, number)
    if subscription is None:
        return
    user = happening.user if subscription.act_as_event_user else subscription.owner
    event_type = f"{happening.event.display_name} : {happening.status}"
    record = history.begin(site, subscription, event_type, user, happening.project)
    history.step(site, record, "EVENT_TRIGGERED", "Event triggered.")
    history.step(site, record, "EVENT_DETECTED", "Event detected.")
    history.step(site, record, "SUBSCRIPTION_TRIGGERED", "Subscription Service process started.")
    if not subscription.active:
        history.step(site, record, "SUBSCRIPTION_DISABLED_HALT", "Inactive subscription skipped.")
        return
    history.note_trigger(site, record, happening.trigger())
    payload = happening.payload(site, happenings.reader(site, user))
    attributes = _resolved(subscription.attributes, happening, payload)
    _act(Delivery(site, record, subscription, happening, user, payload, attributes))


def _act(delivery: Delivery) -> None:
    if delivery.payload is not None:
        delivery.step("OBJECT_SERIALIZED", "Payload Object Serialized.")
    if delivery.happening.kind != SCHEDULED and not _passes_filter(delivery):
        return
    if problem := validation.problem(delivery.site, delivery.subscription):
        delivery.step("FAILED", f"Invalid subscription.\n{problem}")
        delivery.leave_workflow("Event Service")
        return
    delivery.step("RESOLVING_ATTRIBUTES", "Resolving subscription event/action attributes.")
    provider = actions.provider_of(delivery.site, delivery.subscription.action_key)
    assert provider is not None
    delivery.step("ACTION_CALLED", f"Event passed to Action Provider: {provider.display_name}")
    try:
        RUNNERS.get(provider.java_class, _nothing_runs_it)(delivery)
    except ActionFailed as error:
        delivery.step("ACTION_FAILED", str(error))
    delivery.leave_workflow(provider.display_name)


def _passes_filter(delivery: Delivery) -> bool:
    text = delivery.subscription.filter.payload_filter
    if not text:
        return True
    if delivery.payload is None:
        delivery.step(history.MISMATCH, "Event has no object that can be serialized and filtered.")
        return False
    try:
        passed = passes(text, delivery.payload)
    except FilterFault as error:
        delivery.step("OBJECT_FILTERING_FAULT", str(error))
        return False
    if not passed:
        delivery.step(history.MISMATCH, "Event objected failed filter test.")
        return False
    delivery.step("OBJECT_FILTERED", "Event objected passed filter test.")
    return True


def _nothing_runs_it(_delivery: Delivery) -> None:
    raise ActionFailed("The practice XNAT does not run this action: it is not built.")


def _resolved(attributes: Mapping[str, str], happening: Happening, payload: Payload | None) -> dict[str, str]:
    """`#label#` and the like become what they stand for; what is not known stays as it is."""
    event = happening.event
    known = {
        "event-type": event.type,
        "event-display-name": event.display_name,
        "event-description": event.description,
        **{name.lower(): _text(value) for name, value in (payload or {}).items() if not isinstance(value, list | dict)},
    }
    return {
        name: re.sub(r"#([^#]+)#", lambda found: known.get(found[1].lower(), found[0]), value)
        for name, value in attributes.items()
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
