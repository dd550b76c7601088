"""Which keys a file of an authentication provider may have, of those methods that XNAT's makers publish plugins for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

METHODS = ("ldap", "openid")


@lru_cache(maxsize=1)
def _facts() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(
        files("bootstrap.facts").joinpath("auth_keys.json").read_text(encoding="utf-8")
    )
    return found


def is_known_key(method: str, provider: str, key: str) -> bool:
    facts = _facts()
    if key in facts["common"] or key in facts.get(method, ()):
        return True
    inner = _of_provider(provider, key) if method == "openid" else ""
    plain = inner.removeprefix("idToken.").removeprefix("bearer.")
    overridden = plain != inner and plain.startswith(tuple(facts["overridable"]))
    return inner in facts["openid_each"] or (overridden and plain in facts["openid_each"])


def is_secret_key(provider: str, key: str) -> bool:
    return key in _facts()["secret"] or _of_provider(provider, key) in _facts()["secret"]


def replaced_by(provider: str, key: str) -> str:
    """What took the place of a key that newer versions do not read any more; empty for every other key."""
    return str(_facts()["dropped"].get(_of_provider(provider, key), ""))


def _of_provider(provider: str, key: str) -> str:
    begin = f"openid.{provider}."
    return key.removeprefix(begin) if key.startswith(begin) else ""
