"""Readings that several kinds share: asked once in a round, and asked anew in the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar, cast

Found = TypeVar("Found")


class Memo:
    """Safe for the threads of one round: the first one asks, the others wait for its answer (or its error)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, read: Callable[[], Found]) -> Found:
        with self._lock:
            known = self._known.get(key)
            mine = Future[Any]() if known is None else None
            if mine is not None:
                self._known[key] = mine
        if mine is None:
            return cast(Found, cast("Future[Any]", known).result())
        try:
            found = read()
        except BaseException as error:
            mine.set_exception(error)
            raise
        mine.set_result(found)
        return found

    def forget(self) -> None:
        with self._lock:
            self._known = {}
