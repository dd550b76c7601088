"""What was delivered: a record for each event that a subscription matched, with its steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bootstrap.practice.events import shown, subscriptions
from bootstrap.practice.events.page_request import Condition, PageRequest
from bootstrap.practice.storage import Row

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

MISMATCH = "OBJECT_FILTER_MISMATCH_HALT"
_FAILURES = ("FAULT", "ERROR", "FAILED")
_LONGEST_MESSAGE = 255


@dataclass(frozen=True)
class Scope:
    """Which records are asked for at all."""

    project: str | None = None
    subscription: int | None = None
    with_mismatches: bool = False

    def conditions(self) -> list[Condition]:
        found: list[tuple[str, list[Any]]] = []
        if self.project is not None:
            found.append(("project = ?", [self.project]))
        if self.subscription is not None:
            found.append(("subscription = ?", [self.subscription]))
        if not self.with_mismatches:
            found.append(("status_name <> ?", [MISMATCH]))
        return found


def begin(site: Site, subscription: subscriptions.Subscription, event_type: str, user: str, project: str) -> int:
    """A record without steps; says its number."""
    inputs = "{" + ", ".join(f"{name}={value}" for name, value in subscription.attributes.items()) + "}"
    columns = "subscription, subscription_name, event_type, status_name, status_message, username, project, inputs"
    with site.storage.write() as db:
        number = db.execute(
            f"INSERT INTO deliveries ({columns}, changed) VALUES (?, ?, ?, '', '', ?, ?, ?, ?)",
            (subscription.id, subscription.name, event_type, user, project, inputs, site.clock.now()),
        ).lastrowid
    return number or 0


def step(site: Site, delivery: int, status: str, message: str) -> None:
    now = site.clock.now()
    with site.storage.write() as db:
        db.execute("INSERT INTO delivery_steps VALUES (?, ?, ?, ?)", (delivery, status, message, now))
        db.execute(
            "UPDATE deliveries SET status_name = ?, status_message = ?, changed = ? WHERE id = ?",
            (status, message[:_LONGEST_MESSAGE], now, delivery),
        )


def note_trigger(site: Site, delivery: int, trigger: Mapping[str, Any]) -> None:
    site.storage.change("UPDATE deliveries SET trigger = ? WHERE id = ?", shown.as_text(trigger), delivery)


def note_payload(site: Site, delivery: int, payload: Mapping[str, Any]) -> None:
    site.storage.change("UPDATE deliveries SET payload = ? WHERE id = ?", shown.as_text(payload), delivery)


def last_status(site: Site, delivery: int) -> str:
    return str(site.storage.value("SELECT status_name FROM deliveries WHERE id = ?", delivery) or "")


def page(site: Site, scope: Scope, request: PageRequest, *, with_children: bool = True) -> list[dict[str, Any]]:
    where, values = _where([*scope.conditions(), *request.conditions])
    sql = f"SELECT * FROM deliveries WHERE {where} ORDER BY {request.order} LIMIT ? OFFSET ?"
    rows = site.storage.rows(sql, *values, request.limit, request.offset)
    return [_shown(site, row, with_children=with_children) for row in rows]


def count(site: Site, scope: Scope) -> int:
    where, values = _where(scope.conditions())
    return int(site.storage.value(f"SELECT count(*) FROM deliveries WHERE {where}", *values))


def one(site: Site, number: int) -> dict[str, Any] | None:
    row = site.storage.row("SELECT * FROM deliveries WHERE id = ?", number)
    return _shown(site, row, with_children=True) if row else None


def forget_payloads(site: Site, keep_recent: int) -> None:
    site.storage.change(
        "UPDATE deliveries SET payload = NULL WHERE id NOT IN (SELECT id FROM deliveries ORDER BY id DESC LIMIT ?)",
        max(keep_recent, 0),
    )


def _where(conditions: list[Condition]) -> tuple[str, list[Any]]:
    sql = " AND ".join(part for part, _ in conditions) or "1"
    return sql, [value for _, values in conditions for value in values]


def _shown(site: Site, row: Row, *, with_children: bool) -> dict[str, Any]:
    subscription = subscriptions.find(site, row["subscription"])
    status = row["status_name"]
    return {
        "id": row["id"],
        "event": None,
        "event-type": row["event_type"],
        "timestamp": shown.moment(row["changed"]),
        "subscription": shown.in_history(subscription) if subscription else None,
        "user": row["username"],
        "project": row["project"],
        "inputs": row["inputs"],
        "trigger": json.loads(row["trigger"]) if row["trigger"] else None,
        "status": _steps(site, row["id"]) if with_children else None,
        "status-message": row["status_message"],
        "payload": json.loads(row["payload"]) if row["payload"] and with_children else None,
        "error": any(word in status for word in _FAILURES),
    }


def _steps(site: Site, delivery: int) -> list[dict[str, Any]]:
    rows = site.storage.rows("SELECT * FROM delivery_steps WHERE delivery = ? ORDER BY rowid", delivery)
    return [{"status": row["status"], "timestamp": shown.moment(row["at"]), "message": row["message"]} for row in rows]
