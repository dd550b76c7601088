"""Whole numbers of Java's sizes."""

from __future__ import annotations

import pytest

from bootstrap.practice import java_numbers
from bootstrap.practice.http import parameters
from bootstrap.practice.http.call import Refusal

CASES = [
    ("0", 0, 0),
    ("+7", 7, 7),
    ("-2147483648", -(2**31), -(2**31)),
    ("2147483648", None, 2**31),
    ("-9223372036854775808", None, -(2**63)),
    ("9223372036854775808", None, None),
    *((text, None, None) for text in ("", "-", "1.0", "1_000", " 1", "x", "9" * 5000, "\u00b2")),
]


@pytest.mark.parametrize(("text", "integer", "long"), CASES, ids=[repr(text[:20]) for text, _, _ in CASES])
def test_a_text_is_a_number_or_none(text: str, integer: int | None, long: int | None) -> None:
    assert (java_numbers.integer(text), java_numbers.long(text)) == (integer, long)


def test_a_parameter_that_is_no_number_is_refused_by_its_type() -> None:
    assert parameters.integer(" 7 ") == 7
    assert parameters.integer("2147483648", "java.lang.Long") == 2**31
    with pytest.raises(Refusal) as refused:
        parameters.integer("2147483648")
    assert refused.value.answer.status == 500
