"""Launches that wait to be staged. They are kept first and begun then, outside the transaction that keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.practice.containers.launching.request import Request

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

QUEUED = "launch queued"  # on the bus: launch, its number


def enqueue(site: Site, request: Request) -> int:
    """Kept, and no more: what is not begun now is begun at the next start."""
    with site.storage.write() as db:
        return db.execute("INSERT INTO launches (request) VALUES (?)", (request.as_text(),)).lastrowid or 0


def begin(site: Site, number: int | None) -> None:
    if number is not None:
        site.bus.tell(QUEUED, launch=number)


def find(site: Site, number: int) -> Request | None:
    text = site.storage.value("SELECT request FROM launches WHERE id = ?", number)
    return Request.of_text(text) if text is not None else None


def change(site: Site, number: int, request: Request) -> None:
    site.storage.change("UPDATE launches SET request = ? WHERE id = ?", request.as_text(), number)


def remove(site: Site, number: int) -> None:
    site.storage.change("DELETE FROM launches WHERE id = ?", number)
