"""`unlock`: removes a lock that a killed run left behind, after showing whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bootstrap.engine.lock import Holder, holders, release
from bootstrap.engine.store import Store
from bootstrap.errors import Refused
from bootstrap.ops.console import Console
from bootstrap.ops.session import Asked, Tools, load, opened, target_of


def unlock_site(place: Path, asked: Asked, tools: Tools, console: Console, confirm: Callable[[str], bool]) -> int:
    target = target_of(asked, tools, load(place, asked, tools))
    with opened(target, tools) as xnat:
        store = Store(xnat.client)
        found = holders(store.lock_rows()) if xnat.initialized else []
        for holder in found:
            console.tell(f"locked by {holder}; {holder.state(datetime.now(UTC))}")
        if any(not holder.dead for holder in found) and not confirm(
            "Remove this lock? A run that still goes on would no longer be alone."
        ):
            raise Refused("removing the lock: not confirmed", hint="nothing was written")
        with xnat.client.writing():
            for holder in found:
                release(store, holder)
    document = {"removed": [_as_json(holder) for holder in found]}
    words = [f"removed the lock of {holder}" for holder in found] or ["there is no lock: nothing to do"]
    console.json_or(document, "\n".join(words))
    return 0


def _as_json(holder: Holder) -> dict[str, str]:
    return {"owner": holder.owner, "user": holder.user, "host": holder.host, "since": holder.since}
