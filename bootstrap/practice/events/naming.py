"""The name of a subscription that came without one."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from bootstrap.facts import event_types
from bootstrap.practice.events import actions, subscriptions
from bootstrap.practice.events.subscriptions import Subscription

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def made_up(site: Site, subscription: Subscription) -> str:
    """The first that is free; where two already share one, the site gives up and repeats the first."""
    base = _base(site, subscription)
    for number in count(1):
        name = base if number == 1 else f"{base} v{number}"
        taken = subscriptions.how_many_are_named(site, name)
        if taken == 0:
            return name
        if taken > 1:
            break
    return base


def _base(site: Site, subscription: Subscription) -> str:
    kept = subscription.filter
    action, event = actions.find(site, subscription.action_key), event_types.find(kept.event_type)
    status = "" if kept.status is None else f" {kept.status}"
    where = kept.projects[0] if len(kept.projects) == 1 else "Multiple Projects" if kept.projects else "Site"
    what = f"{action.display_name if action else 'Action'} on {event.display_name if event else 'Event'}"
    return f"{what}{status} for {where}"
