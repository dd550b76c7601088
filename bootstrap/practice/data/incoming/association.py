"""DICOM over the network: the receivers of the site that run take C-ECHO and C-STORE, all on one port.

On an XNAT each receiver listens on the port of its own. Here all that run listen on the one that the practice server
was given, and are told apart by their AE titles. When a receiver's port is stopped or started again, its associations
end here too.
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
import shutil
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, evt

from bootstrap.errors import LocalFileError
from bootstrap.practice.admin import accounts, preferences, receivers
from bootstrap.practice.data.incoming.connections import Connections
from bootstrap.practice.data.incoming.receiving import Receiver, Refused, Terms
from bootstrap.practice.data.incoming.routing import PROJECT, SESSION, SUBJECT
from bootstrap.practice.http.call import Caller
from bootstrap.practice.http.uploads import FRONT

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_VERIFICATION = "1.2.840.10008.1.1"
_SUCCESS, _NOT_UNDERSTOOD, _OUT_OF_RESOURCES = 0x0000, 0xC000, 0xA700
_REJECTED, _BY_USER, _CALLING_UNKNOWN, _CALLED_UNKNOWN = 0x01, 0x01, 0x03, 0x07
_MOST_ASSOCIATIONS = 100
_EXPRESSIONS = {
    PROJECT: "projectRoutingExpression",
    SUBJECT: "subjectRoutingExpression",
    SESSION: "sessionRoutingExpression",
}
_log = logging.getLogger(__name__)


class DicomListener:
    """Listens from the moment it is made; `port` is the one that it has got."""

    def __init__(self, site: Site, host: str, port: int) -> None:
        self._site = site
        self._folder = site.folder.spool / f"{FRONT}dicom-{secrets.token_hex(8)}"
        self._folder.mkdir()
        self._taking: dict[int, Receiver] = {}  # by association
        self._ports: dict[int, tuple[Any, int]] = {}  # each association, and the port that its receiver has
        self._lock = threading.Lock()
        self._connections = Connections()
        handlers: list[Any] = [
            (evt.EVT_CONN_OPEN, self._connections.opened),
            (evt.EVT_REQUESTED, self._requested),
            (evt.EVT_C_ECHO, lambda _event: _SUCCESS),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_CONN_CLOSE, self._closed),
        ]
        try:
            server: Any = _entity().start_server((host, port), block=False, evt_handlers=handlers)
        except OSError as error:
            raise LocalFileError(
                f"starting the practice XNAT: cannot listen for DICOM on {host}:{port} ({error.strerror or error})",
                hint="choose another --dicom-port (0: any that is free)",
            ) from error
        self._server = server
        site.bus.on(receivers.CYCLED, lambda facts: self._cut(facts["port"]), after=None)
        self.port = int(server.socket.getsockname()[1])

    def stop(self) -> None:
        """Associations are cut; what has come through them is kept."""
        self._server.shutdown()
        self._connections.cut()
        with self._lock:
            left = list(self._taking.values())
            self._taking.clear()
        for receiver in left:
            receiver.finish()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _requested(self, event: evt.Event) -> None:
        association: Any = event.assoc
        asked = association.requestor.primitive
        receiver = _receiver(self._site, asked.called_ae_title.strip())
        if receiver is None:
            return _reject(association, _CALLED_UNKNOWN)
        if not _lets_in(receiver, asked.calling_ae_title.strip(), association.requestor.address):
            return _reject(association, _CALLING_UNKNOWN)
        with self._lock:
            self._taking[id(association)] = Receiver(self._site, _receiving_user(self._site), _terms(receiver))
            self._ports[id(association)] = association, receiver["port"]
        return None

    def _store(self, event: evt.Event) -> int:
        """What nobody wants is a success too, as XNAT says it."""
        with self._lock:
            receiver = self._taking.get(id(event.assoc))
        if receiver is None:
            return _OUT_OF_RESOURCES
        place = self._folder / secrets.token_hex(8)
        try:
            place.write_bytes(event.encoded_dataset())
            receiver.take(place, place.name)
        except Refused as error:
            _log.info("an object is not taken: %s", error)
            return _NOT_UNDERSTOOD
        except (OSError, LocalFileError) as error:
            _log.warning("an object cannot be stored: %s", error)
            return _OUT_OF_RESOURCES
        finally:
            place.unlink(missing_ok=True)
        return _SUCCESS

    def _closed(self, event: evt.Event) -> None:
        """However it came to its end: what it brought so far is there."""
        self._connections.closed(event)
        with self._lock:
            receiver = self._taking.pop(id(event.assoc), None)
            self._ports.pop(id(event.assoc), None)
        if receiver:
            receiver.finish()

    def _cut(self, port: int) -> None:
        with self._lock:
            meant = [association for association, at in self._ports.values() if at == port]
        for association in meant:
            association.abort(block=False)


def _entity() -> AE:
    entity = AE()
    entity.maximum_associations = _MOST_ASSOCIATIONS
    entity.add_supported_context(_VERIFICATION)
    for context in AllStoragePresentationContexts:
        entity.add_supported_context(str(context.abstract_syntax), ALL_TRANSFER_SYNTAXES)
    return entity


def _receiver(site: Site, title: str) -> Mapping[str, Any] | None:
    return next((one for one in receivers.running(site) if one["aeTitle"] == title), None)


def _lets_in(receiver: Mapping[str, Any], title: str, address: str) -> bool:
    """By AE title, address or network, or title@address, if there is a list of them."""
    if not receiver.get("whitelistEnabled"):
        return True
    return any(_is_meant(str(entry).strip(), title, address) for entry in receiver.get("whitelist") or ())


def _is_meant(entry: str, title: str, address: str) -> bool:
    name, at, where = entry.rpartition("@")
    if at:
        return name == title and _is_in(where, address)
    return entry == title or _is_in(entry, address)


def _is_in(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _receiving_user(site: Site) -> Caller:
    name = preferences.text(site, "receivedFileUser") or "admin"
    return Caller(name, is_admin=accounts.is_admin(site, name))


def _terms(receiver: Mapping[str, Any]) -> Terms:
    routes = receiver.get("routingExpressionsEnabled")
    return Terms(
        rename=True,
        prevent_anon=not receiver.get("anonymizationEnabled", True),
        direct=bool(receiver.get("directArchive")),
        expressions={target: receiver.get(name) or "" for target, name in _EXPRESSIONS.items()} if routes else {},
    )


def _reject(association: Any, why: int) -> None:
    association.acse.send_reject(_REJECTED, _BY_USER, why)
    association.kill()
