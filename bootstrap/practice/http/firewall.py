"""What is stopped before anybody is asked who he is: paths that the container or its firewall does not like."""

from __future__ import annotations

import re

from bootstrap.practice.http import bodies
from bootstrap.practice.http.call import Answer

_SLASH_OR_BACKSLASH = re.compile(r"%2f|%5c|\\|%00|\x00", re.IGNORECASE)
_SUSPICIOUS = re.compile(r";|%3b|%25|(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_BROKEN_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")


def stopped(raw_path: str) -> Answer | None:
    """The answer to a raw path that goes no further; None if it may pass."""
    if not raw_path.startswith("/") or _SLASH_OR_BACKSLASH.search(raw_path) or _BROKEN_ESCAPE.search(raw_path):
        return bodies.container_page(400)
    if _SUSPICIOUS.search(raw_path):
        return bodies.nothing(405)
    if "//" in raw_path:
        return bodies.container_page(500, "The request was rejected because the URL was not normalized.")
    return None
