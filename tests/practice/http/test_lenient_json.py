from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.http.lenient_json import NotJson, loads

READ: list[tuple[str, Any]] = [
    ('{"a": 1}', {"a": 1}),
    ("{'a': 'b'}", {"a": "b"}),
    ("{'a': \"it's\"}", {"a": "it's"}),
    (r"{'a': 'it\'s'}", {"a": "it's"}),
    ("""{'a': 'say "x"'}""", {"a": 'say "x"'}),
    ("[1] and more", [1]),
    ('  "text"  ', "text"),
    ('{"a": 1, "a": 2}', {"a": 2}),
]

REFUSED = [
    ("{bad", "Unexpected character ('b' (code 98)): was expecting double-quote to start field name"),
    ("bad", "Unrecognized token 'bad'"),
    ("{", "Unexpected end-of-input"),
    ("", "Unexpected end-of-input"),
    ("[1,,2]", "Unexpected character (',' (code 44))"),
    ("{'a': }", "Unexpected character ('}' (code 125))"),
    ("NaN", "Non-standard token 'NaN'"),
    ("{'a': NaN}", "Non-standard token 'NaN'"),
    ("[" * 100_000, "recursion"),
    ("1" * 5000, "digits"),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_it_reads_what_xnat_reads(text: str, value: object) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text[:10] for text, _ in REFUSED])
def test_it_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(NotJson) as caught:
        loads(text)
    assert said in str(caught.value)
