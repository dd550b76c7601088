"""Subscriptions as the site shows them: in its own form, and in that of a project."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bootstrap.practice.events import validation
from bootstrap.practice.events.subscriptions import EventFilter, Subscription

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


def for_site(site: Site, subscription: Subscription) -> dict[str, Any]:
    """Whether it is valid is worked out anew each time."""
    problem = validation.problem(site, subscription)
    return _document(subscription, {"valid": problem is None, **({"validation-message": problem} if problem else {})})


def for_project(site: Site, subscription: Subscription, project: str) -> dict[str, Any]:
    """With the message also where there is none, and whether the project may change it."""
    problem = validation.problem(site, subscription)
    found = _document(subscription, {"valid": problem is None, "validation-message": problem})
    return {**found, "editable": subscription.filter.projects == (project,)}


def in_history(subscription: Subscription) -> dict[str, Any]:
    return _document(subscription, {})


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def as_text(document: Any) -> str:
    """JSON that keeps its nulls."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _document(subscription: Subscription, validity: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "name": subscription.name,
        "active": subscription.active,
        "action-key": subscription.action_key,
        "attributes": dict(subscription.attributes),
        "event-filter": _filter(subscription.filter),
        "act-as-event-user": subscription.act_as_event_user,
        "subscription-owner": subscription.owner,
        **validity,
        "created": moment(subscription.created),
    }


def _filter(kept: EventFilter) -> dict[str, Any]:
    optional = {
        "status": kept.status,
        "schedule": kept.schedule,
        "schedule-description": kept.schedule_description,
        "payload-filter": kept.payload_filter,
        "name": kept.name,
    }
    return {
        "reactorCriteriaHash": kept.criteria_hash,
        "event-type": kept.event_type,
        "project-ids": list(kept.projects),
        **{name: value for name, value in optional.items() if value is not None},
    }
