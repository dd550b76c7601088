"""The lock: one apply at a time on one XNAT.

The config service has no compare-and-set and can give two writers one version number. So a lock is written,
then after two seconds its history is read: the earliest row that is still held wins, ties by owner. What a run of
this machine left behind that was killed does not count, and is cleared away.
"""

from __future__ import annotations

import getpass
import json
import secrets
import socket
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

from bootstrap.engine.process import surely_dead, this_process
from bootstrap.engine.store import Row, Store
from bootstrap.errors import LockHeld, XnatError

FORMAT = "xnat-bootstrap/lock"
EXPIRES = timedelta(hours=2)
SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class Holder:
    """Somebody who wrote the lock and has not released it."""

    token: str
    owner: str
    host: str
    user: str
    since: str
    taken: datetime  # by the server's clock
    renewed: datetime
    expires: timedelta = EXPIRES
    process: str = ""
    until: datetime | None = None  # by its holder's clock

    def expired(self, server_now: datetime) -> bool:
        return server_now - self.renewed > self.expires

    @property
    def dead(self) -> bool:
        """Its run was killed, as far as we can know: it ran on this machine."""
        return surely_dead(self.process)

    def blocks(self, now: datetime) -> bool:
        """Whether an apply has to wait for it, as far as our clock can tell."""
        return not self.dead and (self.until is None or now < self.until)

    def state(self, now: datetime) -> str:
        """What has become of it, for a person who asks."""
        if self.dead:
            return "its run was killed: the next apply clears it away"
        if not self.blocks(now):
            return "it has expired: the next apply goes past it"
        until = f"it counts until {self.until.isoformat(timespec='seconds')}" if self.until else "it stands"
        return f"{_age(now - _moment(self.since))} old, {until}"

    def __str__(self) -> str:
        return f"owner `{self.owner}`, {self.user} on {self.host}, since {self.since}"


def holders(rows: Iterable[Row]) -> list[Holder]:
    """Who holds the lock by these rows, the first in line first."""
    held: dict[str, Holder] = {}
    for row in rows:
        document = _document(row.contents)
        token = str(document.get("token", ""))
        if not token:
            continue
        if document.get("state") == "released":
            held.pop(token, None)
            continue
        first, expires = held.get(token), timedelta(seconds=_seconds(document.get("expires_seconds")))
        held[token] = Holder(
            token=token,
            owner=str(document.get("owner", "?")),
            host=str(document.get("host", "?")),
            user=str(document.get("user", "?")),
            since=str(document.get("since", "?")),
            taken=first.taken if first else row.created,
            renewed=row.created,
            expires=expires,
            process=str(document.get("process", "")),
            until=_moment(str(document.get("renewed", document.get("since", "")))) + expires,
        )
    return sorted(held.values(), key=lambda holder: (holder.taken, holder.owner, holder.token))


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) else EXPIRES.total_seconds()


def _document(text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) and document.get("format") == FORMAT else {}


def holder_ahead(rows: list[Row], token: str) -> Holder | None:
    """Who is before us in line, by these rows that hold ours; what has expired or died does not count."""
    lined_up = [holder for holder in holders(rows) if not holder.dead]
    mine = next((holder for holder in lined_up if holder.token == token), None)
    if mine is None:
        return next(iter(lined_up), None)
    ahead = [holder for holder in lined_up if not holder.expired(mine.renewed)]
    return ahead[0] if ahead[0].token != token else None


class Lock:
    """`with Lock(...)`: holds it or raises LockHeld; released on the way out, also on failure."""

    def __init__(
        self,
        store: Store,
        owner: str,
        pause: Callable[[float], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._owner, self._pause, self._now = store, owner, pause, now
        self._token = secrets.token_hex(8)
        self._written = self._since = now()
        self.cleared: list[Holder] = []  # left behind by runs that were killed

    def __enter__(self) -> Lock:
        self._refuse_if_held()
        try:
            self._write("held")
            self._pause(SETTLE_SECONDS)
            ahead = holder_ahead(self._store.lock_rows(), self._token)
        except BaseException:
            with suppress(XnatError):  # what went wrong first is what counts
                self._write("released")
            raise
        if ahead:
            self._write("released")
            raise _held(ahead, self._now())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(XnatError) if kind else nullcontext():
            self._write("released")

    def renew_if_due(self) -> None:
        if self._now() - self._written > EXPIRES / 4:
            self._write("held")

    def _refuse_if_held(self) -> None:
        """A look before we write; the clocks may differ, so what may have expired is left to the rows."""
        found = holders(self._store.lock_rows())
        for holder in found:
            if holder.dead:
                release(self._store, holder)
                self.cleared.append(holder)
        standing = next((holder for holder in found if holder.blocks(self._now())), None)
        if standing:
            raise _held(standing, self._now())

    def _write(self, state: str) -> None:
        self._written = self._now()
        self._store.write_lock(
            json.dumps(
                {
                    "format": FORMAT,
                    "version": 1,
                    "state": state,
                    "token": self._token,
                    "owner": self._owner,
                    "host": socket.gethostname(),
                    "user": _user(),
                    "process": this_process(),
                    "since": self._since.isoformat(timespec="seconds"),
                    "renewed": self._written.isoformat(timespec="microseconds"),
                    "expires_seconds": EXPIRES.total_seconds(),
                }
            )
        )


def _held(holder: Holder, now: datetime) -> LockHeld:
    return LockHeld(
        f"taking the lock: somebody else is applying to this XNAT: {holder}; {holder.state(now)}",
        hint="wait until that run has ended; `xnat-bootstrap unlock SITE` removes a lock that was left behind",
    )


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return "less than a minute" if minutes < 1 else f"{minutes} min" if minutes < 60 else f"{minutes / 60:.1f} h"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


def release(store: Store, holder: Holder) -> None:
    """Ends somebody's lock, as `unlock` does."""
    store.write_lock(json.dumps({"format": FORMAT, "version": 1, "state": "released", "token": holder.token}))
