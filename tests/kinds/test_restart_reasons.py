"""Whom and what a restart would cut off, and which routes are missing after it, as XNAT's answers tell."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.errors import ServerFailed
from bootstrap.kinds.restart_reasons import disturbed, routes_missing
from bootstrap.xnat.fake import reply
from tests.xnat.test_connection import connected, xnat

PLUGINS = "/xapi/plugins"
ACTIVE, CONTAINERS, PREARCHIVE = "/xapi/users/active", "/xapi/containers", "/data/prearchive"
NOBODY: dict[str, Any] = {
    PLUGINS: reply(json={"containers": {"id": "containers", "version": "3.7.3"}}),
    ACTIVE: reply(json={"ann": {}, "guest": {}}),
    CONTAINERS: reply(json=[]),
    PREARCHIVE: reply(json={"ResultSet": {"Result": []}}),
}


def _rows(*states: str) -> Any:
    return reply(json={"ResultSet": {"Result": [{"status": state} for state in states]}})


TOLD: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({ACTIVE: reply(json={"ann": {}, "zoe": {}, "bob": {}})}, ["signed in: bob, zoe"]),
    ({ACTIVE: reply(404), CONTAINERS: reply(404), PREARCHIVE: reply(404)}, []),
    (
        {CONTAINERS: reply(json=[{"status": "Running"}, {"status": "Complete"}, {"status": "Failed (Killed)"}, {}])},
        ["running containers: 2"],
    ),
    ({CONTAINERS: reply(json=[{"status": "Finalizing"}]), PLUGINS: reply(json={})}, []),
    ({PREARCHIVE: _rows("RECEIVING", "READY", "RECEIVING_INTERRUPT")}, ["sessions that are being received: 2"]),
    ({PREARCHIVE: _rows("READY", "CONFLICT")}, []),
    ({PREARCHIVE: reply(501, text="the practice XNAT has no such thing")}, []),
]


@pytest.mark.parametrize(("answers", "said"), TOLD)
def test_what_goes_on_is_told(answers: dict[str, Any], said: list[str]) -> None:
    fake = xnat(200)
    fake._script.pop(("GET", PLUGINS))
    for path, answer in (NOBODY | answers).items():
        fake.on("GET", path, answer)
    with connected(fake) as connection:
        assert disturbed(connection) == said


def test_a_prearchive_that_fails_is_no_empty_one() -> None:
    fake = xnat(200)
    for path, answer in (NOBODY | {PREARCHIVE: reply(500)}).items():
        if path != PLUGINS:
            fake.on("GET", path, answer)
    with connected(fake) as connection, pytest.raises(ServerFailed):
        disturbed(connection)


def test_a_route_that_has_a_trouble_of_its_own_is_there() -> None:
    fake = xnat(200)
    for path, status in (("/good", 200), ("/failing", 500), ("/gone", 404), ("/closed", 403)):
        fake.on("GET", path, reply(status, text="x"))
    with connected(fake) as connection:
        assert routes_missing(connection, ["/good", "/failing", "/gone", "/closed"]) == ["/gone", "/closed"]
