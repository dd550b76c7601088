"""Whether a subscription is one that can work, as the site sees it at this moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.facts import event_types
from bootstrap.facts.cron import CronError, check_schedule
from bootstrap.facts.jsonpath import JsonPathError
from bootstrap.facts.payload_filter import compile_payload_filter
from bootstrap.practice.admin import accounts
from bootstrap.practice.events import actions
from bootstrap.practice.events.subscriptions import EventFilter, Subscription

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_NOT_INSTALLED = f'Cannot invoke "{event_types.EVENTS}EventServiceEvent.filterablePayload()" because "event" is null'
_ABSTRACT = f"{event_types.EVENTS}AbstractEventServiceEvent"
CRON = "CRON"


class Invalid(Exception):
    """It cannot work; in XNAT's words, which leave out some."""


def validate(site: Site, subscription: Subscription) -> None:
    """Status, projects and attributes are never looked at."""
    kept = subscription.filter
    if kept.event_type not in event_types.known_classes() and kept.event_type != _ABSTRACT:
        raise Invalid(kept.event_type)
    if subscription.listener:
        raise Invalid(f"Could not load custom listener class: {subscription.listener}")
    if accounts.find(site, subscription.owner) is None:
        raise Invalid(subscription.owner)
    _validate_filter(kept)
    _validate_schedule(site, kept)
    _validate_action(site, subscription)


def problem(site: Site, subscription: Subscription) -> str | None:
    """What is wrong with it now; None if it is valid."""
    try:
        validate(site, subscription)
    except Invalid as error:
        return str(error)
    return None


def _validate_filter(kept: EventFilter) -> None:
    if event_types.find(kept.event_type) is None:
        raise Invalid(f"Could not compile jsonPath filter. {_NOT_INSTALLED}")
    if not kept.payload_filter:
        return
    try:
        compile_payload_filter(kept.payload_filter)
    except JsonPathError as error:
        raise Invalid(f"Could not compile jsonPath filter. {error}") from error


def _validate_schedule(site: Site, kept: EventFilter) -> None:
    if kept.status != CRON:
        return
    try:
        check_schedule(kept.schedule or "", datetime.fromtimestamp(site.clock.now(), UTC))
    except CronError as error:
        raise Invalid(f"Invalid Cron Expression. {error}") from error


def _validate_action(site: Site, subscription: Subscription) -> None:
    key = subscription.action_key
    what = f"Could not validate Action: {key}\n"
    provider = actions.provider_of(site, key)
    if provider is None:
        raise Invalid(f"{what}Could not load Action Provider for key:{key}")
    action_id = actions.split_key(key)[1]
    try:
        available = all(
            provider.is_available(site, action_id, project) for project in subscription.filter.projects or ("",)
        )
    except actions.CannotAsk as error:
        raise Invalid(f"{what}{error}") from error
    if not available:
        raise Invalid(f"{what}{key}")
