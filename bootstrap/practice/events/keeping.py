"""Making, changing and finding subscriptions, with the answers to what cannot be done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bootstrap.practice.events import addresses, bodies_in, naming, subscriptions, switch, validation
from bootstrap.practice.events.bodies_in import Sent
from bootstrap.practice.events.subscriptions import Subscription
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Refusal

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_ENTITY = "org.nrg.xnat.eventservice.entities.SubscriptionEntity"
_TOO_LONG = f"null id in {_ENTITY} entry (don't flush the Session after an exception occurs)"
_TOO_LONG_NOW = (
    "could not execute statement; nested exception is "
    "org.hibernate.exception.DataException: could not execute statement"
)


def create(site: Site, sent: Sent) -> Subscription:
    switch.must_be_on(site)
    _must_be_valid(site, sent.subscription)
    if sent.has_filter_nodes:
        raise bodies_in.nodes_break_it()
    new = sent.subscription
    if not new.name:
        new = replace(new, name=naming.made_up(site, new))
    try:
        return subscriptions.add(site, new)
    except subscriptions.TooLong:
        raise Refusal(bodies.wrapped(_TOO_LONG)) from None


def change(site: Site, sent: Sent) -> None:
    """The merged whole must be valid; else nothing is changed."""
    _must_be_valid(site, sent.subscription)
    if sent.has_filter_nodes:
        raise bodies_in.nodes_break_it()
    try:
        subscriptions.change(site, sent.subscription)
    except subscriptions.TooLong:
        raise Refusal(bodies.wrapped(_TOO_LONG_NOW)) from None


def existing(site: Site, number: int) -> Subscription:
    found = subscriptions.find(site, number)
    if found is None:
        raise addresses.no_entity(number)
    return found


def readable(site: Site, number: int) -> Subscription:
    """Only while the service is on."""
    switch.must_be_on(site)
    return existing(site, number)


def _must_be_valid(site: Site, subscription: Subscription) -> None:
    if problem := validation.problem(site, subscription):
        raise Refusal(bodies.as_text(f"Subscription format failed to validate.\n{problem}", 424))
