"""One practice XNAT in this process: folder, socket and site, and how they start and stop together."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from bootstrap.errors import LocalFileError
from bootstrap.practice import faults as fault_kinds
from bootstrap.practice import rooms
from bootstrap.practice.admin import start
from bootstrap.practice.clock import REAL, Clock
from bootstrap.practice.faults import Fault, Faults
from bootstrap.practice.folder import StateFolder
from bootstrap.practice.holder import Holder
from bootstrap.practice.http.gatekeeper import Gatekeeper, nothing_here
from bootstrap.practice.http.saboteur import REMEMBERED_REQUESTS, Saboteur, Seen
from bootstrap.practice.http.surface import Surface
from bootstrap.practice.http.wire import Wire
from bootstrap.practice.plugins import StartFailed
from bootstrap.practice.site import Site

if TYPE_CHECKING:
    from bootstrap.practice.data.incoming.association import DicomListener

_log = logging.getLogger(__name__)


class PracticeServer:
    """Serves from `start()` to `stop()`.

    `initialized` says what a new state folder becomes; an old one stays what it is.
    `plugins`: jars that a new state folder gets in place of the Container Service. `requests` is all that came in.
    `dicom_port`: where to listen for DICOM, 0 for any port that is free; once it has started, the one that it has got.
    """

    def __init__(
        self,
        state: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        initialized: bool = True,
        faults: Iterable[Fault | str] = (),
        clock: Clock = REAL,
        plugins: Iterable[Path] | None = None,
        dicom_port: int | None = None,
    ) -> None:
        self.folder = StateFolder(Path(state))
        self.faults = Faults(faults)
        self.requests: deque[Seen] = deque(maxlen=REMEMBERED_REQUESTS)
        self.clock = clock
        self.site: Site | None = None  # None while it starts, and when it could not
        self.ready = threading.Event()
        self._host, self._port = host, port
        self._initialized = initialized
        self._plugins = plugins
        self.dicom_port = dicom_port
        self._dicom: DicomListener | None = None
        self._stopping = threading.Event()
        self._booting: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self._wire.url

    def start(self) -> PracticeServer:
        self._is_new = self.folder.make()
        if self._is_new and self._plugins is not None:
            self._put_plugins(self._plugins)
        with ExitStack() as undo:
            self._holder = Holder(self.folder.root)
            undo.callback(self._holder.release)
            self._gate = Gatekeeper()
            self._wire = Wire(self._gate, self._host, self._port, self.folder.spool)
            self._holder.announce(self.url)
            self._wire.start()
            undo.callback(self._end_wire)
            self._boot()
            self._undo = undo.pop_all()
        return self

    def restart(self) -> None:
        """Stop the site and start it again, at the same address; until it is there, requests wait."""
        self._close_site()
        self._is_new = False
        try:
            self._boot()
        except BaseException as error:
            self._has_failed(str(error))  # else all that comes would wait for ever
            raise

    def stop(self) -> None:
        self._close_site()
        self._undo.close()

    def __enter__(self) -> PracticeServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _boot(self) -> None:
        """Start the site; after a slow start it is not there yet when this returns."""
        self.ready.clear()
        self._stopping.clear()
        if delay := self.faults.seconds_of(fault_kinds.SLOW_START):
            self._booting = threading.Thread(target=self._boot_later, args=(delay,), name="practice-boot", daemon=True)
            self._booting.start()
        else:
            self._open_site()

    def _boot_later(self, delay: float) -> None:
        if self._stopping.wait(delay):
            return
        try:
            self._open_site()
        except LocalFileError as error:  # nobody waits for it here: it is as if the webapp had failed
            self._has_failed(error.message)
        except BaseException as error:
            self._has_failed(str(error))
            raise

    def _open_site(self) -> None:
        refuse = self.faults.seconds_of(fault_kinds.FIRST_401) if self._is_new else 0.0
        try:
            self.site = site = Site(self.folder, self.clock, rooms.ROOMS, self.url, refuse_sign_in=refuse)
            site.begin()
        except StartFailed as failure:
            self._has_failed(str(failure))
        else:
            if self._is_new and self._initialized:
                start.initialize(site)
            site.background.settle()
            self._listen_for_dicom(site)
            self._gate.open(Saboteur(Surface(site), site, self.faults, self.requests))
            self.ready.set()

    def _listen_for_dicom(self, site: Site) -> None:
        """On the port that it was given, or has got before."""
        if self.dicom_port is None:
            return
        from bootstrap.practice.data.incoming.association import DicomListener

        try:
            self._dicom = DicomListener(site, self._host, self.dicom_port)
        except LocalFileError:
            site.close()
            self.site = None
            raise
        self.dicom_port = self._dicom.port

    def _has_failed(self, why: str) -> None:
        """From now on every URL is 404."""
        _log.error("the practice XNAT does not start: %s", why)
        if self.site:
            self.site.close()
            self.site = None
        self._gate.open(nothing_here)
        self.ready.set()

    def _close_site(self) -> None:
        self._stopping.set()
        if self._booting:
            self._booting.join()
        self._gate.shut()
        if self._dicom:
            self._dicom.stop()
            self._dicom = None
        if self.site:
            self.site.close()
            self.site = None

    def _end_wire(self) -> None:
        self._gate.end()
        self._wire.stop()

    def _put_plugins(self, jars: Iterable[Path]) -> None:
        for jar in self.folder.plugins.glob("*.jar"):
            jar.unlink()
        for jar in jars:
            shutil.copy(jar, self.folder.plugins)
