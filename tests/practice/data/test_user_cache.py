"""Files that a user puts aside: his own only, and nowhere but in his part of the cache."""

from __future__ import annotations

import pytest

from bootstrap.practice.data import user_cache
from tests.practice.conftest import Asker

FILE = "/data/user/cache/resources/R/files/sub/a.txt"


def test_what_is_put_aside_is_read_and_removed_again(ask: Asker) -> None:
    other = ask.make_user("other")
    assert ask("PUT", FILE, params={"inbody": "true"}, data="mine").status_code == 200
    assert ask("GET", FILE).text == "mine"
    assert ask("GET", FILE, as_user=other).status_code == 404
    assert ask.server.site
    found = user_cache.find(ask.server.site, "admin", "/user/cache/resources/R/files/sub/a.txt")
    assert found
    assert (found.resource, found.path, found.place.read_text()) == ("R", "sub/a.txt", "mine")
    assert user_cache.find(ask.server.site, "other", "/user/cache/resources/R/files/sub/a.txt") is None
    assert user_cache.find(ask.server.site, "admin", "/user/cache/resources/../files/a.txt") is None
    assert user_cache.find(ask.server.site, "admin", "somewhere else") is None
    below = ask("PUT", f"{FILE}/more.txt", params={"inbody": "true"}, data="x")
    assert below.status_code == 500
    assert ask("DELETE", FILE).status_code == 200
    assert ask("DELETE", FILE).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("R/files/" + "x" * 300, 400), ("..%2f/files/a", 400), ("%2e%2e/files/a", 405), ("R/files/a", 400)],
)
def test_what_cannot_be_put_aside(ask: Asker, path: str, status: int) -> None:
    answer = ask("PUT", f"/data/user/cache/resources/{path}", data=b"")
    assert answer.status_code == status
