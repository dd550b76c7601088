"""Subscriptions as clients send them: to be made for the site or for a project, or to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bootstrap.practice.events.subscriptions import EventFilter, Subscription
from bootstrap.practice.http import bodies, json_fields
from bootstrap.practice.http.call import Refusal

_MODEL = "org.nrg.xnat.eventservice.model."
_NO_FILTER = f'Cannot invoke "{_MODEL}EventFilterCreator.name()" because "creator" is null'
_NODES = f'Cannot invoke "{_MODEL}Subscription.eventFilter()" because "subscription" is null'


@dataclass(frozen=True)
class Sent:
    """What was read, and whether it holds what breaks the server once it is stored."""

    subscription: Subscription
    has_filter_nodes: bool = False


def for_site(body: Any, owner: str) -> Sent:
    members = json_fields.an_object(body, f"{_MODEL}SubscriptionCreator")
    action_key, inner = _action_key(members, "SubscriptionCreator"), members.get("event-filter")
    found = _common(members, action_key, owner)
    if inner is None:
        raise Refusal(bodies.wrapped(_NO_FILTER))
    inner = json_fields.an_object(inner, f"{_MODEL}EventFilterCreator")
    kept = replace(
        _filter(inner, "EventFilterCreator"),
        schedule=json_fields.text(inner, "schedule"),
        schedule_description=json_fields.text(inner, "schedule-description"),
    )
    as_event_user = json_fields.boolean(members, "act-as-event-user") or False
    return Sent(replace(found, filter=kept, act_as_event_user=as_event_user), has_nodes(inner))


def for_project(body: Any, owner: str) -> Sent:
    """Without schedule and act-as-event-user, which are not read here."""
    members = json_fields.an_object(body, f"{_MODEL}ProjectSubscriptionCreator")
    found = _common(members, _action_key(members, "ProjectSubscriptionCreator"), owner)
    inner = members.get("event-filter")
    if inner is None:
        raise json_fields.missing(f"{_MODEL}ProjectSubscriptionCreator", "eventFilter")
    inner = json_fields.an_object(inner, f"{_MODEL}ProjectEventFilterCreator")
    kept = _filter(inner, "ProjectEventFilterCreator")
    if json_fields.texts(inner, "project-ids") is None:
        raise json_fields.missing(f"{_MODEL}ProjectEventFilterCreator", "projectIds")
    return Sent(replace(found, filter=kept), has_nodes(inner))


def merged(body: Any, old: Subscription) -> Sent:
    """A change: what is not sent stays, but for what falls back to its default."""
    members = json_fields.an_object(body, f"{_MODEL}SubscriptionUpdate")
    active = json_fields.boolean(members, "active")
    sent_filter = members.get("event-filter")
    inner: Mapping[str, Any] = {}
    kept = old.filter
    if sent_filter is not None:
        inner = json_fields.an_object(sent_filter, f"{_MODEL}EventFilterCreator")
        kept = _merged_filter(inner, old.filter)
    changed = replace(
        old,
        name=_sent_or(members, "name", old.name),
        active=old.active if active is None else active,
        action_key=_sent_or(members, "action-key", old.action_key) or "",
        attributes=json_fields.text_map(members, "attributes") or {},
        act_as_event_user=json_fields.boolean(members, "act-as-event-user") or False,
        filter=kept,
    )
    return Sent(changed, has_nodes(inner))


def has_nodes(inner: Mapping[str, Any]) -> bool:
    return inner.get("filter-nodes") is not None


def nodes_break_it() -> Refusal:
    return Refusal(bodies.wrapped(_NODES))


def _action_key(members: Mapping[str, Any], creator: str) -> str:
    key = json_fields.text(members, "action-key")
    if key is None:
        raise json_fields.missing(_MODEL + creator, "actionKey")
    return key


def _common(members: Mapping[str, Any], action_key: str, owner: str) -> Subscription:
    active = json_fields.boolean(members, "active")
    return Subscription(
        json_fields.text(members, "name"),
        action_key,
        EventFilter(""),
        owner,
        active=True if active is None else active,
        attributes=json_fields.text_map(members, "attributes") or {},
        listener=json_fields.text(members, "custom-listener-id"),
    )


def _filter(inner: Mapping[str, Any], creator: str) -> EventFilter:
    event_type = json_fields.text(inner, "event-type")
    if event_type is None:
        raise json_fields.missing(_MODEL + creator, "eventType")
    return EventFilter(
        event_type,
        json_fields.text(inner, "status"),
        json_fields.texts(inner, "project-ids") or (),
        json_fields.text(inner, "payload-filter"),
        name=json_fields.text(inner, "name"),
    )


def _merged_filter(inner: Mapping[str, Any], old: EventFilter) -> EventFilter:
    return EventFilter(
        _sent_or(inner, "event-type", old.event_type) or "",
        _sent_or(inner, "status", old.status),
        json_fields.texts(inner, "project-ids") or (),
        _sent_or(inner, "payload-filter", old.payload_filter),
        json_fields.text(inner, "schedule"),
        json_fields.text(inner, "schedule-description"),
        _sent_or(inner, "name", old.name),
    )


def _sent_or(members: Mapping[str, Any], name: str, otherwise: str | None) -> str | None:
    found = json_fields.text(members, name)
    return otherwise if found is None else found
