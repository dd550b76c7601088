"""/data/status: how far an import has come that goes on after its answer. A restart forgets all of it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bootstrap.practice.data.room import room
from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer, Call

if TYPE_CHECKING:
    from bootstrap.practice.site import Site

_MOST = 1000  # imports of which it is known
_Messages = list[dict[str, Any]]
_SAID: WeakKeyDictionary[Site, OrderedDict[tuple[str, str], _Messages]] = WeakKeyDictionary()
_LOCK = threading.Lock()
_log = logging.getLogger(__name__)


class Failed(Exception):
    """Why an import has come to nothing."""


@room.get("/data/status/{TRANSACTION_ID}")
def show(call: Call) -> Answer:
    """The user's own; of what nobody knows there is nothing to say."""
    with _LOCK:
        known = _SAID.get(call.site) or OrderedDict()
        said = list(known.get((call.caller.name, call.parts["TRANSACTION_ID"]), ()))
    return bodies.data_json({"msgs": [said]})


def follow(site: Site, user: str, name: str, job: Callable[[], None]) -> None:
    """Do it in the background, and say so; `Failed` says why it has come to nothing."""
    _note(site, user, name, "PROCESSING", "Determining destination")

    def followed() -> None:
        status, text = "FAILED", "Import failed"
        try:
            job()
            status, text = "COMPLETED", "Import completed"
        except Failed as error:
            text = str(error)
            _log.info("import %s of %s: %s", name, user, error)
        finally:
            _note(site, user, name, status, text, terminal=True)

    site.background.later(0, followed)


def _note(site: Site, user: str, name: str, status: str, text: str, *, terminal: bool = False) -> None:
    with _LOCK:
        known = _SAID.setdefault(site, OrderedDict())
        known.setdefault((user, name), []).append({"msg": text, "terminal": terminal, "status": status})
        while len(known) > _MOST:
            known.popitem(last=False)
