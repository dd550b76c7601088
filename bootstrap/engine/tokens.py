"""Names for values that may be kept where values may not: fingerprints, and sealed hashes of secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bootstrap.kinds.kind import UNREADABLE
from bootstrap.values import Secret, fingerprint

COST = 2**14


class Sealer:
    """Tokens of values: equal values give equal tokens, and a secret cannot be read back from its token.

    The salt makes the same password in two places two tokens. Sealing is slow on purpose, so it is remembered.
    """

    def __init__(self, salt: str) -> None:
        self.salt = salt
        self._known: dict[tuple[str, Secret], str] = {}

    def token(self, place: str, value: Any) -> str:
        if value is UNREADABLE:
            return "unreadable"
        if isinstance(value, Secret):
            return self._sealed(place, value)
        return "v:" + fingerprint(self._without_secrets(place, value))

    def tokens(self, place: str, fields: Mapping[str, Any]) -> dict[str, str]:
        return {path: self.token(f"{place}|{path}", value) for path, value in sorted(fields.items())}

    def _sealed(self, place: str, secret: Secret) -> str:
        known = self._known.get((place, secret))
        if known is None:
            salt = hashlib.sha256(f"{self.salt}|{place}".encode()).digest()
            known = "s:" + hashlib.scrypt(secret.reveal().encode(), salt=salt, n=COST, r=8, p=1, dklen=24).hex()
            self._known[(place, secret)] = known
        return known

    def _without_secrets(self, place: str, value: Any) -> Any:
        if isinstance(value, Secret):
            return self._sealed(place, value)
        if isinstance(value, Mapping):
            return {str(key): self._without_secrets(place, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._without_secrets(place, inner) for inner in value]
        return value
