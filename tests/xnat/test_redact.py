from __future__ import annotations

import pytest

from bootstrap.values import Secret
from bootstrap.xnat.redact import Redactor


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets:
        made.add(Secret(secret), "ann")
    return made


PASSWORD = 'pä"ss/wörd&<1>'


@pytest.mark.parametrize(
    "text",
    [
        PASSWORD,
        "said p%C3%A4%22ss/w%C3%B6rd%26%3C1%3E today",
        "said p%C3%A4%22ss%2Fw%C3%B6rd%26%3C1%3E today",
        r"{\"x\": \"pä\"ss/wörd&<1>\"}",
        r'{"x": "p\u00e4\"ss/w\u00f6rd&<1>"}',
        "<h3>pä&quot;ss/wörd&amp;&lt;1&gt;</h3>",
        "x YW5uOnDDpCJzcy93w7ZyZCY8MT4= y",
    ],
)
def test_a_known_secret_is_found_in_every_dress(text: str) -> None:
    clean = redactor(PASSWORD).clean(text)
    assert "***" in clean
    assert "rd" not in clean.replace("word", "")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('{"smtpPassword": "canary", "a": 1}', '{"smtpPassword": "***", "a": 1}'),
        (r'{"password":"can\"ary"}', '{"password":"***"}'),
        ('{"secret":"canary cut o', '{"secret":"***"'),
        ("username=ann&password=canary&x=1", "username=ann&password=***&x=1"),
        ("?XNAT_CSRF=canary", "?XNAT_CSRF=***"),
        ("Authorization: Basic Y2FuYXJ5Y2FuYXJ5", "Authorization: Basic ***"),
        ("Cookie: JSESSIONID=canary; x=1", "Cookie: JSESSIONID=***; x=1"),
        ("148E38B0DA1D1CECE27B479EB350B187; XNAT_CSRF=canary", "***; XNAT_CSRF=***"),
        ("GET /data/services/tokens/validate/a1/canary -> 200", "GET /data/services/tokens/validate/*** -> 200"),
        ("GET /data/services/tokens/issue -> 200", "GET /data/services/tokens/issue -> 200"),
        ('{"alias":"0b4e5f0c-9d6f-4a57-8c5f-6d2b1f7c2a10"}', '{"alias":"***"}'),
        ("nothing to hide, admin", "nothing to hide, admin"),
    ],
)
def test_a_secret_is_known_by_its_place(text: str, clean: str) -> None:
    assert redactor().clean(text) == clean


def test_short_secrets_are_hidden_where_they_stand_alone() -> None:
    assert redactor("pw1").clean("pw1 is not pw12 or my_pw1: 'pw1'") == "*** is not pw12 or my_pw1: '***'"


def test_what_every_fresh_xnat_has_is_no_secret() -> None:
    assert redactor("admin", "").clean("GET /xapi/users/admin") == "GET /xapi/users/admin"


def test_several_secrets_are_hidden_the_longer_ones_whole() -> None:
    assert redactor("longsecret", "longsecret-2", "longsecret").clean("longsecret-2, longsecret") == "***, ***"
