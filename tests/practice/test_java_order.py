from __future__ import annotations

import pytest

from bootstrap.practice.java_order import hash_order


@pytest.mark.parametrize(
    ("names", "capacity", "wanted"),
    [
        (["session", "plain", "fx", "scan", "d2"], 5, ["scan", "fx", "session", "plain", "d2"]),  # as recorded
        (["session", "a"], 5, ["a", "session"]),
        ([], 0, []),
        (["b", "a", "b"], 0, ["a", "b"]),
        (["Aa", "BB"], 16, ["Aa", "BB"]),  # one hash: in the order in which they came
        (["BB", "Aa"], 16, ["BB", "Aa"]),
    ],
)
def test_the_order_of_a_hash_set(names: list[str], capacity: int, wanted: list[str]) -> None:
    assert hash_order(names, capacity) == wanted


def test_a_set_that_grows_keeps_all() -> None:
    names = [f"name-{number}" for number in range(100)]
    assert sorted(hash_order(names, 0)) == sorted(names)
