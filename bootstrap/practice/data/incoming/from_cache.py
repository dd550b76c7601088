"""Imports of files that a user has put aside, at once or in the background."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bootstrap.practice.data import progress, user_cache
from bootstrap.practice.data.incoming.asked import Asked
from bootstrap.practice.http import bodies, uploads
from bootstrap.practice.http.call import Answer, Call
from bootstrap.practice.http.uploads import FRONT, Received

if TYPE_CHECKING:
    from bootstrap.practice.data.user_cache import Cached
    from bootstrap.practice.site import Site

Importer = Callable[[uploads.Received], Answer]
_log = logging.getLogger(__name__)


def imported(call: Call, asked: Asked, importer: Importer) -> Answer:
    """The file stays where it was put aside."""
    found = user_cache.find(call.site, call.caller.name, asked.first("src").removeprefix("/data"))
    if found is None:
        return bodies.status_page(404, "Unknown src file.")
    listener = asked.first("http-session-listener")
    if not listener:
        return _imported(call, found, importer)
    progress.begin(call, listener)
    work = partial(_imported, call, found, importer)
    call.site.background.later(0, lambda: _ended(progress.followed(call, listener, work)))
    return bodies.data_text("Submitted for prearchival")


def _imported(call: Call, found: Cached, importer: Importer) -> Answer:
    try:
        with _copied(call.site, found) as copy:
            return importer(copy)
    except OSError as error:
        return bodies.status_page(500, str(error))


def _ended(answer: Answer) -> None:
    _log.info("an import in the background has ended with %s", answer.status)


@contextmanager
def _copied(site: Site, found: Cached) -> Iterator[Received]:
    folder = site.folder.spool / f"{FRONT}{secrets.token_hex(8)}"
    folder.mkdir()
    try:
        place = folder / "body"
        shutil.copyfile(found.place, place)
        yield Received(found.place.name, place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
