"""Readings that several kinds share."""

from __future__ import annotations

from itertools import count
from threading import Barrier, Thread

import pytest

from bootstrap.xnat.memo import Memo


def test_a_reading_is_asked_once_until_it_is_forgotten() -> None:
    memo, numbers = Memo(), count(1)
    for _ in range(3):
        assert memo.get("a", lambda: next(numbers)) == 1
    memo.forget()
    assert memo.get("a", lambda: next(numbers)) == 2


def test_threads_of_one_round_share_one_reading() -> None:
    memo, together = Memo(), Barrier(4)
    asked: list[int] = []
    found: list[int] = []

    def read() -> int:
        asked.append(1)
        return 7

    def ask() -> None:
        together.wait()
        found.append(memo.get("a", read))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, asked) == ([7] * 4, [1])


def test_an_error_is_shared_too() -> None:
    memo = Memo()

    def fail() -> int:
        raise OSError("gone")

    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            memo.get("a", fail)
