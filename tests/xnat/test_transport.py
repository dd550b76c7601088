from __future__ import annotations

import pytest

from bootstrap.xnat.transport import Request, Response, segment


def test_a_request_says_its_line() -> None:
    request = Request("GET", "/xapi/x", {"a": "1", "b": ["2", "3"]})
    assert request.line == "GET /xapi/x?a=1&b=2&b=3"
    assert Request("PUT", "/xapi/x").line == "PUT /xapi/x"


@pytest.mark.parametrize("path", ["", "xapi/x", "//xapi/x", "https://xnat.example.org/xapi"])
def test_a_path_begins_with_one_slash(path: str) -> None:
    with pytest.raises(ValueError, match="a path begins with one slash"):
        Request("GET", path)


def test_headers_are_found_in_any_case() -> None:
    assert Response(200, {"content-TYPE": "Text/HTML; charset=x"}).media_type == "text/html"


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain", "ä".encode(), "ä"),
        ("text/plain", b"\xe4", "ä"),
        ("text/plain;charset=ISO-8859-1", "ä".encode(), "Ã¤"),
        ('text/plain; charset="utf-8"; x=y', "ä".encode(), "ä"),
        ("text/plain;charset=nosuch", b"abc", "abc"),
        ("", b"", ""),
    ],
)
def test_a_text_is_read_in_its_charset(content_type: str, body: bytes, text: str) -> None:
    assert Response(200, {"Content-Type": content_type}, body).text == text


def test_json_is_utf_8_with_or_without_a_mark() -> None:
    assert Response(200, body=b'\xef\xbb\xbf{"a": "\xc3\xa4"}').json() == {"a": "ä"}


def test_nothing_secret_is_in_a_repr() -> None:
    request = Request("PUT", "/x", headers={"Authorization": "canary"}, body=b"canary")
    response = Response(200, {"Set-Cookie": "canary"}, b"canary", {"JSESSIONID": "canary"})
    assert "canary" not in repr(request) + repr(response)


def test_a_name_does_not_get_out_of_its_segment() -> None:
    assert segment("a/b ?#%") == "a%2Fb%20%3F%23%25"
