"""Cookie sessions. They live in memory: a restart ends them all."""

from __future__ import annotations

import secrets
import threading
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from bootstrap.practice.clock import Clock

GUEST = "guest"
_MOST_SESSIONS = 20_000  # beyond it the oldest of nobody in particular are forgotten


@dataclass
class Session:
    id: str
    user: str
    timeout: float  # seconds
    last_used: float
    csrf: str = field(default_factory=lambda: str(uuid.uuid4()))
    password_expired: bool = False  # it was when the session began; later it is not looked at
    memory: dict[str, Any] = field(default_factory=dict)  # what a room keeps as long as somebody is signed in


class Sessions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, user: str, timeout: float) -> Session:
        session = Session(secrets.token_hex(16).upper(), user, timeout, self._clock.now())
        with self._lock:
            self._sessions[session.id] = session
            self._forget_some()
        return session

    def find(self, session_id: str) -> Session | None:
        """The session, used just now; None if there is none or its time is over."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None:
                return None
            now = self._clock.now()
            if now - session.last_used > session.timeout:
                del self._sessions[session_id]
                return None
            session.last_used = now
            return session

    def end(self, session_id: str) -> bool:
        with self._lock:
            return self._sessions.pop(session_id, None) is not None

    def end_all_of(self, user: str) -> list[str]:
        with self._lock:
            ended = [session.id for session in self._sessions.values() if session.user == user]
            for session_id in ended:
                del self._sessions[session_id]
        return ended

    def of(self, user: str) -> list[str]:
        return self.by_user().get(user, [])

    def by_user(self) -> dict[str, list[str]]:
        """Session ids of everybody who is signed in."""
        now = self._clock.now()
        found: dict[str, list[str]] = {}
        with self._lock:
            for session in self._sessions.values():
                if session.user != GUEST and now - session.last_used <= session.timeout:
                    found.setdefault(session.user, []).append(session.id)
        return found

    def _forget_some(self) -> None:
        if len(self._sessions) <= _MOST_SESSIONS:
            return
        now = self._clock.now()
        for session in list(self._sessions.values()):
            if session.user == GUEST or now - session.last_used > session.timeout:
                del self._sessions[session.id]
