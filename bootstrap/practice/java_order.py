"""The order in which Java's hash sets give away what is in them: some messages list names in it."""

from __future__ import annotations

from collections.abc import Iterable

_DEFAULT_CAPACITY = 16


def hash_order(names: Iterable[str], capacity: int = _DEFAULT_CAPACITY) -> list[str]:
    """`names` in the order in which they were put in; `capacity` is what the set was made for."""
    unique = list(dict.fromkeys(names))
    buckets = _table_size(capacity, len(unique))
    return sorted(unique, key=lambda name: _spread(_hash(name)) & (buckets - 1))


def _table_size(capacity: int, count: int) -> int:
    size = 1
    while size < capacity:
        size *= 2
    while count > int(size * 0.75):
        size *= 2
    return size


def _hash(text: str) -> int:
    value = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & 0xFFFFFFFF
    return value


def _spread(value: int) -> int:
    return value ^ (value >> 16)
