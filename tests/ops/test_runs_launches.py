"""Launches and their containers, after the subscription was pointed at another wrapper."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.kinds.subscription_meaning import CONTAINERS
from bootstrap.ops.runs_launches import lost_launches
from bootstrap.xnat.fake import reply
from tests.xnat.test_connection import connected, xnat

COMMAND = {"id": 1, "name": "c", "xnat": [{"id": 9, "name": "new"}, {"id": 8, "name": "other"}]}
DELIVERY = {
    "id": 3,
    "timestamp": "2026-11-26 10:00:00 UTC",
    "subscription": {"name": "s", "action-key": f"{CONTAINERS}:9"},
    "trigger": {"URI": "/archive/experiments/E1/scans/2"},
    "project": "P",
}


def container(wrapper: int) -> dict[str, Any]:
    inputs = [{"type": "wrapper-external", "name": "scan", "value": "/archive/experiments/E1/scans/2"}]
    return {"id": 5, "wrapper-id": wrapper, "inputs": inputs, "status-time": "2026-11-26T10:00:02Z"}


@pytest.mark.parametrize(("wrapper", "unexplained"), [(9, 0), (7, 0), (8, 1)])
def test_a_container_of_a_wrapper_that_is_gone_answers_the_launch(wrapper: int, unexplained: int) -> None:
    transport = (
        xnat(200)
        .on("POST", "/xapi/events/delivered", reply(json=[DELIVERY]))
        .on("GET", "/xapi/commands", reply(json=[COMMAND]))
        .on("GET", "/data/services/workflows/new", reply(404))
    )
    with connected(transport) as connection:
        found = lost_launches(connection, None, None, [container(wrapper)])
    assert (list(found.runs), found.unexplained) == ([], unexplained)
