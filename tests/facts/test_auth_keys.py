from __future__ import annotations

import pytest

from bootstrap.facts.auth_keys import is_known_key, is_secret_key, replaced_by

KEYS = [
    ("ldap", "search.base", True),
    ("ldap", "auto.enabled", True),
    ("ldap", "Search.Base", False),
    ("ldap", "openid.one.clientId", False),
    ("openid", "openid.one.clientId", True),
    ("openid", "openid.two.clientId", False),
    ("openid", "openid.one.idToken.audCheck.enabled", True),
    ("openid", "openid.one.idToken.clientId", False),
    ("openid", "address", False),
]


@pytest.mark.parametrize(("method", "key", "known"), KEYS)
def test_which_keys_a_method_knows(method: str, key: str, known: bool) -> None:
    assert is_known_key(method, "one", key) is known


def test_which_keys_are_secret_and_which_have_gone() -> None:
    assert is_secret_key("one", "validate.password")
    assert is_secret_key("one", "openid.one.clientSecret")
    assert not is_secret_key("one", "openid.one.clientId")
    assert replaced_by("one", "openid.one.userAutoEnabled") == "auto.enabled"
    assert replaced_by("one", "openid.one.link") == ""
