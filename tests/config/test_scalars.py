from __future__ import annotations

import pytest

from bootstrap.config.scalars import NumberTooLarge, resolve

WORDS: list[tuple[str, object]] = [
    ("", None),
    ("~", None),
    ("null", None),
    ("NULL", None),
    ("true", True),
    ("False", False),
    ("0", 0),
    ("-7", -7),
    ("9223372036854775807", 2**63 - 1),
    ("1.5", 1.5),
    ("-1e3", -1000.0),
    # YAML 1.1 makes something else of these.
    ("yes", "yes"),
    ("NO", "NO"),
    ("on", "on"),
    ("Off", "Off"),
    ("y", "y"),
    ("tRue", "tRue"),
    ("012", "012"),
    ("0o14", "0o14"),
    ("0x1F", "0x1F"),
    ("1_000", "1_000"),
    ("12:30:00", "12:30:00"),
    ("2027-01-31", "2027-01-31"),
    (".inf", ".inf"),
    (".5", ".5"),
    ("5.", "5."),
    ("+5", "+5"),
    ("-", "-"),
    ("1.2.3", "1.2.3"),
    ("=", "="),
]


@pytest.mark.parametrize(("word", "meaning"), WORDS)
def test_a_word_means_what_json_says(word: str, meaning: object) -> None:
    found = resolve(word)
    assert found == meaning
    assert type(found) is type(meaning)


@pytest.mark.parametrize("word", ["9223372036854775808", "-9223372036854775809", "1" * 5000, "1e999", "-1e400"])
def test_a_number_too_large_is_no_other_number(word: str) -> None:
    with pytest.raises(NumberTooLarge):
        resolve(word)
