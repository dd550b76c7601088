"""What is kept of a subscription, and where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

LONGEST = 255  # letters of any text: all columns have this width


class TooLong(Exception):
    """A text is longer than its column."""


@dataclass(frozen=True)
class EventFilter:
    event_type: str
    status: str | None = None  # None and '': any
    projects: tuple[str, ...] = ()  # none: the whole site
    payload_filter: str | None = None
    schedule: str | None = None
    schedule_description: str | None = None
    name: str | None = None

    @property
    def criteria_hash(self) -> int:
        """Java's hash of what the bus compares: type, projects, status."""
        text = self.event_type + "".join(self.projects) + ("null" if self.status is None else self.status)
        found = 0
        for unit in memoryview(text.encode("utf-16-le")).cast("H"):
            found = (31 * found + unit) & 0xFFFFFFFF
        return found - (1 << 32) if found >> 31 else found


@dataclass(frozen=True)
class Subscription:
    name: str | None
    action_key: str
    filter: EventFilter
    owner: str
    active: bool = True
    attributes: Mapping[str, str] = field(default_factory=dict)
    act_as_event_user: bool = False
    listener: str | None = None
    id: int = 0  # 0: not stored yet
    created: float = 0.0


def find(site: Site, number: int) -> Subscription | None:
    row = site.storage.row("SELECT * FROM subscriptions WHERE id = ?", number)
    return _from_row(row) if row else None


def everything(site: Site) -> list[Subscription]:
    """In an order that says nothing, as XNAT's does."""
    rows = site.storage.rows("SELECT * FROM subscriptions ORDER BY (id * 40503) % 65536, id")
    return [_from_row(row) for row in rows]


def of_project(site: Site, project: str) -> list[Subscription]:
    """Those of the whole site are among them."""
    return [one for one in everything(site) if not one.filter.projects or project in one.filter.projects]


def how_many_are_named(site: Site, name: str) -> int:
    return int(site.storage.value("SELECT count(*) FROM subscriptions WHERE name = ?", name))


def add(site: Site, new: Subscription) -> Subscription:
    columns = _columns(new) | {"owner": new.owner, "created": site.clock.now()}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    with site.storage.write() as db:
        number = db.execute(f"INSERT INTO subscriptions ({names}) VALUES ({marks})", tuple(columns.values())).lastrowid
        too_long = _is_too_long(new)
        if too_long:
            db.execute("DELETE FROM subscriptions WHERE id = ?", (number,))  # its number is used up all the same
    if too_long:
        raise TooLong
    found = find(site, number or 0)
    assert found is not None
    return found


def change(site: Site, changed: Subscription) -> None:
    if _is_too_long(changed):
        raise TooLong
    columns = _columns(changed)
    setters = ", ".join(f"{name} = ?" for name in columns)
    site.storage.change(f"UPDATE subscriptions SET {setters} WHERE id = ?", *columns.values(), changed.id)


def switch(site: Site, number: int, *, active: bool) -> None:
    site.storage.change("UPDATE subscriptions SET active = ? WHERE id = ?", active, number)


def remove(site: Site, number: int) -> None:
    """With all of its history."""
    site.storage.change("DELETE FROM subscriptions WHERE id = ?", number)


def _columns(subscription: Subscription) -> dict[str, Any]:
    kept = subscription.filter
    return {
        "name": subscription.name or "",
        "active": subscription.active,
        "action_key": subscription.action_key,
        "attributes": json.dumps(dict(subscription.attributes)),
        "act_as_event_user": subscription.act_as_event_user,
        "listener": subscription.listener,
        "event_type": kept.event_type,
        "status": kept.status,
        "projects": json.dumps(kept.projects),
        "payload_filter": kept.payload_filter,
        "schedule": kept.schedule,
        "schedule_description": kept.schedule_description,
        "filter_name": kept.name,
    }


def _from_row(row: Row) -> Subscription:
    kept = EventFilter(
        row["event_type"],
        row["status"],
        tuple(json.loads(row["projects"])),
        row["payload_filter"],
        row["schedule"],
        row["schedule_description"],
        row["filter_name"],
    )
    return Subscription(
        row["name"],
        row["action_key"],
        kept,
        row["owner"],
        active=bool(row["active"]),
        attributes=json.loads(row["attributes"]),
        act_as_event_user=bool(row["act_as_event_user"]),
        listener=row["listener"],
        id=row["id"],
        created=row["created"],
    )


def _is_too_long(subscription: Subscription) -> bool:
    texts = [value for name, value in _columns(subscription).items() if name not in ("attributes", "projects")]
    texts += [*subscription.attributes.keys(), *subscription.attributes.values(), *subscription.filter.projects]
    return any(isinstance(text, str) and len(text) > LONGEST for text in texts)
