"""What all items have in common that are kept: how what is said gets into them, and how a row has one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bootstrap.practice.data import numbers
from bootstrap.practice.data.item import Item

if TYPE_CHECKING:
    from bootstrap.practice.site import Site


class CannotBeStored(ValueError):
    """What is wrong with the fields of an item."""


def merged(site: Site, item: Item, said: Item) -> Item:
    """The same item, changed; or CannotBeStored, and it is of no use any more."""
    strange = sorted({*said.fields, *said.children} - {*item.kind.fields, *item.kind.children})
    if strange:
        raise CannotBeStored(f"{item.type} has no {strange[0]}")
    with site.storage.write() as db:
        event = numbers.take(db, numbers.EVENT)
        item.merge(said, event, site.clock.now(), lambda kind: numbers.take(db, kind))
    if faults := item.faults():
        raise CannotBeStored("\n".join(faults))
    return item


def as_text(item: Item) -> str:
    return json.dumps(item.as_document())


def of_text(text: str) -> Item:
    return Item.of_document(json.loads(text))


def date(seconds: float) -> str:
    """As the database writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "milliseconds").removesuffix("+00:00")
