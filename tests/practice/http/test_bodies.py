from __future__ import annotations

from typing import Any

import pytest

from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer

CASES: list[tuple[Answer, int, str, str | None]] = [
    (bodies.nothing(), 200, "", None),
    (bodies.as_json({"a": None, "b": [{"c": None}], "d": "<é>"}), 200, '{"b":[{}],"d":"<é>"}', bodies.JSON),
    (bodies.raw_json("text"), 200, "text", bodies.JSON),
    (bodies.as_text("snow ☃", accept="text/plain;charset=UTF-8"), 200, "snow ☃", bodies.TEXT_UTF8),
    (bodies.advice(404, ""), 404, "", None),
    (bodies.wrapped("x"), 500, "There was an error in the request : x", bodies.TEXT),
    (bodies.not_found("x"), 404, "Unable to find requested file or resource: x", bodies.TEXT),
    (
        bodies.invalid_fields(["a", "b"], {"z": "bad", "y": "worse"}, ["c"]),
        400,
        "There was an error with the submitted data\n * Missing fields: a, b\n * Unknown fields: c\n"
        " * Invalid fields:\n    - y: worse\n    - z: bad\n",
        bodies.TEXT,
    ),
    (bodies.denied(guest=False, realm="X"), 403, "", None),
    (bodies.denied(guest=False, realm="X", body="false"), 403, "false", bodies.JSON),
    (bodies.denied(guest=True, realm="X", status=201), 201, "", None),
    (bodies.table([{"a": None, "b": 1}]), 200, '{"ResultSet":{"Result":[{"a":"","b":"1"}],"totalRecords":"1"}}', None),
    (bodies.table([], total=False, title="T"), 200, '{"ResultSet":{"Result":[],"title":"T"}}', None),
]


@pytest.mark.parametrize(("answer", "status", "text", "kind"), CASES)
def test_a_body(answer: Answer, status: int, text: str, kind: str | None) -> None:
    assert isinstance(answer.body, bytes)
    assert (answer.status, answer.body.decode()) == (status, text)
    assert answer.type == (kind or ("application/json" if text.startswith('{"Res') else None))


def test_latin_1_has_question_marks_for_what_it_lacks() -> None:
    assert bodies.as_text("ö ☃").body == b"\xf6 ?"


@pytest.mark.parametrize(
    ("status", "said"), [(404, "has not found anything"), (418, "a Teapot"), (499, "<h3>Error</h3>")]
)
def test_a_status_page_without_words_has_those_of_its_status(status: int, said: str) -> None:
    answer = bodies.status_page(status)
    assert isinstance(answer.body, bytes)
    assert said in answer.body.decode()


@pytest.mark.parametrize("make", [bodies.status_page, bodies.container_page])
def test_pages_do_not_let_markup_through(make: Any) -> None:
    assert b"<script>" not in make(400, "<script>").body
