from __future__ import annotations

import json
from typing import Any

import pytest

from bootstrap.practice.http.lenient_json import NotJson, loads, loads_strictly

READ: list[tuple[str, Any]] = [
    ('{"a": 1}', {"a": 1}),
    ("{'a': 'b'}", {"a": "b"}),
    ("{'a': \"it's\"}", {"a": "it's"}),
    (r"{'a': 'it\'s'}", {"a": "it's"}),
    ("""{'a': 'say "x"'}""", {"a": 'say "x"'}),
    ("[1] and more", [1]),
    ('  "text"  ', "text"),
    ('{"a": 1, "a": 2}', {"a": 2}),
    (r'{"\ud800": ["x\udfff", 1]}', {"?": ["x?", 1]}),
    (r'"\ud83d\ude00"', "\U0001f600"),
    ("[" * 99 + "]" * 99, json.loads("[" * 99 + "]" * 99)),
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
    ("[" * 100_000, "nesting depth"),
    ("1" * 5000, "digits"),
    ("[" * 101 + "]" * 101, "nesting depth"),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_it_reads_what_xnat_reads(text: str, value: object) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text[:10] for text, _ in REFUSED])
def test_it_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(NotJson) as caught:
        loads(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["{'a': 1}", "[1] and more", "[" * 101 + "]" * 101, b"\xff\xfe{", "", "1" * 5000])
def test_strictly_it_reads_json_alone(text: str | bytes) -> None:
    with pytest.raises(NotJson):
        loads_strictly(text)
    assert loads_strictly(rb'{"a": ["\ud800"]}') == {"a": ["?"]}
