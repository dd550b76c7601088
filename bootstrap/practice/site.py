"""One running site: what every room works with between a start and a stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bootstrap.jar import DeclaredPlugin
from bootstrap.practice.admin import preferences
from bootstrap.practice.admin.ini_files import read_ini_files
from bootstrap.practice.auth_files import load_providers
from bootstrap.practice.background import Background
from bootstrap.practice.bus import Bus
from bootstrap.practice.clock import Clock
from bootstrap.practice.folder import StateFolder
from bootstrap.practice.http.sessions import Sessions
from bootstrap.practice.plugins import load_plugins
from bootstrap.practice.storage import Storage

if TYPE_CHECKING:
    from bootstrap.practice.http.rooms import Room


class Site:
    """Opened at each start. What is only here, such as sessions, a restart forgets; `storage` keeps the rest."""

    def __init__(
        self, folder: StateFolder, clock: Clock, rooms: Sequence[Room], address: str, *, refuse_sign_in: float = 0.0
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.rooms = rooms
        self.address = address  # under which the server listens, as in http://127.0.0.1:8080
        self.started = clock.now()
        self.ini = read_ini_files(folder.config)
        self.plugins: Mapping[str, DeclaredPlugin] = load_plugins(folder.plugins)
        self.providers = load_providers(folder.root / "config" / "auth", self.plugins)
        self.storage = Storage(folder.database)
        self.background = Background(clock)
        self.bus = Bus(self.background)
        self.sessions = Sessions(clock)
        self.hazards: set[str] = set()  # what a bad value has broken until the next start
        self.old_emails: dict[str, str] = {}  # addresses in account objects that XNAT still has in its cache
        self.ever_initialized = False  # once true, true until the site stops
        self.open_urls: list[str] = []  # what plugins open to everybody
        self._refuse_sign_in = refuse_sign_in  # seconds from the first answer on
        self._first_answer: float | None = None
        with ExitStack() as undo:
            undo.callback(self.close)
            for room in rooms:
                self.storage.prepare(room.name, room.tables)
            undo.pop_all()

    def begin(self) -> None:
        """Let each room do what XNAT does at a start, then read the settings that are read only then."""
        loaded = [room for room in self.rooms if room.is_loaded(self)]
        for starter in [
            *(seed for room in loaded for seed in room.seeds),
            *(s for room in loaded for s in room.starters),
        ]:
            starter(self)
        self.realm = preferences.text(self, "siteId")
        self.most_sessions = preferences.integer(self, "concurrentMaxSessions", 1000)
        self.browsers = preferences.texts(self, "interactiveAgentIds")
        self.data_paths = tuple(path.removesuffix("**") for path in preferences.texts(self, "dataPaths"))

    def has_answered(self) -> None:
        if self._first_answer is None:
            self._first_answer = self.clock.now()

    def refuses_sign_in(self) -> bool:
        """Whether the accounts' sign-in records are not there yet, as for a while after a first start."""
        if not self._refuse_sign_in:
            return False
        return self._first_answer is None or self.clock.now() - self._first_answer < self._refuse_sign_in

    def close(self) -> None:
        self.background.close()
        self.storage.close()
